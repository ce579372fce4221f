import { z } from 'zod';
import type { Sources } from '../../datasources/sources.ts';
import { notCancellable, notFound, Refusal } from '../problems.ts';
import { refund } from '../refund.ts';
import { approvalTopic, type Saga } from '../saga.ts';
import { fulfilmentIdOf, fulfilmentTopic } from './fulfil-order.ts';
import { notificationOf } from './notify.ts';

const inputShape = z.object({ orderId: z.string(), ownerId: z.string() });

/** The order and whose it is: an administrator may cancel anybody's. Raw ids. */
export type CancelOrderInput = z.infer<typeof inputShape>;

/**
 * Calls an order off, pays it back and puts its goods back on the shelf.
 *
 * The order is cancelled first: that is where the backend says no to one that is on its way. From there on
 * everything is tried until it works.
 */
export function createCancelOrder({
  sources: { orders, inventory, payments },
}: {
  readonly sources: Pick<Sources, 'orders' | 'inventory' | 'payments'>;
}): Saga<CancelOrderInput> {
  return {
    name: 'cancelOrder',
    input: inputShape,
    secrets: [],
    steps: ['checkOrder', 'cancelOrder', 'refund', 'restock'],
    async run(run, { orderId, ownerId }) {
      run.about({ type: 'Order', id: orderId }, null);
      await run.step('checkOrder', {
        do: async ({ call }) => {
          const [order] = await orders.ordersByIds({ ...call, onBehalfOf: ownerId }, [orderId]);
          if (!order) throw new Refusal(notFound('There is no such order.', ['orderId']));
          if (order.status === 'CANCELLED')
            throw new Refusal(notCancellable('The order is cancelled already.'));
        },
      });

      const order = await run.step('cancelOrder', {
        do: ({ call, key }) => orders.cancelOrder({ ...call, onBehalfOf: ownerId }, orderId, key),
        find: async ({ call }) =>
          (await orders.ordersByIds({ ...call, onBehalfOf: ownerId }, [orderId])).filter(
            ({ status }) => status === 'CANCELLED',
          ),
        refused: {
          'invalid-transition': () =>
            notCancellable('The order is on its way and cannot be cancelled any more.'),
        },
      });

      const { paymentId, reservationId } = order;
      if (paymentId === null) run.skip('refund');
      else {
        await run.step('refund', {
          do: ({ call, key }) => refund(payments, { ...call, onBehalfOf: ownerId }, paymentId, key),
          mustSucceed: true,
        });
      }
      if (reservationId === null) run.skip('restock');
      else {
        await run.step('restock', {
          do: ({ call, key }) =>
            inventory.releaseReservation({ ...call, onBehalfOf: ownerId }, reservationId, key),
          mustSucceed: true,
        });
      }
      const subject = { type: 'Order', id: orderId } as const;
      await run.tell('stop fulfilment', [
        { to: fulfilmentIdOf(orderId), topic: fulfilmentTopic, message: 'cancelled' },
        // It may still wait for an administrator's yes.
        { to: { saga: 'placeOrder', subject }, topic: approvalTopic, message: null },
      ]);
      run.about(subject, order);
    },
    followUps: (end) =>
      end.status === 'SUCCEEDED'
        ? [notificationOf(end, 'order-cancelled', { orderId: end.subject?.id })]
        : [],
  };
}
