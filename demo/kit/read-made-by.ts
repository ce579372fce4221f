import { z } from 'zod';
import type { Caller } from './identity.ts';
import { idsMadeBy } from './ledger.ts';
import { noStore, type Route, read } from './route.ts';
import type { Store } from './store.ts';

/**
 * `GET <path>?idempotencyKey=K`, for machines: `{ items }` with what the write with this key made.
 *
 * A workflow that does not know whether its call took effect asks here. `kinds` are the ledger's words for
 * making such an object; `items` answers the objects as they are now, without those that the caller may not
 * see. Nobody may keep the answer.
 */
export function readMadeBy(definition: {
  readonly store: Store;
  readonly path: string;
  readonly kinds: readonly string[];
  readonly usualMs: number;
  items(ids: readonly string[], caller: Caller): readonly unknown[];
}): Route {
  const { store, path, kinds, usualMs, items } = definition;
  return read({
    path,
    by: 'idempotencyKey',
    access: 'machine',
    usualMs,
    cacheControl: noStore,
    query: z.strictObject({ idempotencyKey: z.string().min(1).max(255) }),
    answer: ({ query, caller }) => ({ items: items(idsMadeBy(store, query.idempotencyKey, kinds), caller) }),
  });
}
