import { pause, type RetryPolicy, waitBefore } from './retry.ts';
import type { RawAnswer } from './transport.ts';
import { WeirError } from './weir-error.ts';

/** Reads how new a state is, or null where it does not say. */
export type RevisionOf<Result> = (data: Result) => number | null;

export interface FollowOptions {
  /** Opens the stream: at first, and again after each break. It begins with the state as it is then. */
  readonly open: () => AsyncGenerator<RawAnswer, void>;
  readonly policy: RetryPolicy;
  readonly signal: AbortSignal | null;
  readonly revisionOf: (data: unknown) => number | null;
}

/** The `revision` of the one field at the root, where it has one: Weir's workflows do. */
export function usualRevision(data: unknown): number | null {
  if (typeof data !== 'object' || data === null) return null;
  const fields = Object.values(data);
  const only: unknown = fields.length === 1 ? fields[0] : null;
  if (typeof only !== 'object' || only === null || !('revision' in only)) return null;
  return typeof only.revision === 'number' ? only.revision : null;
}

/**
 * Follows a subscription over broken connections, until it is complete.
 *
 * Each new connection begins with the state as it is then, so nothing is lost but what was overtaken; a state that is
 * no newer than the last one seen is not told again. Waits longer after each break that brought nothing, and gives up
 * after as many as the policy allows.
 */
export async function* follow(options: FollowOptions): AsyncGenerator<RawAnswer, void> {
  const { open, policy, signal, revisionOf } = options;
  let newest = Number.NEGATIVE_INFINITY;
  let breaks = 0;
  for (;;) {
    try {
      for await (const answer of open()) {
        if (answer.data === undefined || answer.data === null) {
          throw answer.errors[0] ?? new WeirError('NOT_GRAPHQL', 'An event brought neither data nor errors.');
        }
        breaks = 0;
        const revision = revisionOf(answer.data);
        if (revision !== null && revision <= newest) continue;
        if (revision !== null) newest = revision;
        yield answer;
      }
      return;
    } catch (error) {
      if (!(error instanceof WeirError)) throw error;
      breaks += 1;
      const waitMs = waitBefore(breaks, error, policy);
      if (waitMs === null) throw error;
      await pause(waitMs, signal);
    }
  }
}
