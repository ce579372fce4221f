import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** What a client has sent. */
export interface Seen {
  readonly headers: IncomingMessage['headers'];
  readonly body: {
    readonly query?: string;
    readonly variables?: Record<string, unknown>;
    readonly extensions?: unknown;
  };
}

export type Answerer = (response: ServerResponse, seen: Seen) => void;

/** A server that misbehaves to order: the first request gets the first answer, and so on; the last one stays. */
export interface FakeWeir extends AsyncDisposable {
  readonly url: string;
  readonly seen: Seen[];
}

/** Answers with JSON. */
export const json =
  (body: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Answerer =>
  (response) => {
    response.writeHead(status, { 'content-type': 'application/json', 'x-request-id': 'r-1', ...headers });
    response.end(JSON.stringify(body));
  };

/** Answers without data, with one error of this code. */
export const failure = (code: string, retryable: boolean, extensions: object = {}): Answerer =>
  json({
    errors: [{ message: `it is ${code}`, extensions: { code, retryable, requestId: 'r-2', ...extensions } }],
  });

/** Drops the connection. */
export const hangUp: Answerer = (response) => void response.destroy();

/** Sends these events; then says that it is complete, or breaks off. */
export const events =
  (payloads: readonly unknown[], end: 'complete' | 'break'): Answerer =>
  (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(':\n\n');
    for (const payload of payloads) response.write(`event: next\ndata: ${JSON.stringify(payload)}\n\n`);
    if (end === 'complete') response.end('event: complete\ndata:\n\n');
    else setTimeout(() => response.destroy(), 30);
  };

/** Starts it on a free port. */
export async function startFakeWeir(...answers: readonly Answerer[]): Promise<FakeWeir> {
  const seen: Seen[] = [];
  const server = createServer(async (request, response) => {
    const one = { headers: request.headers, body: JSON.parse(await text(request)) };
    const answer = answers[Math.min(seen.length, answers.length - 1)];
    seen.push(one);
    answer?.(response, one);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/graphql`,
    seen,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
