import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { createGateway } from '../../src/gateway.ts';

const SECRET = 'SECRET of somebody';
const row = {
  ...{ id: '1', name: 'Cup', description: 'A cup', category: 'kitchen', imageUrl: null },
  ...{ price: { amount: 100, currency: 'EUR' }, createdAt: '2026-01-01T00:00:00Z' },
};

/** A gateway in front of a products backend that answers this row beside a good one. */
async function openGateway(product: object, mode: 'production' | 'development' = 'production') {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ items: [row, { ...row, id: '2', ...product }] }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const lines: string[] = [];
  const sink = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  });
  const gateway = createGateway({
    config: readConfig({
      NODE_ENV: mode,
      PRODUCTS_URL: `http://127.0.0.1:${port}`,
      BACKEND_CLIENT_SECRET: 'ours-and-long-enough',
      ADMIN_PORT: '0',
    }),
    log: pino(sink),
  });
  const url = await gateway.listen(0, '127.0.0.1');
  return {
    lines,
    async ask(query: string, accept = 'application/json') {
      const headers = { 'content-type': 'application/json', accept };
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers,
        body: JSON.stringify({ query }),
      });
      return response.text();
    },
    metrics: async () => (await fetch(`${gateway.adminAddress}/metrics`)).text(),
    async [Symbol.asyncDispose]() {
      await gateway.close();
      server.closeAllConnections();
      server.close();
    },
  };
}

const PRODUCTS =
  '{ products: nodes(ids: ["Product:1", "Product:2"]) { ... on Product { price { amount } } } }';

describe('a leaf that cannot be what the schema says, in production', () => {
  it.each([
    ['an answer at once', PRODUCTS, 'application/json'],
    [
      'a fragment by name',
      `fragment P on Product { price { amount } } query { products: nodes(ids: ["Product:1", "Product:2"]) { ...P } }`,
      'application/json',
    ],
    [
      'an answer in parts',
      PRODUCTS.replace('... on', '... @defer ... on').replace(
        '{ ... @defer ... on Product {',
        '{ ... on Product @defer {',
      ),
      'multipart/mixed',
    ],
  ])(
    'names the backend to the client, and its endpoint to the operator: %s',
    async (_name, query, accept) => {
      await using weir = await openGateway({ price: { amount: SECRET, currency: 'EUR' } });
      const answer = await weir.ask(query, accept);
      expect(answer).toContain('"code":"UPSTREAM_BAD_RESPONSE"');
      expect(answer).toContain('"backend":"products"');
      expect(answer).not.toContain('SECRET');

      const told = weir.lines
        .filter((line) => line.includes('breaks its contract'))
        .map((line) => JSON.parse(line));
      expect(told).toMatchObject([
        {
          backend: 'products',
          route: 'GET /products?ids',
          issues: ['products.1.price.amount: not what the schema says'],
          refused: true,
        },
      ]);
      expect(weir.lines.join('')).not.toContain('SECRET');
      expect(await weir.metrics()).toContain(
        'weir_upstream_contract_breaks_total{backend="products",route="GET /products?ids"} 1',
      );
    },
  );
});

describe('an answer with a fault that nobody has asked to see', () => {
  const query = '{ product(id: "Product:2") { name } }';

  it('is refused in development', async () => {
    await using weir = await openGateway({ createdAt: 7 }, 'development');
    expect(await weir.ask(query)).toContain('"code":"UPSTREAM_BAD_RESPONSE"');
    expect(await weir.metrics()).toContain('weir_upstream_contract_breaks_total{backend="products"');
  });

  it('costs nobody anything in production', async () => {
    await using weir = await openGateway({ createdAt: 7 });
    expect(JSON.parse(await weir.ask(query))).toEqual({ data: { product: { name: 'Cup' } } });
  });
});
