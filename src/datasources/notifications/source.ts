import { type BackendTable, endpointOf } from '../../backends.ts';
import type { Call } from '../../call.ts';
import type { Upstream } from '../../http/upstream.ts';
import type { Message, NewMessage } from './wire/types.gen.ts';
import { zMessage, zMessageList } from './wire/zod.gen.ts';

/** What the notifications backend can be asked. */
export interface NotificationsSource {
  createMessage(call: Call, message: NewMessage, idempotencyKey: string): Promise<Message>;
  messagesByIdempotencyKey(call: Call, idempotencyKey: string): Promise<readonly Message[]>;
}

/** The notifications backend, one method an endpoint. */
export function createNotificationsSource(upstream: Upstream, table: BackendTable): NotificationsSource {
  const createMessage = endpointOf(table, 'notifications', 'createMessage');
  const messagesByIdempotencyKey = endpointOf(table, 'notifications', 'messagesByIdempotencyKey');
  return {
    createMessage: (call, body, idempotencyKey) =>
      upstream.send(call, { endpoint: createMessage, body, idempotencyKey, decode: zMessage }),
    messagesByIdempotencyKey: async (call, idempotencyKey) =>
      (
        await upstream.send(call, {
          endpoint: messagesByIdempotencyKey,
          query: { idempotencyKey },
          decode: zMessageList,
        })
      ).items,
  };
}
