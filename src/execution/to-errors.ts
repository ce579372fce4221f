import type { GraphQLFormattedError } from 'graphql';
import type { Drift } from '../http/decode.ts';
import { type ReportInternal, toClientError } from './client-errors.ts';
import type { Engine } from './engine.ts';
import type { Runnable } from './runnable.ts';

export interface ToErrorsOptions {
  readonly engine: Engine;
  readonly reportInternal: ReportInternal;
  readonly reportDrift: (drift: Drift) => void;
}

/** Makes what tells a client the errors of one run. */
export type ToErrors = (
  incoming: { readonly requestId: string },
  runnable: Pick<Runnable, 'document' | 'operation'>,
) => (error: unknown) => GraphQLFormattedError;

/** Builds it: where a value is to blame, its backend is named to the client, and its endpoint to the operator. */
export function createToErrors({ engine, reportInternal, reportDrift }: ToErrorsOptions): ToErrors {
  return ({ requestId }, runnable) => {
    const blame = (path: readonly (string | number)[]): string | null => {
      const endpoint = engine.originOf(runnable, path);
      if (endpoint === null) return null;
      // The place in the answer of ours, never the value: it may be somebody's.
      reportDrift({ endpoint, issues: [`${path.join('.')}: not what the schema says`], refused: true });
      return endpoint.backend;
    };
    return (error) => toClientError(error, requestId, reportInternal, blame);
  };
}
