import { z } from 'zod';
import type { Product } from '../../datasources/products/wire/types.gen.ts';
import type { Sources } from '../../datasources/sources.ts';
import { charge } from '../charge.ts';
import { notFound, outOfStock, Refusal, stepFailed } from '../problems.ts';
import type { Saga } from '../saga.ts';
import { fulfilmentOf, orderCancelled } from './fulfil-order.ts';
import { notificationOf } from './notify.ts';

const inputShape = z.object({
  /** Raw ids. */
  items: z.array(z.object({ productId: z.string(), quantity: z.number() })).min(1),
  paymentToken: z.string(),
});

export type PlaceOrderInput = z.infer<typeof inputShape>;

export interface PlaceOrderOptions {
  readonly sources: Pick<Sources, 'products' | 'inventory' | 'orders' | 'payments'>;
  /** Orders above this wait for an administrator, in minor units. */
  readonly approvalAbove?: number;
  /** How long they wait. */
  readonly approvalMs?: number;
}

const sevenDaysMs = 7 * 24 * 3600 * 1000;

/** Buys: the stock is held, the order made and paid; answers when the order is confirmed, or when all is undone. */
export function createPlaceOrder(options: PlaceOrderOptions): Saga<PlaceOrderInput> {
  const { products, inventory, orders, payments } = options.sources;
  const { approvalAbove = 500_000, approvalMs = sevenDaysMs } = options;
  return {
    name: 'placeOrder',
    input: inputShape,
    secrets: ['paymentToken'],
    steps: [
      'priceItems',
      'reserveStock',
      'createOrder',
      'approve',
      'charge',
      'confirmReservation',
      'confirmOrder',
    ],
    async run(run, { items, paymentToken }) {
      const { userId } = run;
      const pathOf = (productId: string) => [
        'items',
        String(items.findIndex((item) => item.productId === productId)),
        'productId',
      ];

      const priced = await run.step('priceItems', {
        do: async ({ call }) => toPriced(items, await products.productsByIds(call, idsOf(items)), pathOf),
      });

      const { id: reservationId } = await run.step('reserveStock', {
        do: ({ call, key }) => inventory.createReservation(call, { items }, key),
        find: ({ call, key }) => inventory.reservationsByIdempotencyKey(call, key),
        undo: ({ call, key }, { id }) => inventory.releaseReservation(call, id, key),
        refused: { 'out-of-stock': (problem) => outOfStock(problem, pathOf) },
      });

      const order = await run.step('createOrder', {
        do: ({ call, key }) => orders.createOrder(call, { userId, items: priced, reservationId }, key),
        find: ({ call, key }) => orders.ordersByIdempotencyKey(call, key),
        undo: ({ call, key }, { id }) => orders.cancelOrder(call, id, key),
      });
      run.about({ type: 'Order', id: order.id }, order);

      if (order.total.amount > approvalAbove) {
        await run.approval('approve', {
          timeoutMs: approvalMs,
          waitingFor: 'an administrator to approve this order',
          calledOff: {
            ...orderCancelled,
            isSo: async ({ call }) =>
              (await orders.ordersByIds(call, [order.id])).some(({ status }) => status === 'CANCELLED'),
          },
        });
      } else run.skip('approve');

      const payment = await run.step(
        'charge',
        charge(payments, { userId, subject: `orders/${order.id}`, amount: order.total, paymentToken }),
      );

      // Giving the stock back and cancelling the order undo these as well.
      await run.step('confirmReservation', {
        do: ({ call, key }) => inventory.confirmReservation(call, reservationId, key),
      });
      const confirmed = await run.step('confirmOrder', {
        do: ({ call, key }) => orders.confirmOrder(call, order.id, { paymentId: payment.id }, key),
        find: async ({ call }) =>
          (await orders.ordersByIds(call, [order.id])).filter(({ status }) => status === 'CONFIRMED'),
        // At the same moment as the charge.
        refused: {
          'invalid-transition': () => stepFailed('confirmOrder', orderCancelled.message, orderCancelled.code),
        },
      });
      run.about({ type: 'Order', id: order.id }, confirmed);
    },
    followUps(end) {
      const { status, subject, problems } = end;
      // Whoever cancels an order tells its customer.
      if (problems.some(({ code }) => code === orderCancelled.code)) return [];
      const data = { orderId: subject?.id ?? '' };
      if (status === 'SUCCEEDED') {
        return [notificationOf(end, 'order-confirmed', data), fulfilmentOf(data.orderId)];
      }
      return status === 'CANCELLED' ? [notificationOf(end, 'order-cancelled', data)] : [];
    },
  };
}

const idsOf = (items: PlaceOrderInput['items']): readonly string[] => [
  ...new Set(items.map(({ productId }) => productId)),
];

/** The lines with what one of each costs today. Refuses what is not sold. */
function toPriced(
  items: PlaceOrderInput['items'],
  found: readonly Product[],
  pathOf: (productId: string) => readonly string[],
) {
  const byId = new Map(found.map((product) => [product.id, product]));
  return items.map(({ productId, quantity }) => {
    const product = byId.get(productId);
    if (!product) throw new Refusal(notFound('There is no such product.', pathOf(productId)));
    return { productId, quantity, unitPrice: product.price };
  });
}
