import { WeirError } from '../errors.ts';
import { createQueryPool, DatabaseFault } from '../postgres/query-pool.ts';
import { createMeter, type Meter } from './meter.ts';
import { toUsageRows, type UsageRow } from './usage-rows.ts';
import { createUsageStore, type Dimension, type UsageStore } from './usage-store.ts';
import { createUsageWriter } from './usage-writer.ts';

/** What was used, as administrators ask for it. */
export interface UsageReader {
  /**
   * A row a combination of `by`, busiest first, with what this process has counted until now. `BAD_USER_INPUT` where
   * the times make no span or there are too many rows, `WORKFLOWS_UNAVAILABLE` while the database is away.
   */
  usage(from: Date, to: Date, by: readonly Dimension[]): Promise<readonly UsageRow[]>;
}

/** Counting, and what was counted. */
export interface Usage extends UsageReader {
  readonly meter: Meter;
  /** Writes the last counts; call it after the last request and before the database is closed. */
  close(): Promise<void>;
}

export interface UsageOptions {
  /** Calls back with how to connect once the tables are there. */
  whenReady(listener: (url: string) => void): void;
  log(level: 'info' | 'warn', message: string): void;
}

/** More rows than that are no answer that anybody reads: the CSV export has no such bound. */
const MAX_ROWS = 1_000;

/** Counts from now on, and writes to the database once it is there. */
export function openUsage({ whenReady, log }: UsageOptions): Usage {
  const meter = createMeter();
  const writer = createUsageWriter({ take: meter.take, log });
  let pool: ReturnType<typeof createQueryPool> | null = null;
  let store: UsageStore | null = null;
  whenReady((url) => {
    pool = createQueryPool(url, 'weir usage', 2);
    store = createUsageStore(pool);
    writer.provide(store);
  });
  return {
    meter,
    async usage(from, to, by) {
      if (!(from < to)) throw new WeirError('BAD_USER_INPUT', '"from" is not before "to".');
      if (store === null) throw away(null);
      // What this process has counted last is to be seen, but is not worth an error.
      await writer.flush().catch(() => undefined);
      const sums = await store
        .sums({ from, to, by, per: null, limit: MAX_ROWS + 1 })
        .catch((error: unknown) => {
          throw error instanceof DatabaseFault ? away(error) : error;
        });
      if (sums.length > MAX_ROWS) {
        throw new WeirError('BAD_USER_INPUT', `There are more than ${MAX_ROWS} rows.`, {
          limit: MAX_ROWS,
          hint: 'Ask for a shorter time or fewer dimensions, or use `npx weir usage --csv`.',
        });
      }
      return toUsageRows(sums);
    },
    async close() {
      await writer.close();
      await pool?.close();
    },
  };
}

/** Where there is no database, nobody knows. */
export const noUsage: UsageReader = {
  async usage() {
    throw away(null);
  },
};

const away = (cause: unknown): WeirError =>
  new WeirError(
    'WORKFLOWS_UNAVAILABLE',
    'The database that knows it is away.',
    { hint: 'What is used is still counted.' },
    cause,
  );
