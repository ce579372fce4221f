import type { IncomingMessage, ServerResponse } from 'node:http';
import { WeirError } from '../errors.ts';
import type { TakeWebhook, Verdict } from '../webhooks/incoming.ts';
import { headersOf, write } from './direct.ts';
import { readBody } from './read-body.ts';

/** The largest message, in bytes. */
const MAX_BYTES = 256 * 1024;

/** `POST /webhooks/<backend>`: hands a message's headers and bytes on, and tells its sender what became of it. */
export function createWebhookRoute(take: TakeWebhook) {
  return async (request: IncomingMessage, response: ServerResponse, backend: string): Promise<void> => {
    if (request.method !== 'POST')
      return answer(response, { status: 404, word: 'webhooks are sent by POST' });
    const header = headersOf(request);
    const headers = {
      id: header('webhook-id'),
      timestamp: header('webhook-timestamp'),
      signature: header('webhook-signature'),
    };
    try {
      answer(response, await take(backend, headers, await readBody(request, MAX_BYTES)));
    } catch (error) {
      if (!(error instanceof WeirError)) throw error;
      response.setHeader('connection', 'close');
      answer(response, { status: 400, word: 'the message is too large' });
    }
  };
}

function answer(response: ServerResponse, { status, word, hint }: Verdict): void {
  write(response, {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
    body: JSON.stringify(hint === undefined ? { status: word } : { status: word, hint }),
  });
}
