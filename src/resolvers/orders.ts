import type {
  OrderItemResolvers,
  OrderResolvers,
  PaymentResolvers,
  QueryResolvers,
} from './generated/types.ts';
import { toGlobalId, toRawId } from './global-id.ts';

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
