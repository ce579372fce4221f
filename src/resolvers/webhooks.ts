import type { MutationResolvers, UserResolvers, WebhookResolvers } from './generated/types.ts';

/** A webhook's id as clients see it. It is no `Node`: it is found among its owner's. */
const toWebhookId = (rawId: string): string => `Webhook:${rawId}`;

export const Webhook: WebhookResolvers = {
  id: ({ id }) => toWebhookId(id),
  deliveries: ({ id }, { first }, { workflows }) => workflows.deliveriesOf(id, first),
};

export const userWebhooks: Pick<UserResolvers, 'webhooks'> = {
  webhooks: ({ id }, _, { workflows }) => workflows.webhooksOf(id),
};

export const webhookMutations: Pick<MutationResolvers, 'registerWebhook'> = {
  registerWebhook: async (_, { input: { url, events } }, { workflows, viewer }) => {
    // The access rule SIGNED_IN stands before it.
    if (viewer === null) return { problems: [] };
    const { id, ...registered } = await workflows.registerWebhook(viewer, url, events);
    return { ...registered, id: id === null ? null : toWebhookId(id) };
  },
};
