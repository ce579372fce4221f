import { type Database, openDatabase } from './database.ts';
import { keepTrying } from './keep-trying.ts';
import { messageOf } from './message-of.ts';

/** Where durable data goes, and who hears what becomes of it. */
export interface SharedDatabaseOptions {
  /** `DATABASE_URL`, or null for an embedded database. */
  readonly url: string | null;
  /** The folder of an embedded database. Throws where there is no place for one. */
  dataDir(): string;
  log(level: 'info' | 'error', message: string): void;
  /** How long before a database that could not be opened is tried again, in milliseconds. */
  readonly retryMs?: number;
}

/** The one database of a process, for everything in it that keeps something. */
export interface SharedDatabase {
  /** Whether it is known how to connect. The database itself may be away again. */
  isOpen(): boolean;
  /** Calls `listener` with how to connect: now where that is known, else once it is. Never after `close`. */
  whenOpen(listener: (url: string) => void): void;
  /** Resolves where it could not be opened at first. It is tried again. */
  readonly failed: Promise<void>;
  /** Call it last, since everybody else may still write to it: an embedded server is stopped. */
  close(): Promise<void>;
}

/**
 * Opens the database in the background, and tries again where it cannot. Answers at once.
 *
 * Failures are told in full, since they say what to do.
 */
export function openSharedDatabase(options: SharedDatabaseOptions): SharedDatabase {
  const { url, dataDir, log, retryMs = 15_000 } = options;
  const closing = new AbortController();
  const failed = Promise.withResolvers<void>();
  const listeners: ((url: string) => void)[] = [];
  let database: Database | null = null;

  const open = async (): Promise<void> => {
    database = await openDatabase({
      url,
      dataDir: url === null ? dataDir() : '',
      log: (message) => log('info', message),
    });
    if (closing.signal.aborted) return;
    for (const listener of listeners.splice(0)) listener(database.url);
  };
  const opening = keepTrying(open, {
    pauseMs: () => retryMs,
    signal: closing.signal,
    onFailure(error) {
      failed.resolve();
      log('error', `The database could not be opened: writes are refused for now. ${messageOf(error)}`);
    },
  });

  return {
    isOpen: () => database !== null,
    whenOpen(listener) {
      if (closing.signal.aborted) return;
      if (database === null) listeners.push(listener);
      else listener(database.url);
    },
    failed: failed.promise,
    async close() {
      closing.abort();
      await opening;
      await database?.close();
    },
  };
}
