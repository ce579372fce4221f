import type { Endpoint } from '../backends.ts';
import type { Call } from '../call.ts';
import { createByArgs, isPlainKey } from './batch-loader.ts';
import { type BatchSchedule, createTickSchedule, type Memory, type Ticket } from './schedule.ts';

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
  const { endpoint, call, fetch } = options;
  const schedule = options.schedule ?? createTickSchedule();
  const isKey = options.isKey ?? isPlainKey;
  const memoOf = createByArgs((_args: A) => new Map<string, Known<V>>());

  const ask = async (key: K, args: A, ticket: Ticket): Promise<V> => {
    try {
      return await fetch({ ...call, demand: schedule.demand(ticket, [key]) }, key, args);
    } finally {
      schedule.settle(ticket);
    }
  };

  const start = (key: K, args: A): Known<V> => {
    let fail: (error: unknown) => void = () => {};
    const place = schedule.place(endpoint);
    const ticket = schedule.start(place, endpoint, { leave: () => {}, fail: (error) => fail(error) });
    schedule.join(ticket);
    const promise = new Promise<V>((resolve, reject) => {
      fail = (error) => {
        // Whoever asked may be gone by now; an operation that is over leaves no rejection unhandled.
        promise.catch(() => {});
        reject(error);
      };
      ask(key, args, ticket).then(resolve, reject);
    });
    return { promise, ticket };
  };

  const loader: CallLoader<K, V, A> = {
    load(key, args) {
      if (schedule.refusal !== null) return Promise.reject(schedule.refusal);
      if (!isKey(key)) return Promise.resolve(null);
      const memo = memoOf.get(args);
      let known = memo.get(key);
      if (known === undefined) {
        known = start(key, args);
        memo.set(key, known);
      } else if (known.ticket !== null) {
        schedule.join(known.ticket);
      }
      schedule.loaded(endpoint, key, known.promise);
      return known.promise;
    },
    prime(key, value, args) {
      const memo = memoOf.get(args);
      if (!memo.has(key)) memo.set(key, { promise: Promise.resolve(value), ticket: null });
    },
    clear: () => memoOf.clear(),
    forgetReads: () =>
      memoOf.each((memo) => {
        for (const [key, { ticket }] of memo) if (ticket !== null) memo.delete(key);
      }),
  };
  schedule.register(loader);
  return loader;
}

/** What is known of a key; no ticket where the value was read otherwise. */
interface Known<V> {
  readonly promise: Promise<V>;
  readonly ticket: Ticket | null;
}
