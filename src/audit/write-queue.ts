import { setTimeout as delay } from 'node:timers/promises';
import { keepTrying } from '../postgres/keep-trying.ts';

export interface WriteQueueOptions<T> {
  /** How much may wait. Beyond it, what is new is dropped: what came first is kept, and its order. */
  readonly maxWeight: number;
  weightOf(item: T): number;
  /** Writing could not be done for the first time in a row. It is tried again. */
  onFailure(error: unknown): void;
}

/** Writes a batch, all of it or nothing. The same batch may come again where it is not known what became of it. */
export type WriteBatch<T> = (items: readonly T[]) => Promise<void>;

/** What waits to be written while nobody waits for it. */
export interface WriteQueue<T> {
  /** Takes an item at once, or drops it where too much waits. */
  push(item: T): void;
  /** From now on there is somewhere to write to. */
  provide(write: WriteBatch<T>): void;
  state(): { readonly waiting: number; readonly written: number; readonly dropped: number };
  /** Writes what waits, for at most `graceMs`; what is left then is dropped. */
  close(graceMs: number): Promise<void>;
}

/** How long items are gathered, so that a burst is one statement, in milliseconds. */
const gatherMs = 20;
const maxBatch = 200;
const longestPauseMs = 5_000;

/** Writes in the background, in order and in batches; a failed batch is written again before anything after it. */
export function createWriteQueue<T>(options: WriteQueueOptions<T>): WriteQueue<T> {
  const { maxWeight, weightOf, onFailure } = options;
  const waiting: T[] = [];
  let weight = 0;
  let written = 0;
  let dropped = 0;
  let write: WriteBatch<T> | null = null;
  let writing: Promise<void> | null = null;
  let closing = false;
  const ending = new AbortController();

  const writeAll = async (to: WriteBatch<T>): Promise<void> => {
    if (!closing) await delay(gatherMs);
    while (waiting.length > 0 && !ending.signal.aborted) {
      const batch = waiting.slice(0, maxBatch);
      const done = await keepTrying(
        async () => {
          await to(batch);
          return true;
        },
        {
          pauseMs: (failures) => (closing ? 100 : Math.min(250 * 2 ** (failures - 1), longestPauseMs)),
          signal: ending.signal,
          onFailure(error, failures) {
            if (failures === 1) onFailure(error);
          },
        },
      );
      if (done === null) return;
      written += batch.length;
      for (const item of waiting.splice(0, batch.length)) weight -= weightOf(item);
    }
  };

  const start = (): void => {
    if (write === null || writing !== null || waiting.length === 0) return;
    writing = writeAll(write).finally(() => {
      writing = null;
      if (!ending.signal.aborted) start();
    });
  };

  return {
    push(item) {
      const more = weightOf(item);
      if (weight + more > maxWeight || ending.signal.aborted) {
        dropped += 1;
        return;
      }
      weight += more;
      waiting.push(item);
      start();
    },
    provide(to) {
      write = to;
      start();
    },
    state: () => ({ waiting: waiting.length, written, dropped }),
    async close(graceMs) {
      closing = true;
      const late = delay(graceMs, undefined, { ref: false });
      while (waiting.length > 0 && writing !== null) {
        const isLate = await Promise.race([writing.then(() => false), late.then(() => true)]);
        if (isLate) break;
      }
      ending.abort();
      await writing;
      dropped += waiting.length;
      waiting.length = 0;
    },
  };
}
