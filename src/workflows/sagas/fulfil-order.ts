import { z } from 'zod';
import type { Sources } from '../../datasources/sources.ts';
import { stepFailed } from '../problems.ts';
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

/** How a workflow about an order ends that was cancelled meanwhile. */
export const orderCancelled = { code: 'ORDER_CANCELLED', message: 'The order was cancelled.' } as const;

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

  /** Waits for the warehouse's word, which may have come out of turn before, and reminds it as often as it takes. */
  const word = async (
    run: Run,
    orderId: string,
    wanted: string,
    { heard, waitingFor }: { readonly heard: Set<unknown>; readonly waitingFor: string },
  ): Promise<void> => {
    for (let reminders = 0; !heard.has(wanted); ) {
      const message = await run.message({ topic: fulfilmentTopic, timeoutMs: remindMs, waitingFor });
      if (message === 'cancelled') run.cancel(nameOf(wanted), orderCancelled.code, orderCancelled.message);
      if (message !== null) {
        heard.add(message);
        continue;
      }
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
      const handedOver = await run.step('handOver', {
        do: async ({ call, key }) => {
          // Whoever cancels the order tells this workflow, unless it was not there yet.
          const [order] = await orders.ordersByIds(call, [orderId]);
          if (order?.status === 'CANCELLED') return false;
          const message = toWarehouse('hand-over', orderId, 'shipped');
          await notifications.createMessage({ ...call, onBehalfOf: null }, message, key);
          return true;
        },
        mustSucceed: true,
      });
      if (!handedOver) run.cancel('handOver', orderCancelled.code, orderCancelled.message);

      const heard = new Set<unknown>();
      await word(run, orderId, 'shipped', { heard, waitingFor: 'the warehouse to ship the order' });
      await run.step('ship', {
        do: ({ call, key }) => orders.shipOrder(call, orderId, key),
        // The warehouse's word and the customer's crossed, and the customer's came first.
        refused: {
          'invalid-transition': () => stepFailed('ship', orderCancelled.message, orderCancelled.code),
        },
        mustSucceed: true,
      });

      await word(run, orderId, 'delivered', { heard, waitingFor: 'the warehouse to deliver the order' });
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
