import DataLoader from 'dataloader';
import type { Endpoint } from '../backends.ts';
import type { Demand } from '../call.ts';
import type { BatchSchedule, Place, Ticket } from './schedule.ts';

export interface LaneOptions<K extends string, V> {
  readonly endpoint: Endpoint;
  readonly schedule: BatchSchedule;
  /** The most keys in one call. */
  readonly max: number;
  readonly fetch: (demand: Demand, keys: readonly K[]) => Promise<readonly V[]>;
  readonly keyOf: (row: V) => string;
}

/** The loads that may share calls: one endpoint, one set of arguments, one request. */
export interface Lane<K extends string, V> {
  load(key: K): Promise<V | null>;
  prime(key: K, row: V): void;
  forgetReads(): void;
}

/** What is known of a key. `batch` is where it waits or was sent, null for a row that was read otherwise. */
interface Entry<K extends string, V> {
  readonly promise: Promise<V | null>;
  readonly batch: Batch<K, V> | null;
}

/** The batches of one slot, one open at a time; DataLoader collects them. */
interface Queue<K extends string, V> {
  readonly place: Place;
  readonly loader: DataLoader<K, V | null>;
  open: Batch<K, V> | null;
  /** The batch that is being dispatched, while DataLoader calls back. */
  leaving: Batch<K, V> | null;
}

interface Batch<K extends string, V> {
  readonly queue: Queue<K, V>;
  readonly ticket: Ticket;
  /** Makes DataLoader hand over the keys: synchronously, once. */
  readonly dispatch: () => void;
  size: number;
  /** What to answer the keys with: a call, or where they were moved. */
  answer: (keys: readonly K[]) => Promise<readonly (V | null)[]>;
  /** Rejects the call that is under way. */
  fail: (error: unknown) => void;
}

/**
 * Makes a lane.
 *
 * DataLoader collects the keys of a batch and the schedule says when it leaves. The memory of keys stands in
 * front of it, because a key that is already answered must never wait for a batch that is held. A key moves
 * from one held batch to another in two cases: it is wanted at a place that others wait for (then it must not
 * wait for them), or a call leaves with room to spare.
 */
export function createLane<K extends string, V>(options: LaneOptions<K, V>): Lane<K, V> {
  const { endpoint, schedule, max, fetch } = options;
  const entries = new Map<K, Entry<K, V>>();
  const queues: Queue<K, V>[] = [];

  const queueAt = (place: Place): Queue<K, V> => {
    for (const queue of queues) if (queue.place.slot === place.slot) return queue;
    const queue: Queue<K, V> = {
      place,
      open: null,
      leaving: null,
      loader: new DataLoader(
        (keys) => {
          const batch = queue.leaving;
          if (batch === null) throw new Error(`a batch of ${endpoint.id} left unasked`);
          return batch.answer(keys);
        },
        {
          cache: false,
          maxBatchSize: max,
          batchScheduleFn: (dispatch) => {
            queue.open = openBatch(queue, dispatch);
          },
        },
      ),
    };
    queues.push(queue);
    return queue;
  };

  const openBatch = (queue: Queue<K, V>, dispatch: () => void): Batch<K, V> => {
    const hand = (): void => {
      if (queue.open === batch) queue.open = null;
      queue.leaving = batch;
      dispatch();
      queue.leaving = null;
    };
    const departure = {
      leave: () => {
        if (batch.size < max) fillUp(batch);
        hand();
      },
      fail: (error: unknown) => {
        // Whoever asked may be gone by now; an operation that is over leaves no rejection unhandled.
        for (const entry of entries.values()) if (entry.batch === batch) entry.promise.catch(() => {});
        batch.fail(error);
      },
    };
    const batch: Batch<K, V> = {
      queue,
      ticket: schedule.hold(queue.place, endpoint, departure),
      dispatch: hand,
      size: 0,
      answer: (keys) => send(batch, keys),
      fail: (error) => {
        batch.answer = () => Promise.reject(error);
        hand();
      },
    };
    return batch;
  };

  const add = (key: K, queue: Queue<K, V>): Entry<K, V> => {
    const promise = queue.loader.load(key);
    const batch = queue.open;
    if (batch === null) throw new Error(`no batch of ${endpoint.id} is open`);
    batch.size += 1;
    if (batch.size === max) {
      queue.open = null;
      schedule.close(batch.ticket);
    }
    const entry: Entry<K, V> = { promise, batch };
    entries.set(key, entry);
    return entry;
  };

  const ask = async (batch: Batch<K, V>, keys: readonly K[]): Promise<(V | null)[]> => {
    try {
      return byKey(keys, await fetch(schedule.demand(batch.ticket, keys), keys), options.keyOf);
    } finally {
      schedule.settle(batch.ticket);
    }
  };

  const send = (batch: Batch<K, V>, keys: readonly K[]): Promise<(V | null)[]> =>
    new Promise((resolve, reject) => {
      batch.fail = reject;
      ask(batch, keys).then(resolve, reject);
    });

  /** Empties a held batch: each of its keys is now promised by what `moveTo` says. */
  const empty = (from: Batch<K, V>, moveTo: (key: K) => Entry<K, V>): void => {
    from.answer = async (keys) =>
      keys.map((key) => {
        const to = moveTo(key);
        if (to.batch !== null) schedule.absorb(to.batch.ticket, from.ticket);
        // DataLoader resolves each key's promise with this one and so adopts it; its types know only values.
        return to.promise as V | null;
      });
    from.dispatch();
    schedule.drop(from.ticket);
  };

  /** Takes one key out of a held batch; the others stay held where they were. */
  const move = (key: K, from: Batch<K, V>, to: Entry<K, V>): Entry<K, V> => {
    empty(from, (each) => (each === key ? to : add(each, from.queue)));
    return to;
  };

  /** Takes keys that are held elsewhere along in a call that has room, so that they need none of their own. */
  const fillUp = (batch: Batch<K, V>): void => {
    for (const queue of queues) {
      const other = queue.open;
      if (other === null || other === batch) continue;
      empty(other, (key) => add(key, batch.size < max ? batch.queue : other.queue));
      if (batch.size === max) return;
    }
  };

  return {
    load(key) {
      const place = schedule.place(endpoint);
      let entry = entries.get(key);
      if (entry === undefined) {
        entry = add(key, queueAt(place));
      } else if (entry.batch?.ticket.held && place.order < entry.batch.ticket.place.order) {
        entry = move(key, entry.batch, add(key, queueAt(place)));
      }
      if (entry.batch !== null) schedule.join(entry.batch.ticket);
      return entry.promise;
    },
    prime(key, row) {
      const known = entries.get(key);
      const entry: Entry<K, V> = { promise: Promise.resolve(row), batch: null };
      if (known !== undefined) {
        if (!known.batch?.ticket.held) return;
        move(key, known.batch, entry);
      }
      entries.set(key, entry);
    },
    forgetReads() {
      for (const [key, { batch }] of entries) if (batch !== null) entries.delete(key);
    },
  };
}

/** Puts rows in the order of their keys: null for a missing row, the first where one is repeated. */
function byKey<K extends string, V>(
  keys: readonly K[],
  rows: readonly V[],
  keyOf: (row: V) => string,
): (V | null)[] {
  const found = new Map<string, V>();
  for (const row of rows) {
    const key = keyOf(row);
    if (!found.has(key)) found.set(key, row);
  }
  return keys.map((key) => found.get(key) ?? null);
}
