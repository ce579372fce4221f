import { type BackendTable, endpointOf } from '../../backends.ts';
import type { Call } from '../../call.ts';
import type { Upstream } from '../../http/upstream.ts';
import { asInput } from '../unless-problem.ts';
import type { NewOrder, Order, OrderConfirmation, OrderPageOfUser, OrderStatus } from './wire/types.gen.ts';
import { zOrder, zOrderList, zOrderPagesByUser } from './wire/zod.gen.ts';

/** Which page of each user's orders. A cursor speaks of one user's list, so it goes with one user only. */
export interface OrdersOfUsers {
  readonly status: OrderStatus | undefined;
  readonly limit: number;
  readonly cursor: string | undefined;
}

/** What the orders backend can be asked. */
export interface OrdersSource {
  ordersByIds(call: Call, ids: readonly string[]): Promise<readonly Order[]>;
  ordersByUserIds(
    call: Call,
    userIds: readonly string[],
    page: OrdersOfUsers,
  ): Promise<readonly OrderPageOfUser[]>;
  createOrder(call: Call, order: NewOrder, idempotencyKey: string): Promise<Order>;
  confirmOrder(
    call: Call,
    id: string,
    confirmation: OrderConfirmation,
    idempotencyKey: string,
  ): Promise<Order>;
  shipOrder(call: Call, id: string, idempotencyKey: string): Promise<Order>;
  deliverOrder(call: Call, id: string, idempotencyKey: string): Promise<Order>;
  cancelOrder(call: Call, id: string, idempotencyKey: string): Promise<Order>;
  ordersByIdempotencyKey(call: Call, idempotencyKey: string): Promise<readonly Order[]>;
}

/** The orders backend, one method an endpoint. */
export function createOrdersSource(upstream: Upstream, table: BackendTable): OrdersSource {
  const ordersByIds = endpointOf(table, 'orders', 'ordersByIds');
  const ordersByUserIds = endpointOf(table, 'orders', 'ordersByUserIds');
  const createOrder = endpointOf(table, 'orders', 'createOrder');
  const confirmOrder = endpointOf(table, 'orders', 'confirmOrder');
  const shipOrder = endpointOf(table, 'orders', 'shipOrder');
  const deliverOrder = endpointOf(table, 'orders', 'deliverOrder');
  const cancelOrder = endpointOf(table, 'orders', 'cancelOrder');
  const ordersByIdempotencyKey = endpointOf(table, 'orders', 'ordersByIdempotencyKey');
  return {
    ordersByIds: async (call, ids) =>
      (await upstream.send(call, { endpoint: ordersByIds, query: { ids }, decode: zOrderList })).items,
    ordersByUserIds: async (call, userIds, page) =>
      (
        await asInput(
          upstream.send(call, {
            endpoint: ordersByUserIds,
            query: { userIds, ...page },
            decode: zOrderPagesByUser,
          }),
          'A cursor comes from a page of the same list.',
        )
      ).items,
    createOrder: (call, body, idempotencyKey) =>
      upstream.send(call, { endpoint: createOrder, body, idempotencyKey, decode: zOrder }),
    confirmOrder: (call, id, body, idempotencyKey) =>
      upstream.send(call, { endpoint: confirmOrder, path: { id }, body, idempotencyKey, decode: zOrder }),
    shipOrder: (call, id, idempotencyKey) =>
      upstream.send(call, { endpoint: shipOrder, path: { id }, body: {}, idempotencyKey, decode: zOrder }),
    deliverOrder: (call, id, idempotencyKey) =>
      upstream.send(call, { endpoint: deliverOrder, path: { id }, body: {}, idempotencyKey, decode: zOrder }),
    cancelOrder: (call, id, idempotencyKey) =>
      upstream.send(call, { endpoint: cancelOrder, path: { id }, body: {}, idempotencyKey, decode: zOrder }),
    ordersByIdempotencyKey: async (call, idempotencyKey) =>
      (
        await upstream.send(call, {
          endpoint: ordersByIdempotencyKey,
          query: { idempotencyKey },
          decode: zOrderList,
        })
      ).items,
  };
}
