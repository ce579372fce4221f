import { keepTrying } from '../postgres/keep-trying.ts';
import { messageOf } from '../postgres/message-of.ts';
import { withMigrationLock } from '../postgres/migration-lock.ts';
import type { SharedDatabase } from '../postgres/shared-database.ts';
import { migrateRecords } from './migrations.ts';

export interface RecordsOptions {
  readonly database: SharedDatabase;
  log(level: 'info' | 'warn', message: string): void;
}

/** The tables of everything that is recorded beside the workflows, once they are there. */
export interface Records {
  /** Calls `listener` with how to connect once the tables are up to date: now where they are. Never after `close`. */
  whenReady(listener: (url: string) => void): void;
  /** Stops trying. Whoever was told how to connect lets go by itself, before the database is closed. */
  close(): Promise<void>;
}

const longestPauseMs = 5_000;

/** Brings the tables up to date once the database is open, in the background, for as long as that takes. */
export function openRecords({ database, log }: RecordsOptions): Records {
  const closing = new AbortController();
  const listeners: ((url: string) => void)[] = [];
  let ready: string | null = null;
  let migrating: Promise<unknown> = Promise.resolve();

  database.whenOpen((url) => {
    const migrate = async (): Promise<void> => {
      await withMigrationLock(url, migrateRecords);
      if (closing.signal.aborted) return;
      ready = url;
      for (const listener of listeners.splice(0)) listener(url);
    };
    migrating = keepTrying(migrate, {
      pauseMs: (failures) => Math.min(250 * 2 ** (failures - 1), longestPauseMs),
      signal: closing.signal,
      onFailure(error, failures) {
        // Once: whoever keeps the workflows in the same database tells every time.
        if (failures === 1) log('warn', `Records cannot be kept yet. ${messageOf(error)}`);
      },
    });
  });

  return {
    whenReady(listener) {
      if (closing.signal.aborted) return;
      if (ready === null) listeners.push(listener);
      else listener(ready);
    },
    async close() {
      closing.abort();
      await migrating;
    },
  };
}
