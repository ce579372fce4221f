import type { Endpoint } from '../backends.ts';
import { type Call, type Demand, withDemand } from '../call.ts';
import { isPlainKey } from './batch-loader.ts';
import { ByArgs } from './by-args.ts';
import {
  type BatchSchedule,
  createTickSchedule,
  type Departure,
  type Memory,
  type Ticket,
} from './schedule.ts';

export interface CallLoaderOptions<K extends string, V, A> {
  /** The operation or workflow step for which everything is loaded. */
  readonly call: Call;
  /** Hears of each call; without one, nobody waits for it but its caller. */
  readonly schedule?: BatchSchedule;
  readonly endpoint: Endpoint;
  /** Fetches what one key stands for. The call carries who asked. */
  readonly fetch: (call: Call, key: K, args: A) => Promise<V>;
  /** Which keys may be sent; any other resolves to null without a call. */
  readonly isKey?: (key: string) => boolean;
}

/** Loads by single calls, each key and arguments asked for once. */
export interface CallLoader<K extends string, V, A> extends Memory {
  /** What a key stands for. The same key and arguments give the same promise; null for what is no key. */
  load(key: K, args: A): Promise<V | null>;
  /** Keeps a value that was read otherwise, unless the key is already known. */
  prime(key: K, value: V, args: A): void;
}

/**
 * Makes a loader over an endpoint that serves one key a call. Calls start at once: nothing can be gained by
 * waiting. How many run side by side is bounded where they are sent.
 */
export function createCallLoader<K extends string, V, A = void>(
  options: CallLoaderOptions<K, V, A>,
): CallLoader<K, V, A> {
  const { schedule = createTickSchedule() } = options;
  const loader = new SingleLoader(options, schedule);
  schedule.register(loader);
  return loader;
}

class SingleLoader<K extends string, V, A> implements CallLoader<K, V, A> {
  private readonly options: CallLoaderOptions<K, V, A>;
  private readonly schedule: BatchSchedule;
  private readonly isKey: (key: string) => boolean;
  private readonly memos = new ByArgs((_args: A) => new Map<K, Started<V> | Promise<V>>());

  constructor(options: CallLoaderOptions<K, V, A>, schedule: BatchSchedule) {
    this.options = options;
    this.schedule = schedule;
    this.isKey = options.isKey ?? isPlainKey;
  }

  load(key: K, args: A): Promise<V | null> {
    const { schedule } = this;
    if (schedule.refusal !== null) return Promise.reject(schedule.refusal);
    const memo = this.memos.get(args);
    let known = memo.get(key);
    if (known === undefined) {
      if (!this.isKey(key)) return Promise.resolve(null);
      known = this.start(key, args);
      memo.set(key, known);
    } else if (known instanceof Started) {
      schedule.join(known.ticket);
    }
    const promise = known instanceof Started ? known.promise : known;
    schedule.loaded(this.options.endpoint, key, promise);
    return promise;
  }

  prime(key: K, value: V, args: A): void {
    const memo = this.memos.get(args);
    if (!memo.has(key)) memo.set(key, Promise.resolve(value));
  }

  clear(): void {
    this.memos.clear();
  }

  forgetReads(): void {
    for (const memo of this.memos.values()) {
      for (const [key, known] of memo) if (known instanceof Started) memo.delete(key);
    }
  }

  private start(key: K, args: A): Started<V> {
    const { schedule } = this;
    const { endpoint } = this.options;
    const started = new Started<V>((departure) =>
      schedule.start(schedule.place(endpoint), endpoint, departure),
    );
    schedule.join(started.ticket);
    const demand = schedule.demand(started.ticket, [key]);
    this.ask(key, args, demand).then(
      (value) => {
        schedule.settle(started.ticket);
        started.resolve(value);
      },
      (error: unknown) => {
        schedule.settle(started.ticket);
        started.reject(error);
      },
    );
    return started;
  }

  private ask(key: K, args: A, demand: Demand): Promise<V> {
    const { fetch, call } = this.options;
    try {
      return fetch(withDemand(call, demand), key, args);
    } catch (error) {
      // A source that throws before its first await fails the load, not the loader.
      return Promise.reject(error);
    }
  }
}

/** A call that was made, and what it promised. */
class Started<V> implements Departure {
  readonly promise: Promise<V>;
  readonly ticket: Ticket;
  resolve: (value: V) => void = () => {};
  reject: (error: unknown) => void = () => {};

  constructor(start: (departure: Departure) => Ticket) {
    this.promise = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    this.ticket = start(this);
  }

  leave(): void {}

  fail(error: unknown): void {
    // Whoever asked may be gone by now; an operation that is over leaves no rejection unhandled.
    this.promise.catch(() => {});
    this.reject(error);
  }
}
