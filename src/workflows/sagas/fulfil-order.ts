import { z } from 'zod';
import type { Sources } from '../../datasources/sources.ts';
import type { FollowUp, Run, Saga } from '../saga.ts';
import { notificationOf } from './notify.ts';

const inputShape = z.object({ orderId: z.string() });

export type FulfilOrderInput = z.infer<typeof inputShape>;

export interface FulfilOrderOptions {
  readonly sources: Pick<Sources, 'orders' | 'notifications'>;
  /** After this long without a word from the warehouse it is reminded, and again. */
  readonly remindMs?: number;
}

const threeDaysMs = 3 * 24 * 3600 * 1000;

/** The topic of messages about an order: `shipped` and `delivered` from the warehouse, `cancelled` from us. */
export const fulfilmentTopic = 'fulfilment';

/** The workflow that follows an order to its customer; the same one whoever asks. */
export const fulfilmentIdOf = (orderId: string): string => `fulfil-${orderId}`;

/** What follows when an order is confirmed. */
export const fulfilmentOf = (orderId: string): FollowUp => ({
  saga: 'fulfilOrder',
  id: fulfilmentIdOf(orderId),
  input: { orderId },
});

/** Follows a confirmed order for as long as it takes: to the warehouse, on its way, to the customer. */
export function createFulfilOrder(options: FulfilOrderOptions): Saga<FulfilOrderInput> {
  const { orders, notifications } = options.sources;
  const { remindMs = threeDaysMs } = options;

  /** Waits for the warehouse's word, and reminds it as often as it takes. */
  const word = async (run: Run, orderId: string, wanted: string, waitingFor: string): Promise<void> => {
    for (let reminders = 0; ; ) {
      const heard = await run.message({ topic: fulfilmentTopic, timeoutMs: remindMs, waitingFor });
      if (heard === wanted) return;
      if (heard === 'cancelled') run.cancel(nameOf(wanted), 'ORDER_CANCELLED', 'The order was cancelled.');
      // A word that is out of turn, such as a callback that was sent twice, changes nothing.
      if (heard !== null) continue;
      reminders += 1;
      await run.aside(`remind-${wanted}-${reminders}`, ({ call, key }) =>
        notifications.createMessage(
          { ...call, onBehalfOf: null },
          toWarehouse('reminder', orderId, wanted),
          key,
        ),
      );
    }
  };

  return {
    name: 'fulfilOrder',
    input: inputShape,
    secrets: [],
    steps: ['handOver', 'ship', 'deliver'],
    async run(run, { orderId }) {
      run.about({ type: 'Order', id: orderId }, null);
      await run.step('handOver', {
        do: ({ call, key }) =>
          notifications.createMessage(
            { ...call, onBehalfOf: null },
            toWarehouse('hand-over', orderId, 'shipped'),
            key,
          ),
        mustSucceed: true,
      });

      await word(run, orderId, 'shipped', 'the warehouse to ship the order');
      await run.step('ship', {
        do: ({ call, key }) => orders.shipOrder(call, orderId, key),
        mustSucceed: true,
      });

      await word(run, orderId, 'delivered', 'the warehouse to deliver the order');
      await run.step('deliver', {
        do: ({ call, key }) => orders.deliverOrder(call, orderId, key),
        mustSucceed: true,
      });
    },
    followUps: (end) =>
      end.status === 'SUCCEEDED'
        ? [notificationOf(end, 'order-delivered', { orderId: end.subject?.id })]
        : [],
  };
}

const nameOf = (wanted: string): string => (wanted === 'shipped' ? 'ship' : 'deliver');

/** The warehouse is told like anybody else, under a name of its own. */
const toWarehouse = (kind: string, orderId: string, wanted: string) => ({
  userId: 'warehouse',
  template: `warehouse-${kind}`,
  data: { orderId, wanted },
});
