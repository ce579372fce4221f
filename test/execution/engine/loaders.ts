import DataLoader from 'dataloader';
import type { Call, Demand } from '../../../src/call.ts';
import { createBatchLoader } from '../../../src/datasources/batch-loader.ts';
import { createCallLoader } from '../../../src/datasources/call-loader.ts';
import type { Scheduler } from '../../../src/execution/scheduler.ts';
import { isPlainKey, keyOfRow } from './rows.ts';
import { type Args, endpoints, type Row } from './world.ts';

/** By Weir's loaders and scheduler, by DataLoader as it is sold, or a call a load. */
export type Loading = 'weir' | 'dataloader' | 'direct';

export type Ask = (
  endpoint: string,
  keys: readonly string[],
  args: Args,
  demand: Demand | null,
) => Promise<readonly (Row | null)[]>;

export interface WorldLoaders {
  readonly load: (endpoint: string, key: string, args?: Args) => Promise<unknown>;
  readonly prime: (endpoint: string, key: string, row: Row) => void;
}

const someCall: Call = {
  requestId: 'test',
  signal: new AbortController().signal,
  deadlineAt: Number.POSITIVE_INFINITY,
  viewer: null,
  onBehalfOf: null,
  traceparent: null,
  observe: null,
  demand: null,
};

export function weirLoaders(schedule: Scheduler, ask: Ask): WorldLoaders {
  interface Loader {
    load(key: string, args: Args): Promise<unknown>;
    prime(key: string, row: Row, args: Args): void;
  }
  const made = new Map<string, Loader>();
  const loaderOf = (name: string): Loader => {
    const known = made.get(name);
    if (known) return known;
    const endpoint = endpoints.get(name);
    if (!endpoint) throw new Error(`no endpoint ${name}`);
    const loader: Loader = endpoint.bulk
      ? createBatchLoader<string, Row, Args>({
          call: someCall,
          schedule,
          endpoint,
          keyOf: (row) => keyOfRow(name, row),
          fetch: async (call, keys, args) =>
            (await ask(name, keys, args, call.demand)).filter((row) => row !== null),
        })
      : createCallLoader<string, Row | null, Args>({
          call: someCall,
          schedule,
          endpoint,
          fetch: async (call, key, args) => (await ask(name, [key], args, call.demand))[0] ?? null,
        });
    made.set(name, loader);
    return loader;
  };
  return {
    load: (endpoint, key, args) => loaderOf(endpoint).load(key, args),
    prime: (endpoint, key, row) => loaderOf(endpoint).prime(key, row, undefined),
  };
}

/** The control: DataLoader in its usual dress, or no loader at all. */
export function otherLoaders(loading: Loading, ask: Ask): WorldLoaders {
  const loaders = new Map<string, DataLoader<string, Row | null>>();
  const memo = new Map<string, Promise<unknown>>();
  const loaderOf = (name: string, args: Args): DataLoader<string, Row | null> => {
    const id = `${name} ${JSON.stringify(args)}`;
    let loader = loaders.get(id);
    if (loader === undefined) {
      const maxBatchSize = endpoints.get(name)?.bulk?.max ?? 1;
      loader = new DataLoader((keys) => ask(name, keys, args, null), { maxBatchSize });
      loaders.set(id, loader);
    }
    return loader;
  };
  return {
    load(name, key, args) {
      if (!isPlainKey(key)) return Promise.resolve(null);
      if (loading === 'dataloader' && endpoints.get(name)?.bulk) return loaderOf(name, args).load(key);
      const id = `${name} ${key} ${JSON.stringify(args)}`;
      const known = memo.get(id);
      if (known && loading === 'dataloader') return known;
      const asked = ask(name, [key], args, null).then((rows) => rows[0] ?? null);
      memo.set(id, asked);
      return asked;
    },
    prime: (name, key, row) => loaderOf(name, undefined).prime(key, row),
  };
}
