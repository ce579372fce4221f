import { fulfilmentIdOf, fulfilmentTopic } from './sagas/fulfil-order.ts';

/** What the warehouse tells of an order, by the type of its event. */
const words: ReadonlyMap<string, string> = new Map([
  ['order.shipped', 'shipped'],
  ['order.delivered', 'delivered'],
]);

/** Leaves a message for a workflow, once a key; false where there is none that could read it. */
interface Signals {
  signal(id: string, topic: string, message: unknown, key: string): Promise<boolean>;
}

/**
 * Hands the warehouse's word on to the workflow that follows its order.
 *
 * False where the event is none of the warehouse's, or names no order that anybody follows. Throws where it cannot be
 * told for now, so that it comes again.
 */
export async function hearWarehouse(
  workflows: Signals,
  event: { readonly type: string; readonly data: Readonly<Record<string, unknown>> },
): Promise<boolean> {
  const word = words.get(event.type);
  const { orderId } = event.data;
  if (word === undefined || typeof orderId !== 'string') return false;
  return workflows.signal(fulfilmentIdOf(orderId), fulfilmentTopic, word, `${orderId} ${word}`);
}
