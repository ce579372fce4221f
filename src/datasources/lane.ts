import DataLoader from 'dataloader';
import type { Endpoint } from '../backends.ts';
import type { Demand } from '../call.ts';
import type { BatchSchedule, Departure, Place, Ticket } from './schedule.ts';

export interface LaneOptions<K extends string, V> {
  readonly endpoint: Endpoint;
  readonly schedule: BatchSchedule;
  /** The most keys in one call. */
  readonly max: number;
  readonly fetch: (demand: Demand, keys: readonly K[]) => Promise<readonly V[]>;
  readonly keyOf: (row: V) => string;
  /** Which keys may be sent; any other is answered with null. */
  readonly isKey: (key: string) => boolean;
}

/** What is known of a key. `batch` is where it waits or was sent, null for a row that was read otherwise. */
interface Entry<K extends string, V> {
  readonly promise: Promise<V | null>;
  readonly batch: Batch<K, V> | null;
}

/** An error stands for a row that could not be had. */
type Values<V> = Promise<readonly (V | null | Error)[]>;

/**
 * The loads that may share calls: one endpoint, one set of arguments, one request.
 *
 * DataLoader collects the keys of a batch and the schedule says when it leaves. The memory of keys stands in
 * front of it, because a key that is already answered must never wait for a batch that is held. A key moves
 * from one held batch to another in two cases: it is wanted at a place that others wait for (then it must not
 * wait for them), or a call leaves with room to spare.
 */
export class Lane<K extends string, V> {
  readonly options: LaneOptions<K, V>;
  readonly entries = new Map<K, Entry<K, V>>();
  private readonly queues: Queue<K, V>[] = [];

  constructor(options: LaneOptions<K, V>) {
    this.options = options;
  }

  load(key: K): Promise<V | null> {
    const { schedule, endpoint, isKey } = this.options;
    let entry = this.entries.get(key);
    if (entry === undefined) {
      if (!isKey(key)) return Promise.resolve(null);
      entry = this.queueAt(schedule.place(endpoint)).add(key);
    } else if (entry.batch?.ticket.held) {
      const place = schedule.place(endpoint);
      if (place.order < entry.batch.ticket.place.order) {
        entry = entry.batch.give(key, this.queueAt(place).add(key));
      }
    }
    if (entry.batch !== null) schedule.join(entry.batch.ticket);
    schedule.loaded(endpoint, key, entry.promise);
    return entry.promise;
  }

  prime(key: K, row: V): void {
    const known = this.entries.get(key);
    const entry: Entry<K, V> = { promise: Promise.resolve(row), batch: null };
    if (known !== undefined) {
      if (!known.batch?.ticket.held) return;
      known.batch.give(key, entry);
    }
    this.entries.set(key, entry);
  }

  forgetReads(): void {
    for (const [key, { batch }] of this.entries) if (batch !== null) this.entries.delete(key);
  }

  /** Takes keys that are held elsewhere along in a call that has room, so that they need none of their own. */
  fillUp(batch: Batch<K, V>): void {
    const { max } = this.options;
    for (const queue of this.queues) {
      const other = queue.open;
      if (other === null || other === batch) continue;
      other.empty((key) => (batch.size < max ? batch.queue : queue).add(key));
      if (batch.size === max) return;
    }
  }

  private queueAt(place: Place): Queue<K, V> {
    for (const queue of this.queues) if (queue.place.slot === place.slot) return queue;
    const queue = new Queue(this, place);
    this.queues.push(queue);
    return queue;
  }
}

/** The batches of one slot, one open at a time. */
class Queue<K extends string, V> {
  readonly lane: Lane<K, V>;
  readonly place: Place;
  /** The batch that takes keys. */
  open: Batch<K, V> | null = null;
  /** The batch that is being dispatched, while DataLoader calls back. */
  leaving: Batch<K, V> | null = null;
  private readonly loader: DataLoader<K, V | null>;

  constructor(lane: Lane<K, V>, place: Place) {
    this.lane = lane;
    this.place = place;
    this.loader = new DataLoader((keys) => this.answer(keys), {
      cache: false,
      maxBatchSize: lane.options.max,
      batchScheduleFn: (dispatch) => {
        this.open = new Batch(this, dispatch);
      },
    });
  }

  add(key: K): Entry<K, V> {
    const { options, entries } = this.lane;
    const promise = this.loader.load(key);
    const batch = this.open;
    if (batch === null) throw new Error(`no batch of ${options.endpoint.id} is open`);
    batch.size += 1;
    if (batch.size === options.max) {
      this.open = null;
      options.schedule.close(batch.ticket);
    }
    const entry: Entry<K, V> = { promise, batch };
    entries.set(key, entry);
    return entry;
  }

  private answer(keys: readonly K[]): Values<V> {
    if (this.leaving === null) throw new Error(`a batch of ${this.lane.options.endpoint.id} left unasked`);
    return this.leaving.answer(keys);
  }
}

class Batch<K extends string, V> implements Departure {
  readonly queue: Queue<K, V>;
  readonly ticket: Ticket;
  size = 0;
  /** Makes DataLoader hand over the keys: synchronously, once. */
  private readonly dispatch: () => void;
  /** What the keys are answered with instead of a call. */
  private instead: ((keys: readonly K[]) => Values<V>) | null = null;
  private reject: ((error: unknown) => void) | null = null;

  constructor(queue: Queue<K, V>, dispatch: () => void) {
    const { schedule, endpoint } = queue.lane.options;
    this.queue = queue;
    this.dispatch = dispatch;
    this.ticket = schedule.hold(queue.place, endpoint, this);
  }

  leave(): void {
    const { lane } = this.queue;
    if (this.size < lane.options.max) lane.fillUp(this);
    this.hand();
  }

  fail(error: unknown): void {
    // Whoever asked may be gone by now; an operation that is over leaves no rejection unhandled.
    for (const { batch, promise } of this.queue.lane.entries.values()) {
      if (batch === this) promise.catch(() => {});
    }
    if (this.reject !== null) {
      this.reject(error);
      return;
    }
    this.instead = () => Promise.reject(error);
    this.hand();
  }

  answer(keys: readonly K[]): Values<V> {
    return this.instead === null ? this.send(keys) : this.instead(keys);
  }

  /** Takes one key out of this held batch, which another entry now stands for; the others stay held here. */
  give(key: K, to: Entry<K, V>): Entry<K, V> {
    this.empty((each) => (each === key ? to : this.queue.add(each)));
    return to;
  }

  /** Empties this held batch: each of its keys is now promised by what `moveTo` says. */
  empty(moveTo: (key: K) => Entry<K, V>): void {
    const { schedule } = this.queue.lane.options;
    this.instead = async (keys) =>
      keys.map((key) => {
        const to = moveTo(key);
        if (to.batch !== null) schedule.absorb(to.batch.ticket, this.ticket);
        // DataLoader resolves each key's promise with this one and so adopts it; its types know only values.
        return to.promise as V | null;
      });
    this.hand();
    schedule.drop(this.ticket);
  }

  private hand(): void {
    const { queue } = this;
    if (queue.open === this) queue.open = null;
    queue.leaving = this;
    this.dispatch();
    queue.leaving = null;
  }

  private send(keys: readonly K[]): Values<V> {
    const { fetch, keyOf, schedule } = this.queue.lane.options;
    return new Promise((resolve, reject) => {
      this.reject = reject;
      let lacking: Map<string, Error> | null = null;
      const lacks = (lacked: readonly string[], error: Error): void => {
        lacking ??= new Map();
        for (const key of lacked) lacking.set(key, error);
      };
      fetch({ ...schedule.demand(this.ticket, keys), lacks }, keys)
        .then((rows) => byKey(keys, rows, keyOf, lacking))
        .then(
          (rows) => {
            schedule.settle(this.ticket);
            resolve(rows);
          },
          (error: unknown) => {
            schedule.settle(this.ticket);
            reject(error);
          },
        );
    });
  }
}

/** Puts rows in the order of their keys: null for a missing row, the first where one is repeated. */
function byKey<K extends string, V>(
  keys: readonly K[],
  rows: readonly V[],
  keyOf: (row: V) => string,
  lacking: ReadonlyMap<string, Error> | null,
): (V | null | Error)[] {
  const found = new Map<string, V>();
  for (const row of rows) {
    const key = keyOf(row);
    if (!found.has(key)) found.set(key, row);
  }
  return keys.map((key) => found.get(key) ?? lacking?.get(key) ?? null);
}
