import { normalizedExecutor } from '@graphql-tools/executor';
import type { ExecutionResult, GraphQLError, GraphQLFormattedError, GraphQLSchema } from 'graphql';
import type { Answer } from './operation.ts';
import type { Runnable } from './runnable.ts';

/** One answer, or the first part of one and what follows it. */
type Parts = ExecutionResult | AsyncIterable<Part>;

/** What the executor yields: `hasNext` says whether more comes. */
interface Part extends ExecutionResult {
  readonly hasNext?: boolean;
  readonly incremental?: readonly (object & { readonly errors?: readonly GraphQLError[] })[];
}

/** An answer of which more may come: what is deferred stands in `incremental`, at the path where it belongs. */
export interface PartialAnswer extends Answer {
  readonly hasNext?: boolean;
  readonly incremental?: readonly (object & { readonly errors?: readonly GraphQLFormattedError[] })[];
}

export type ToClientError = (error: GraphQLError) => GraphQLFormattedError;

/** Runs an operation with `@defer` or `@stream`. What is deferred starts at once; it only does not hold up the rest. */
export async function runInParts(
  schema: GraphQLSchema,
  { document, operation }: Runnable,
  contextValue: unknown,
  variableValues: Readonly<Record<string, unknown>>,
): Promise<Parts> {
  return normalizedExecutor({
    schema,
    document,
    contextValue,
    variableValues: { ...variableValues },
    operationName: operation.name?.value,
  }) as Parts | Promise<Parts>;
}

/** Whether more than one part comes. */
export function isInParts(parts: Parts): parts is AsyncIterable<Part> {
  return Symbol.asyncIterator in parts;
}

/** A part as a client gets it: every error in it is told as errors are told elsewhere. */
export function toPartialAnswer(part: Part, toClientError: ToClientError): PartialAnswer {
  const { data, errors, incremental, hasNext } = part;
  return {
    ...(errors && errors.length > 0 ? { errors: errors.map(toClientError) } : {}),
    ...(data === undefined ? {} : { data }),
    ...(incremental === undefined
      ? {}
      : {
          incremental: incremental.map(({ errors: ofPart, ...one }) =>
            ofPart === undefined ? one : { ...one, errors: ofPart.map(toClientError) },
          ),
        }),
    ...(hasNext === undefined ? {} : { hasNext }),
  };
}
