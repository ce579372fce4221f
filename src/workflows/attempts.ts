import { WeirError } from '../errors.ts';
import { AttemptFailure, isUnsent } from '../http/failure.ts';
import { UpstreamProblem } from '../http/upstream-problem.ts';
import { DatabaseFault } from '../postgres/query-pool.ts';

/** How often and how fast a step is tried again. */
export interface RetryPolicy {
  /** Attempts at a step that may fail for good. */
  readonly attempts: number;
  /** The wait before the second attempt; it doubles from there, and a part of it is left to chance. */
  readonly baseMs: number;
  /** The longest wait. */
  readonly maxMs: number;
  /** The longest that one attempt may take. */
  readonly attemptMs: number;
  /** How long a call whose outcome is not known may still take effect. */
  readonly settleMs: number;
  /** An undo that has failed this often, and each time as often again, is told to an operator. */
  readonly alertEvery: number;
}

export const usualRetryPolicy: RetryPolicy = {
  attempts: 5,
  baseMs: 200,
  maxMs: 30_000,
  attemptMs: 10_000,
  settleMs: 5000,
  alertEvery: 5,
};

/**
 * What an error says of the call that met it.
 *
 * `refused`: it will never work. `passing`: it did not act, another attempt may. `unknown`: it may have acted.
 * `broken`: our own code is at fault, before the call or after it.
 */
export type Verdict = 'refused' | 'passing' | 'unknown' | 'broken';

const passingCodes: ReadonlySet<string> = new Set([
  'UPSTREAM_UNAVAILABLE',
  'UPSTREAM_TIMEOUT',
  'UPSTREAM_BAD_RESPONSE',
  'DEADLINE_EXCEEDED',
  'OVERLOADED',
  'RATE_LIMITED',
]);

/** By our contracts a backend's own error answer means that nothing was done; a proxy's, or silence, means nothing. */
export function toVerdict(error: unknown): Verdict {
  if (error instanceof DatabaseFault) return 'passing';
  if (!(error instanceof WeirError)) return 'broken';
  const { cause } = error;
  if (cause instanceof UpstreamProblem) {
    const { status } = cause;
    // 401 and 403: our own credentials, which another attempt renews.
    return status >= 500 || status === 429 || status === 408 || status === 401 || status === 403
      ? 'passing'
      : 'refused';
  }
  if (isUnsent(error)) return 'passing';
  if (cause instanceof AttemptFailure && cause.kind === 'unreachable') return 'passing';
  return passingCodes.has(error.code) || error.code === 'UPSTREAM_ERROR' ? 'unknown' : 'refused';
}

/** How long to wait before the next attempt, in milliseconds. A backend's wish is honoured within `maxMs`. */
export function backoffMs(
  policy: RetryPolicy,
  attempt: number,
  error: unknown,
  random = Math.random,
): number {
  const bound = Math.min(policy.maxMs, policy.baseMs * 2 ** (attempt - 1));
  const wishedMs = error instanceof WeirError ? (error.detail.retryAfter ?? 0) * 1000 : 0;
  return Math.min(policy.maxMs, Math.max(wishedMs, bound / 2 + (random() * bound) / 2));
}

/** What may be said of an error in the open: deliberate messages as they are, and no others. */
export function toPublicWords(error: unknown): string {
  return error instanceof WeirError ? error.message : 'Something went wrong within the gateway';
}
