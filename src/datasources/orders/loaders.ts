import { type BackendTable, endpointOf } from '../../backends.ts';
import { type BatchLoader, createBatchLoader } from '../batch-loader.ts';
import type { LoaderScope } from '../loader-scope.ts';
import { ownPages, ownRows } from '../owned-rows.ts';
import type { OrdersOfUsers, OrdersSource } from './source.ts';
import type { Order, OrderPageOfUser } from './wire/types.gen.ts';

/** How orders are loaded within one operation. */
export interface OrdersLoaders {
  readonly byId: BatchLoader<string, Order, void>;
  readonly byUserId: BatchLoader<string, OrderPageOfUser, OrdersOfUsers>;
}

/** Prepares the loaders of orders; what it returns makes them for one operation. */
export function createOrdersLoaders(
  source: OrdersSource,
  table: BackendTable,
): (scope: LoaderScope) => OrdersLoaders {
  const ordersByIds = endpointOf(table, 'orders', 'ordersByIds');
  const ordersByUserIds = endpointOf(table, 'orders', 'ordersByUserIds');
  return (scope) => ({
    byId: createBatchLoader({
      ...scope,
      endpoint: ordersByIds,
      fetch: (call, ids) => ownRows(call.viewer, () => source.ordersByIds(call, ids)),
      keyOf: (order) => order.id,
    }),
    byUserId: createBatchLoader({
      ...scope,
      endpoint: ordersByUserIds,
      fetch: (call, userIds, page: OrdersOfUsers) =>
        ownPages(call.viewer, () => source.ordersByUserIds(call, userIds, page)),
      keyOf: (page) => page.userId,
      // A cursor speaks of one user's list.
      maxKeys: ({ cursor }) => (cursor === undefined ? Number.POSITIVE_INFINITY : 1),
    }),
  });
}
