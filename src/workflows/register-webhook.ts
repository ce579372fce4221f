import type { Viewer } from '../call.ts';
import type { WebhookSender } from '../webhooks/send-webhook.ts';
import { invalidInput } from './problems.ts';
import type { Problem } from './state.ts';
import type { WebhookStore } from './webhook-store.ts';

/** A new address, or why it was not taken. The secret is told this once. */
export interface RegisteredWebhook {
  readonly id: string | null;
  readonly secret: string | null;
  readonly problems: readonly Problem[];
}

const statuses = ['running', 'waiting', 'succeeded', 'failed', 'compensating', 'compensated', 'cancelled'];

/** What an address can hear of: a workflow coming to a status, or all of these. */
export const webhookEvents: readonly string[] = [
  'workflow.*',
  ...statuses.map((status) => `workflow.${status}`),
];

const maxWebhooks = 20;

/** Registers an address for the viewer, where it may be sent to. */
export async function registerWebhook(
  store: WebhookStore,
  sender: WebhookSender,
  viewer: Viewer,
  url: string,
  events: readonly string[],
): Promise<RegisteredWebhook> {
  const problems: Problem[] = events.flatMap((event, index) =>
    webhookEvents.includes(event)
      ? []
      : [invalidInput(`Events are ${webhookEvents.join(', ')}.`, ['events', String(index)])],
  );
  if (events.length === 0) problems.push(invalidInput('Name at least one event.', ['events']));
  const refusal = await sender.refusal(url);
  if (refusal !== null) problems.push(invalidInput(refusal, ['url']));
  if (problems.length === 0 && (await store.countOf(viewer.id)) >= maxWebhooks) {
    problems.push(invalidInput(`There can be ${maxWebhooks} addresses.`, ['url']));
  }
  if (problems.length > 0) return { id: null, secret: null, problems };
  const registered = await store.register(viewer.id, viewer.scopes.has('admin'), url, [...new Set(events)]);
  return { ...registered, problems: [] };
}
