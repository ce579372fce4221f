import { createServer, type ServerResponse } from 'node:http';
import type { CacheAnswer } from '../../src/http/cache/cache-answer.ts';
import { type Fields, toStorable } from '../../src/http/cache/stored-fields.ts';
import { bodyOf, fieldsOf, type OnInterim, type ProxyRequest } from './origin.ts';

/** Answers a request, from a cache or from the origin. Rejects where neither can. */
export type Forward = (request: ProxyRequest, onInterim: OnInterim) => Promise<CacheAnswer<Buffer>>;

/** Starts a reverse proxy on a free port of loopback, which leaves everything about caching to `forward`. */
export async function startReverseProxy(forward: Forward): Promise<{ port: number; close(): void }> {
  const server = createServer(async (message, response) => {
    try {
      const answer = await forward(
        {
          method: message.method ?? 'GET',
          url: message.url ?? '/',
          fields: toStorable(fieldsOf(message.rawHeaders), ['host', 'expect']),
          body: await bodyOf(message),
        },
        (status, fields) => interim(response, status, fields),
      );
      finish(response, message.method ?? 'GET', answer);
    } catch {
      response.writeHead(502).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy listens nowhere');
  return {
    port: address.port,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function interim(response: ServerResponse, status: number, fields: Fields): void {
  if (status === 102) response.writeProcessing();
  if (status === 103) response.writeEarlyHints(toHeaders(fields));
}

function finish(response: ServerResponse, method: string, answer: CacheAnswer<Buffer>): void {
  const headers = toHeaders(toStorable(answer.fields));
  if ('date' in headers) response.sendDate = false;
  response.writeHead(answer.status, headers);
  response.end(method === 'HEAD' ? undefined : answer.body);
}

function toHeaders(fields: Fields): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined) headers[name] = typeof value === 'string' ? value : [...value];
  }
  return headers;
}
