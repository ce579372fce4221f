import type { ServerResponse } from 'node:http';
import { z } from 'zod';
import { type BackendTable, type Endpoint, type EndpointRow, endpointOf } from '../../../src/backends.ts';
import type { Call, CallRecord } from '../../../src/call.ts';
import { createUpstream } from '../../../src/http/create-upstream.ts';
import type { Layer } from '../../../src/http/exchange.ts';
import type { UpstreamClient } from '../../../src/http/upstream-options.ts';
import { quick } from '../rest-client.ts';
import { json, type RestServer, serve } from '../rest-server.ts';

export const product = z.object({ id: z.string(), name: z.string(), price: z.number() });
export type Product = z.infer<typeof product>;
export const productList = z.object({ items: z.array(product) });

const endpoints = {
  productsByIds: {
    method: 'GET',
    path: '/products',
    by: ['ids'],
    bulk: { param: 'ids', max: 100 },
    credentials: 'none',
    usualMs: 10,
    entity: 'products',
  },
  productById: {
    method: 'GET',
    path: '/products/{id}',
    credentials: 'none',
    usualMs: 10,
    entity: 'products',
  },
  searchProducts: {
    method: 'GET',
    path: '/products',
    by: ['search'],
    credentials: 'none',
    usualMs: 10,
    entity: 'products',
  },
  ownProducts: {
    method: 'GET',
    path: '/own',
    by: ['ids'],
    bulk: { param: 'ids', max: 100 },
    credentials: 'viewer',
    usualMs: 10,
    entity: 'products',
  },
  ownList: { method: 'GET', path: '/own/list', credentials: 'viewer', usualMs: 10, entity: 'products' },
} as const satisfies Record<string, EndpointRow>;

/** What the shop of a test does with a read; by default it answers. */
export type Behaviour = (read: ShopRead) => void;

export interface ShopRead {
  readonly url: URL;
  readonly ids: readonly string[];
  readonly response: ServerResponse;
  /** The bearer token, or null. */
  readonly token: string | null;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Answers with these rows, by default the products asked for as they were when it was asked. */
  answer(rows?: readonly unknown[], headers?: Readonly<Record<string, string>>): void;
  fail(status: number, headers?: Readonly<Record<string, string>>): void;
}

/** A shop's REST backend whose products and manners a test can change. */
export interface Shop extends AsyncDisposable {
  readonly server: RestServer;
  readonly urls: () => string[];
  /** Products by id; an id that is not here does not exist. */
  readonly products: Map<string, Product>;
  headers: Record<string, string>;
  behaviour: Behaviour;
  /** How long it thinks, in milliseconds. */
  latencyMs: number;
}

export const fresh = {
  'cache-control': 'public, max-age=30, stale-while-revalidate=300, stale-if-error=3600',
};

/** Opens a shop with the products `1` to `count`, whose answers are dated by this clock. */
export async function openShop(count = 20, now: () => number = Date.now): Promise<Shop> {
  const products = new Map<string, Product>();
  for (let id = 1; id <= count; id += 1) {
    products.set(String(id), { id: String(id), name: `product ${id}`, price: id * 100 });
  }
  const server = await serve((request, response) => {
    const url = new URL(request.url ?? '/', 'http://shop');
    const single = /^\/products\/(.+)$/.exec(url.pathname)?.[1];
    const ids = single !== undefined ? [single] : (url.searchParams.get('ids')?.split(',') ?? []);
    const token = request.headers.authorization?.replace('Bearer ', '') ?? null;
    response.setHeader('date', new Date(now()).toUTCString());
    const fail = (status: number, headers: Readonly<Record<string, string>> = {}): void =>
      json(response, { type: 'about:blank', status }, status, headers);
    // Read now, sent when it has thought: what changes meanwhile is not in it.
    const known = url.searchParams.has('search')
      ? [...products.values()]
      : ids.flatMap((id) => products.get(id) ?? []);
    const answer = (
      rows: readonly unknown[] = known,
      headers: Readonly<Record<string, string>> = shop.headers,
    ): void => {
      if (single === undefined) json(response, { items: rows }, 200, headers);
      else if (rows.length > 0) json(response, rows[0], 200, headers);
      else fail(404);
    };
    const act = (): void =>
      shop.behaviour({ url, ids, response, token, headers: request.headers, answer, fail });
    if (shop.latencyMs > 0) setTimeout(act, shop.latencyMs);
    else act();
  });
  const shop: Shop = {
    server,
    urls: () => server.received.map(({ url }) => url),
    products,
    headers: fresh,
    behaviour: (read) => read.answer(),
    latencyMs: 0,
    [Symbol.asyncDispose]: () => server.close(),
  };
  return shop;
}

/** A gateway's REST client with these layers in front of a shop. */
export interface ShopClient extends AsyncDisposable {
  readonly upstream: UpstreamClient;
  /** Every attempt that was sent. */
  readonly records: readonly CallRecord[];
  readonly endpoint: (name: keyof typeof endpoints) => Endpoint;
  byIds(call: Call, ids: readonly string[]): Promise<readonly Product[]>;
  byId(call: Call, id: string): Promise<Product | null>;
  search(call: Call, text: string): Promise<readonly Product[]>;
}

export const shopTable = (attempts = 1): BackendTable => ({
  shop: { ...quick, timeoutMs: 2000, concurrency: 64, queue: 512, attempts, endpoints },
});

export function visit(
  shop: Shop,
  layers: readonly Layer[],
  checkShapes: 'always' | number = 'always',
): ShopClient {
  const records: CallRecord[] = [];
  const table = shopTable();
  const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const upstream = createUpstream({
    table,
    instances: { shop: [shop.server.url] },
    checkShapes,
    log: quiet,
    layers,
    events: { attempt: (record) => records.push(record) },
  });
  const endpoint = (name: keyof typeof endpoints): Endpoint => endpointOf(table, 'shop', name);
  return {
    upstream,
    records,
    endpoint,
    byIds: async (call, ids) =>
      (
        await upstream.send(call, {
          endpoint: endpoint('productsByIds'),
          query: { ids },
          decode: productList,
        })
      ).items,
    byId: (call, id) =>
      upstream.find(call, { endpoint: endpoint('productById'), path: { id }, decode: product }),
    search: async (call, search) =>
      (
        await upstream.send(call, {
          endpoint: endpoint('searchProducts'),
          query: { search },
          decode: productList,
        })
      ).items,
    [Symbol.asyncDispose]: () => upstream.close(),
  };
}
