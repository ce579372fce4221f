import { z } from 'zod';
import { type Caller, sees } from './identity.ts';
import { cursorParameter, keysParameter, limitParameter, type Order, type Page, pageOf } from './paging.ts';
import type { RowDecoder, Store } from './store.ts';

/** One user's page of something. */
export interface PageOfUser<Item> extends Page<Item> {
  readonly userId: string;
}

/** The query of a bulk read of children: `?userIds=a,b&status=&cursor=&limit=`. */
export function pagesByUserQuery<Status extends string>(statuses: readonly Status[]) {
  return z
    .strictObject({
      userIds: keysParameter,
      status: z.enum(statuses).optional(),
      cursor: cursorParameter,
      limit: limitParameter,
    })
    .refine(({ userIds, cursor }) => cursor === undefined || userIds.length === 1, {
      path: ['cursor'],
      message: 'a cursor goes with one user',
    });
}

/**
 * A page for each of many users, from a table with the columns `user_id` and `status`.
 *
 * Users whom the caller may not see are left out; one who has nothing gets an empty page.
 */
export function pagesByUser<Item>(definition: {
  readonly store: Store;
  readonly table: string;
  readonly order: Order;
  readonly decoder: RowDecoder<Item>;
  readonly caller: Caller;
  readonly query: {
    readonly userIds: readonly string[];
    readonly status?: string | undefined;
    readonly cursor?: string | undefined;
    readonly limit: number;
  };
}): PageOfUser<Item>[] {
  const { store, table, order, decoder, caller, query } = definition;
  const { status, cursor, limit } = query;
  return query.userIds
    .filter((userId) => sees(caller, userId))
    .map((userId) => ({
      userId,
      ...pageOf({
        store,
        table,
        where: status === undefined ? 'user_id = ?' : 'user_id = ? AND status = ?',
        values: status === undefined ? [userId] : [userId, status],
        order,
        limit,
        cursor,
        decoder,
      }),
    }));
}
