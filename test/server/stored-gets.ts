import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { readConfig } from '../../src/config.ts';
import { createGateway } from '../../src/gateway.ts';

/** What a GET of a stored document was answered. */
export interface Got {
  readonly status: number;
  readonly control: string | null;
  /** The seconds of `max-age`; null where there are none. */
  readonly maxAge: number | null;
  readonly etag: string | null;
  readonly vary: string | null;
  readonly type: string | null;
  readonly body: string;
}

export interface GetOptions {
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What a client says of a document whose hash is to do from now on. */
export function persisted(query: string): { readonly extensions: object } {
  const sha256Hash = createHash('sha256').update(query).digest('hex');
  return { extensions: { persistedQuery: { version: 1, sha256Hash } } };
}

/** Sends a document once, so that its hash will do, and then asks for it by GET. */
export async function getStored(url: string, query: string, options: GetOptions = {}): Promise<Got> {
  const headers = {
    'graphql-require-preflight': '1',
    ...(options.token === undefined ? {} : { authorization: `Bearer ${options.token}` }),
    ...options.headers,
  };
  const search = new URLSearchParams({ query, extensions: JSON.stringify(persisted(query).extensions) });
  return toGot(await fetch(`${url}/graphql?${search}`, { headers }));
}

/** What of an answer says how long it may be kept. */
export async function toGot(response: Response): Promise<Got> {
  const control = response.headers.get('cache-control');
  const seconds = /max-age=(\d+)/.exec(control ?? '')?.[1];
  return {
    status: response.status,
    control,
    maxAge: seconds === undefined ? null : Number(seconds),
    etag: response.headers.get('etag'),
    vary: response.headers.get('vary'),
    type: response.headers.get('content-type'),
    body: await response.text(),
  };
}

/** What a test's backend says of some objects. */
export interface Said {
  readonly headers?: Readonly<Record<string, string>>;
  readonly status?: number;
  readonly afterMs?: number;
}

/** A gateway before a backend for products and users that says whatever a test wants it to say of how long its answers hold. */
export async function startShelf(
  say: (ids: string) => Said,
  environment: Readonly<Record<string, string>> = {},
) {
  const server = createServer(async (request, response) => {
    const ids = new URL(request.url ?? '', 'http://shop').searchParams.get('ids') ?? '';
    const { headers = {}, status = 200, afterMs = 0 } = say(ids);
    await pause(afterMs);
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(status === 200 ? JSON.stringify({ items: ids.split(',').map(toProduct) }) : '{}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const own = `http://127.0.0.1:${port}`;
  const config = readConfig({ NODE_ENV: 'test', PRODUCTS_URL: own, USERS_URL: own, ...environment });
  const gateway = createGateway({ config });
  const url = await gateway.listen(0, '127.0.0.1');
  return {
    url,
    get: (...ids: readonly string[]) =>
      getStored(
        url,
        `{ nodes(ids: [${ids.map((id) => `"Product:${id}"`).join(' ')}]) { ... on Product { name } } }`,
      ),
    async [Symbol.asyncDispose]() {
      await gateway.close();
      server.closeAllConnections();
      server.close();
    },
  };
}

const toProduct = (id: string): object => ({
  ...{ id, name: 'Cup', description: 'A cup', category: 'kitchen', imageUrl: null },
  ...{ price: { amount: 100, currency: 'EUR' }, createdAt: '2026-01-01T00:00:00Z' },
});
