import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';

/** Held: one process at a time decides over a data folder. */
export interface StartLock {
  release(): void;
}

/**
 * Takes the lock on `file`, waiting for whoever holds it. Throws after `timeoutMs`.
 *
 * An exclusive transaction on an empty SQLite file: the kernel frees it when its holder dies, however it dies,
 * so there is never a stale lock to judge. Node itself offers no file lock.
 */
export async function takeStartLock(file: string, timeoutMs: number): Promise<StartLock> {
  const until = performance.now() + timeoutMs;
  const database = new DatabaseSync(file, { timeout: 0 });
  for (;;) {
    try {
      database.exec('BEGIN EXCLUSIVE');
      return { release: () => database.close() };
    } catch (error) {
      if (!isBusy(error) || performance.now() > until) {
        database.close();
        throw isBusy(error)
          ? new Error(`Another process has held ${file} for ${Math.round(timeoutMs / 1000)} s.`, {
              cause: error,
            })
          : error;
      }
    }
    await delay(20);
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === 5;
}
