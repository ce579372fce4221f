import type { Endpoint } from '../backends.ts';
import { type Call, withDemand } from '../call.ts';
import { ByArgs } from './by-args.ts';
import { Lane } from './lane.ts';
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
export const isPlainKey = (key: string): boolean => typeof key === 'string' && PLAIN_KEY.test(key);

const PLAIN_KEY = /^[A-Za-z0-9_-]{1,64}$/;

/**
 * Makes a loader over an endpoint that serves many keys in one call.
 *
 * One per request: what it has read belongs to the viewer of its call. `A` are the arguments that all keys of
 * one call must share, compared by value.
 */
export function createBatchLoader<K extends string, V, A = void>(
  options: BatchLoaderOptions<K, V, A>,
): BatchLoader<K, V, A> {
  const { endpoint, schedule = createTickSchedule() } = options;
  if (!endpoint.bulk) throw new Error(`${endpoint.id} has no bulk read: load its keys with createCallLoader`);
  const loader = new LanedLoader(options, endpoint.bulk.max, schedule);
  schedule.register(loader);
  return loader;
}

class LanedLoader<K extends string, V, A> implements BatchLoader<K, V, A> {
  private readonly schedule: BatchSchedule;
  private readonly lanes: ByArgs<A, Lane<K, V>>;

  constructor(options: BatchLoaderOptions<K, V, A>, most: number, schedule: BatchSchedule) {
    const { call, endpoint, fetch, keyOf, maxKeys, isKey = isPlainKey } = options;
    this.schedule = schedule;
    this.lanes = new ByArgs(
      (args) =>
        new Lane({
          endpoint,
          schedule,
          max: maxKeys === undefined ? most : Math.max(1, Math.min(most, maxKeys(args))),
          // Async, so that a source that throws before its first await fails the load and not the loader.
          fetch: async (demand, keys) => fetch(withDemand(call, demand), keys, args),
          keyOf,
          isKey,
        }),
    );
  }

  load(key: K, args: A): Promise<V | null> {
    if (this.schedule.refusal !== null) return Promise.reject(this.schedule.refusal);
    return this.lanes.get(args).load(key);
  }

  prime(key: K, row: V, args: A): void {
    this.lanes.get(args).prime(key, row);
  }

  clear(): void {
    this.lanes.clear();
  }

  forgetReads(): void {
    for (const lane of this.lanes.values()) lane.forgetReads();
  }
}
