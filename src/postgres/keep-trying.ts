import { setTimeout as delay } from 'node:timers/promises';

/** How something is tried again. */
export interface Patience {
  /** How long to wait after so many failures, in milliseconds. */
  pauseMs(failures: number): number;
  /** Ends the trying. */
  readonly signal: AbortSignal;
  onFailure(error: unknown, failures: number): void;
}

/** Does `work` again until it succeeds; null where `signal` ended it first. Never rejects. */
export async function keepTrying<T>(
  work: () => Promise<T>,
  { pauseMs, signal, onFailure }: Patience,
): Promise<T | null> {
  for (let failures = 1; !signal.aborted; failures += 1) {
    try {
      return await work();
    } catch (error) {
      onFailure(error, failures);
      await delay(pauseMs(failures), undefined, { signal, ref: false }).catch(() => undefined);
    }
  }
  return null;
}
