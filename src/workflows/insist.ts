import type { Activity } from './activity.ts';
import { backoffMs, type RetryPolicy } from './attempts.ts';
import { isEngineError } from './engine.ts';

export interface InsistOptions {
  readonly id: string;
  readonly activity: Activity;
  readonly policy: RetryPolicy;
  /** Throws where another process has taken the workflow over. */
  assertMine(id: string): Promise<void>;
  /** Hears of each failure; `alerting` where an operator should, too. */
  onFailure(error: unknown, attempts: number, alerting: boolean): void;
}

/** Does something until it works. To be called within `activity.during`. */
export async function insist<T>(work: () => Promise<T>, options: InsistOptions): Promise<T> {
  const { id, activity, policy, assertMine, onFailure } = options;
  for (let attempts = 1; ; attempts += 1) {
    await assertMine(id);
    try {
      return await work();
    } catch (error) {
      if (isEngineError(error)) throw error;
      onFailure(error, attempts, attempts % policy.alertEvery === 0);
      await activity.pause(backoffMs(policy, attempts, error));
    }
  }
}
