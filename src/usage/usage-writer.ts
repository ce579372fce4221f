import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { addCounts, type Count, type MinuteCount } from './tally.ts';
import type { UsageStore } from './usage-store.ts';

export interface UsageWriterOptions {
  /** What was counted since the last time. */
  readonly take: () => readonly Count[];
  /** Hears once when counts cannot be written, and once when they can again. */
  log(level: 'info' | 'warn', message: string): void;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

/** Brings what was counted to the database, and holds it while that is away. */
export interface UsageWriter {
  /** From now on it is written there. */
  provide(store: UsageStore): void;
  /** Writes what was counted until now; rejects where that cannot be done at present. */
  flush(): Promise<void>;
  /** Writes what there is, for `patienceMs` at most, and writes no more. */
  close(): Promise<void>;
}

/** Twice a second, so that with the time that writing takes no more than a second can be lost. */
const EVERY_MS = 500;
/** While the database does not take anything, it is asked less often. */
const RETRY_MS = 2_000;
const TIDY_EVERY_MS = 3600_000;
/** How long a process that ends tries to write its last counts. */
const PATIENCE_MS = 3_000;
/** Rows in one statement. */
const MAX_BATCH = 2_000;
/** Rows that wait for a database. Beyond, counts go on, but all in the last minute: no row is made for a new one. */
const MAX_HELD = 20_000;

interface Batch {
  /** Grows by one: by it the database knows a batch that comes twice. */
  readonly number: number;
  readonly counts: readonly MinuteCount[];
}

const keyOf = ({ minute, client, operation, backend, route }: MinuteCount): string =>
  [minute, client, operation, backend, route].join('\n');

/** Makes it, and begins to take counts. Nothing is written before `provide`. */
export function createUsageWriter({ take, log, now = Date.now }: UsageWriterOptions): UsageWriter {
  const writer = randomUUID();
  const held = new Map<string, MinuteCount>();
  let minute = 0;
  let batches = 0;
  // Whether it has arrived is not known for sure, so that it is sent again as it is.
  let unsure: Batch | null = null;
  let store: UsageStore | null = null;
  let writing: Promise<void> | null = null;
  let isAway = false;
  let triedAt = Number.NEGATIVE_INFINITY;
  let tidiedAt = Number.NEGATIVE_INFINITY;

  const hold = (): void => {
    // What is taken at a tick was counted before it: the last half of a minute's first tick belongs to the one before.
    if (held.size < MAX_HELD || minute === 0) minute = Math.floor((now() - EVERY_MS / 2) / 60_000);
    for (const count of take()) {
      const one = { ...count, minute };
      const key = keyOf(one);
      const known = held.get(key);
      held.set(key, known ? addCounts(known, one) : one);
    }
  };

  const nextBatch = (): Batch | null => {
    if (held.size === 0) return null;
    const counts: MinuteCount[] = [];
    for (const [key, count] of held) {
      counts.push(count);
      held.delete(key);
      if (counts.length === MAX_BATCH) break;
    }
    batches += 1;
    return { number: batches, counts };
  };

  /** Writes everything that is held. */
  const write = async (to: UsageStore): Promise<void> => {
    triedAt = performance.now();
    for (let batch = unsure ?? nextBatch(); batch !== null; batch = nextBatch()) {
      unsure = batch;
      await to.add(writer, batch.number, batch.counts);
      unsure = null;
    }
    if (isAway) log('info', 'Usage is written again.');
    isAway = false;
  };

  const writeOnce = (to: UsageStore): Promise<void> => {
    writing ??= write(to)
      .catch((error: unknown) => {
        if (!isAway) log('warn', `Usage is counted, and cannot be written for now: ${String(error)}`);
        isAway = true;
        throw error;
      })
      .finally(() => {
        writing = null;
      });
    return writing;
  };

  const tidy = (to: UsageStore): void => {
    if (performance.now() - tidiedAt < TIDY_EVERY_MS) return;
    tidiedAt = performance.now();
    to.tidy().catch((error: unknown) => log('warn', `Old usage could not be added up: ${String(error)}`));
  };

  const tick = (): void => {
    hold();
    if (store === null || (isAway && performance.now() - triedAt < RETRY_MS)) return;
    writeOnce(store).catch(() => undefined);
    if (!isAway) tidy(store);
  };

  // In step with the clock, so that a minute ends with a tick.
  let timer: NodeJS.Timeout | null = null;
  const next = (): void => {
    timer = setTimeout(
      () => {
        tick();
        next();
      },
      EVERY_MS - (now() % EVERY_MS),
    );
    timer.unref();
  };
  next();

  const flush = async (): Promise<void> => {
    hold();
    if (store === null) throw new Error('the database is not there yet');
    // What was under way had left before: it does not bring what was taken just now.
    if (writing) await writing;
    await writeOnce(store);
  };

  return {
    provide(provided) {
      store = provided;
    },
    flush,
    async close() {
      if (timer) clearTimeout(timer);
      const late = delay(PATIENCE_MS, 'late', { ref: false });
      const outcome = await Promise.race([flush().catch(() => 'failed'), late]);
      const lost = held.size + (unsure?.counts.length ?? 0);
      if (outcome !== undefined && lost > 0) log('warn', `${lost} counts of usage could not be written.`);
    },
  };
}
