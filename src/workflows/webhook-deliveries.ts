import { setTimeout as delay } from 'node:timers/promises';
import type { WebhookSender } from '../webhooks/send-webhook.ts';
import type { DueDelivery, WebhookStore } from './webhook-store.ts';

export interface WebhookDeliveriesOptions {
  readonly store: WebhookStore;
  readonly sender: WebhookSender;
  /** How often to look for messages that are due. */
  readonly everyMs?: number;
  /** The wait before the second attempt; it grows fivefold, up to an hour. */
  readonly baseMs?: number;
  log(message: string): void;
}

/** How long a message is tried. */
const dayMs = 24 * 3600 * 1000;
const maxWaitMs = 3600 * 1000;
const atOnce = 10;
/** How long a process may take over what it took; another one tries again then. */
const leaseMs = 60_000;
const unsigned = { ok: false, reason: 'There is no secret to sign with.' } as const;

/**
 * Sends what is due, again and again, each message by one process at a time.
 *
 * A receiver that does not answer with a 2xx is tried for a day. It may get a message twice, under the same id:
 * when a process dies between the answer and the note of it.
 */
export function createWebhookDeliveries(options: WebhookDeliveriesOptions): { close(): Promise<void> } {
  const { store, sender, everyMs = 1000, baseMs = 5000, log } = options;
  const stop = new AbortController();

  const deliver = async ({ attempts, ageMs, secret, ...message }: DueDelivery): Promise<void> => {
    const sent = secret === null ? unsigned : await sender.send({ ...message, secret });
    if (sent.ok) return store.delivered(message.id);
    const waitMs = Math.min(maxWaitMs, baseMs * 5 ** (attempts - 1)) * (0.75 + Math.random() / 2);
    await store.failed(message.id, sent.reason, ageMs + waitMs > dayMs ? null : Math.round(waitMs));
  };

  const loop = async (): Promise<void> => {
    let failing = false;
    while (!stop.signal.aborted) {
      let taken = 0;
      try {
        const due = await store.take(atOnce, leaseMs);
        taken = due.length;
        await Promise.all(due.map(deliver));
        failing = false;
      } catch (error) {
        // Once an outage, not once a second.
        if (!failing) log(`Webhooks cannot be sent for now: ${String(error)}`);
        failing = true;
      }
      if (taken < atOnce) {
        await delay(everyMs, undefined, { signal: stop.signal, ref: false }).catch(() => undefined);
      }
    }
  };
  const looping = loop();

  return {
    async close() {
      stop.abort();
      await looping;
    },
  };
}
