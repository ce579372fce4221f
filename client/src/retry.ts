import { WeirError } from './weir-error.ts';

export interface RetryPolicy {
  /** How often to try again after the first attempt; 0 never does. */
  readonly retries: number;
  /** The first wait is drawn from 0 to this, and each further from twice as much. In milliseconds. */
  readonly baseMs: number;
  /** No wait is longer, whatever the server asks for: then the error is handed on instead. In milliseconds. */
  readonly maxWaitMs: number;
}

export const usualRetries: RetryPolicy = { retries: 2, baseMs: 200, maxWaitMs: 5_000 };

/** How long to wait before an attempt (1 for the first repeat), or null where it is better not made. */
export function waitBefore(attempt: number, error: WeirError, policy: RetryPolicy): number | null {
  if (!error.retryable || attempt > policy.retries) return null;
  // The same hash would be as unknown again: it takes the text, or another manifest.
  if (error.code === 'PERSISTED_QUERY_NOT_FOUND') return null;
  const jittered = Math.random() * Math.min(policy.maxWaitMs, policy.baseMs * 2 ** (attempt - 1));
  const asked = (error.retryAfter ?? 0) * 1000;
  return asked > policy.maxWaitMs ? null : asked + jittered;
}

/** Resolves after this time; rejects with `ABORTED` as soon as the signal does. */
export function pause(ms: number, signal: AbortSignal | null): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(aborted());
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, ms);
    const stop = (): void => {
      clearTimeout(timer);
      reject(aborted());
    };
    signal?.addEventListener('abort', stop, { once: true });
  });
}

/** What whoever calls an operation off gets. */
export function aborted(): WeirError {
  return new WeirError('ABORTED', 'The operation was called off.');
}

/** Runs an attempt, and again while what it throws is worth it. Throws the last attempt's `WeirError`. */
export async function withRetries<T>(
  attempt: () => Promise<T>,
  policy: RetryPolicy,
  signal: AbortSignal | null,
): Promise<T> {
  for (let repeat = 1; ; repeat++) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof WeirError)) throw error;
      const waitMs = waitBefore(repeat, error, policy);
      if (waitMs === null) throw error;
      await pause(waitMs, signal);
    }
  }
}
