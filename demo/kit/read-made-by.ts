import { z } from 'zod';
import { sees } from './identity.ts';
import { idsMadeBy } from './ledger.ts';
import { noStore, type Route, read } from './route.ts';
import type { Store } from './store.ts';

/**
 * `GET <path>?idempotencyKey=K`, for machines: `{ items }` with what the write with this key made.
 *
 * A workflow that does not know whether its call took effect asks here. `kinds` are the ledger's words for
 * making such an object; `rows` are the objects as they are now. Nobody may keep the answer.
 */
export function readMadeBy<Row extends { readonly userId?: string }>(definition: {
  readonly store: Store;
  readonly path: string;
  readonly kinds: readonly string[];
  readonly usualMs: number;
  rows(ids: readonly string[]): readonly Row[];
}): Route {
  const { store, path, kinds, usualMs, rows } = definition;
  return read({
    path,
    by: 'idempotencyKey',
    access: 'machine',
    usualMs,
    cacheControl: noStore,
    query: z.strictObject({ idempotencyKey: z.string().min(1).max(255) }),
    answer: ({ query, caller }) => ({
      items: rows(idsMadeBy(store, query.idempotencyKey, kinds)).filter(
        ({ userId }) => userId === undefined || sees(caller, userId),
      ),
    }),
  });
}
