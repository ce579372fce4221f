import type { Endpoint } from '../backends.ts';
import type { Call } from '../call.ts';
import { createLane, type Lane } from './lane.ts';
import { type BatchSchedule, createTickSchedule, type Memory } from './schedule.ts';

export interface BatchLoaderOptions<K extends string, V, A> {
  /** The operation or workflow step for which everything is loaded. */
  readonly call: Call;
  /** When batches leave; without one, in the turn in which they were opened. */
  readonly schedule?: BatchSchedule;
  /** An endpoint with `bulk`. */
  readonly endpoint: Endpoint;
  /**
   * Fetches the rows of at most `endpoint.bulk.max` keys. The call carries who asked. Rows may be missing,
   * repeated, in any order or of keys that were not asked for: only `keyOf` counts.
   */
  readonly fetch: (call: Call, keys: readonly K[], args: A) => Promise<readonly V[]>;
  /** The key under which a row was asked for. */
  readonly keyOf: (row: V) => string;
  /** Which keys may be sent; any other resolves to null without a call. */
  readonly isKey?: (key: string) => boolean;
  /** The most keys in one call with these arguments, where that is less than `endpoint.bulk.max`. */
  readonly maxKeys?: (args: A) => number;
}

/** Loads rows by key: many loads, few calls, each key asked for once. */
export interface BatchLoader<K extends string, V, A> extends Memory {
  /**
   * The row of a key, or null where the backend has none to show. The same key and arguments give the same
   * promise. When a call fails, every key in it rejects with the same error.
   */
  load(key: K, args: A): Promise<V | null>;
  /** Keeps a row that was read otherwise, unless the key is already known. */
  prime(key: K, row: V, args: A): void;
}

/** The keys that any backend may be sent in a path or a list: nothing to encode, nothing to misread. */
export const isPlainKey = (key: string): boolean =>
  typeof key === 'string' && /^[A-Za-z0-9_-]{1,64}$/.test(key);

/**
 * Makes a loader over an endpoint that serves many keys in one call.
 *
 * One per request: what it has read belongs to the viewer of its call. `A` are the arguments that all keys of
 * one call must share, compared by value.
 */
export function createBatchLoader<K extends string, V, A = void>(
  options: BatchLoaderOptions<K, V, A>,
): BatchLoader<K, V, A> {
  const { endpoint } = options;
  const bulk = endpoint.bulk;
  if (!bulk) throw new Error(`${endpoint.id} has no bulk read: load its keys with createCallLoader`);
  const schedule = options.schedule ?? createTickSchedule();
  const isKey = options.isKey ?? isPlainKey;
  const laneOf = createByArgs(
    (args: A): Lane<K, V> =>
      createLane({
        endpoint,
        schedule,
        max: Math.max(1, Math.min(bulk.max, options.maxKeys?.(args) ?? bulk.max)),
        fetch: (demand, keys) => options.fetch({ ...options.call, demand }, keys, args),
        keyOf: options.keyOf,
      }),
  );
  const loader: BatchLoader<K, V, A> = {
    load(key, args) {
      if (schedule.refusal !== null) return Promise.reject(schedule.refusal);
      if (!isKey(key)) return Promise.resolve(null);
      const promise = laneOf.get(args).load(key);
      schedule.loaded(endpoint, key, promise);
      return promise;
    },
    prime: (key, row, args) => laneOf.get(args).prime(key, row),
    clear: () => laneOf.clear(),
    forgetReads: () => laneOf.each((lane) => lane.forgetReads()),
  };
  schedule.register(loader);
  return loader;
}

/** A value made once for each distinct `args`, compared by value. */
export interface ByArgs<A, T> {
  get(args: A): T;
  each(visit: (value: T) => void): void;
  clear(): void;
}

/** Makes a memory of one value for each distinct arguments; asking again with the last ones costs least. */
export function createByArgs<A, T>(make: (args: A) => T): ByArgs<A, T> {
  const made = new Map<string, T>();
  let last: { args: A; value: T } | null = null;
  return {
    get(args) {
      if (last !== null && sameArgs(last.args, args)) return last.value;
      const name = nameOf(args);
      let value = made.get(name);
      if (value === undefined) {
        value = make(args);
        made.set(name, value);
      }
      last = { args, value };
      return value;
    },
    each: (visit) => made.forEach(visit),
    clear() {
      made.clear();
      last = null;
    },
  };
}

function sameArgs(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const fields = Object.entries(a);
  if (fields.length !== Object.keys(b).length) return false;
  // A nested value is the same only where it is the same object; `nameOf` then compares it in full.
  return fields.every(([name, value]) => Object.is(value, Reflect.get(b, name)));
}

/** One text for equal arguments, whatever the order in which their properties were written. */
function nameOf(args: unknown): string {
  return args === undefined ? '' : JSON.stringify(args, sorted);
}

function sorted(_name: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
