import { zOrder } from '../datasources/orders/wire/zod.gen.ts';
import { notFound } from '../workflows/problems.ts';
import { type Begun, beginWorkflow } from './begin-workflow.ts';
import type {
  MutationResolvers,
  OrderItemResolvers,
  OrderResolvers,
  PaymentResolvers,
  QueryResolvers,
} from './generated/types.ts';
import { toGlobalId, toRawId } from './global-id.ts';
import { itemFaults, keyFaults, tokenFaults } from './input-checks.ts';

export const Order: OrderResolvers = {
  id: (order) => toGlobalId('Order', order.id),
  customer: (order, _, { loaders }) => loaders.users.byId.load(order.userId),
  payment: (order, _, { loaders }) => loaders.payments.bySubject.load(`orders/${order.id}`),
};

export const OrderItem: OrderItemResolvers = {
  product: (item, _, { loaders }) => loaders.products.byId.load(item.productId),
};

export const Payment: PaymentResolvers = {
  id: (payment) => toGlobalId('Payment', payment.id),
};

export const orderQueries: Pick<QueryResolvers, 'order'> = {
  order: (_, { id }, { loaders }) => loaders.orders.byId.load(toRawId('Order', id) ?? ''),
};

/** What began, with the order as the workflow left it. */
const withOrder = (begun: Begun) => ({
  ...begun,
  order: zOrder.nullable().parse(begun.workflow?.result ?? null),
});

export const orderMutations: Pick<MutationResolvers, 'placeOrder' | 'cancelOrder'> = {
  placeOrder: async (_, { input: { items, paymentToken, idempotencyKey: key, wait = true } }, context) => {
    const problems = [
      ...keyFaults(key),
      ...itemFaults(items),
      ...tokenFaults(paymentToken, 'paymentToken', 500),
    ];
    if (problems.length > 0) return { problems };
    const lines = items.map((item) => ({ ...item, productId: toRawId('Product', item.productId) ?? '' }));
    return withOrder(
      await beginWorkflow(context, 'placeOrder', { items: lines, paymentToken }, { key, wait }),
    );
  },
  cancelOrder: async (_, { input: { orderId, idempotencyKey: key } }, context) => {
    const problems = keyFaults(key);
    if (problems.length > 0) return { problems };
    const order = await context.loaders.orders.byId.load(toRawId('Order', orderId) ?? '');
    if (order === null) return { problems: [notFound('There is no such order.', ['orderId'])] };
    const input = { orderId: order.id, ownerId: order.userId };
    return withOrder(await beginWorkflow(context, 'cancelOrder', input, { key, wait: true }));
  },
};
