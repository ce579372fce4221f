import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { issueToken, VIEWER_ID } from './issuer.ts';
import { type BenchData, createBenchData } from './rows.ts';

/** The REST backend that every server of the bench stands on. */
export interface BenchBackend {
  readonly url: string;
  /** The one token that its personal resources take. */
  readonly token: string;
  close(): Promise<void>;
}

/** One answer: a JSON text, or the status of a refusal. */
type Reply = Buffer | string | number;

/** Answers by the query, and by the id that follows the path where there is one. */
type Endpoint = (query: URLSearchParams, id: string) => Reply;

/**
 * Starts the backend on a free port of loopback. It does as little as a REST service can, since it shares a core
 * with the load generator: rows are JSON text from the start, and a bulk read only joins them.
 *
 * An answer to a call without a token may be kept for half a minute, any other by nobody.
 *
 * `GET /_bench/calls` counts the calls an endpoint since `DELETE /_bench/calls`, and `PUT /_bench/latency/20` makes
 * each call take 20 ms.
 */
export async function createBenchBackend(): Promise<BenchBackend> {
  const { token, keySet } = await issueToken();
  const endpoints = createEndpoints(createBenchData());
  const calls = new Map<string, number>();
  let latencyMs = 0;

  const control = ({ method }: IncomingMessage, path: string): Reply => {
    if (path === '/.well-known/jwks.json') return keySet;
    if (path === '/_bench/calls') {
      if (method === 'DELETE') calls.clear();
      return JSON.stringify(Object.fromEntries(calls));
    }
    const latency = /^\/_bench\/latency\/(\d+)$/.exec(path)?.[1];
    if (latency === undefined) return 404;
    latencyMs = Number(latency);
    return '{}';
  };

  const server = createServer((request, response) => {
    const target = request.url ?? '/';
    const mark = target.indexOf('?');
    const address = mark === -1 ? target : target.slice(0, mark);
    const slash = address.indexOf('/', 1);
    const path = slash === -1 ? address : `${address.slice(0, slash)}/{id}`;
    const endpoint = endpoints.get(path);
    if (endpoint === undefined) {
      send(response, control(request, address));
      return;
    }
    calls.set(path, (calls.get(path) ?? 0) + 1);
    if (PERSONAL.has(path) && request.headers.authorization !== `Bearer ${token}`) {
      send(response, 401);
      return;
    }
    const reply = endpoint(
      new URLSearchParams(mark === -1 ? '' : target.slice(mark)),
      address.slice(slash + 1),
    );
    const keep = request.headers.authorization === undefined ? 'public, max-age=30' : 'no-store';
    if (latencyMs === 0) send(response, reply, keep);
    else setTimeout(send, latencyMs, response, reply, keep);
  });
  server.keepAliveTimeout = 120_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    token,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** What is somebody's, and so takes a token. */
const PERSONAL: ReadonlySet<string> = new Set(['/me', '/users', '/users/{id}', '/orders']);

function createEndpoints(data: BenchData): ReadonlyMap<string, Endpoint> {
  const users = toTexts(data.users);
  const authors = toTexts(data.authors);
  const products = toTexts(data.products);
  const orders = new Map(
    data.orders.map((of, index) => {
      const userId = data.users[index]?.id ?? '';
      return [userId, of.map((order) => JSON.stringify(order))] as const;
    }),
  );
  const posts = Buffer.from(JSON.stringify(data.posts));
  const rows = Buffer.from(JSON.stringify(data.rows));
  const byIds =
    (texts: ReadonlyMap<string, string>): Endpoint =>
    (query) => {
      const found: string[] = [];
      for (const id of keysIn(query, 'ids')) {
        const text = texts.get(id);
        if (text !== undefined) found.push(text);
      }
      return `{"items":[${found.join(',')}]}`;
    };
  return new Map<string, Endpoint>([
    ['/posts', () => posts],
    ['/rows', () => rows],
    ['/authors', byIds(authors)],
    ['/products', byIds(products)],
    ['/users', byIds(users)],
    // For gateways that are declared rather than written: no code of theirs reads claims, or takes a list's first.
    ['/me', () => users.get(VIEWER_ID) ?? 404],
    ['/users/{id}', (_query, id) => users.get(id) ?? 404],
    [
      '/orders',
      (query) => {
        const limit = Number(query.get('limit') ?? 10);
        const one = query.get('userId');
        if (one !== null) return `{"items":[${(orders.get(one) ?? []).slice(0, limit).join(',')}]}`;
        const pages = keysIn(query, 'userIds').map((userId) => {
          const items = (orders.get(userId) ?? []).slice(0, limit);
          return `{"userId":${JSON.stringify(userId)},"items":[${items.join(',')}]}`;
        });
        return `{"items":[${pages.join(',')}]}`;
      },
    ],
  ]);
}

function toTexts(rows: readonly { readonly id: string }[]): ReadonlyMap<string, string> {
  return new Map(rows.map((row) => [row.id, JSON.stringify(row)]));
}

function keysIn(query: URLSearchParams, name: string): readonly string[] {
  return (query.get(name) ?? '').split(',');
}

function send(response: ServerResponse, reply: Reply, keep = 'no-store'): void {
  if (typeof reply === 'number') {
    response.writeHead(reply, { 'content-type': 'application/problem+json', 'content-length': 2 });
    response.end('{}');
    return;
  }
  response.writeHead(200, {
    'content-type': 'application/json',
    'cache-control': keep,
    'content-length': Buffer.byteLength(reply),
  });
  response.end(reply);
}
