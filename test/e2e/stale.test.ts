import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { createGateway } from '../../src/gateway.ts';

const product = {
  ...{ id: '1', name: 'Cup', description: 'A cup', category: 'kitchen', imageUrl: null },
  ...{ price: { amount: 100, currency: 'EUR' }, createdAt: '2026-01-01T00:00:00Z' },
};

/** A products backend that can be made to fail, and says how long its answers may be used. */
async function serveProducts(cacheControl: string) {
  const state = { sick: false, asked: 0 };
  const server = createServer((_request, response) => {
    state.asked += 1;
    if (state.sick) {
      response.writeHead(503, { 'content-type': 'application/problem+json' }).end('{}');
      return;
    }
    response.writeHead(200, { 'content-type': 'application/json', 'cache-control': cacheControl });
    response.end(JSON.stringify({ items: [product] }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const config = readConfig({ NODE_ENV: 'test', PRODUCTS_URL: `http://127.0.0.1:${port}` });
  const gateway = createGateway({ config });
  const url = await gateway.listen(0, '127.0.0.1');
  return {
    state,
    async ask() {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-weir-trace': '1' },
        body: '{"query":"{ product(id: \\"Product:1\\") { name } }"}',
      });
      // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever it asked for.
      const { data, errors, extensions } = (await response.json()) as any;
      const calls: { readonly source: string }[] = extensions.waterfall.calls;
      return { data, errors, sources: calls.map(({ source }) => source) };
    },
    async [Symbol.asyncDispose]() {
      await gateway.close();
      server.closeAllConnections();
      server.close();
    },
  };
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('a backend that is away', () => {
  it('is stood in for by what it said before, where it allows that, and the waterfall says so', async () => {
    await using backend = await serveProducts('public, max-age=1, stale-if-error=60');
    expect(await backend.ask()).toEqual({ data: { product: { name: 'Cup' } }, sources: ['network'] });
    backend.state.sick = true;
    await sleep(1_300);
    const { data, errors, sources } = await backend.ask();
    expect([data, errors]).toEqual([{ product: { name: 'Cup' } }, undefined]);
    expect(sources).toContain('stale');
    expect(backend.state.asked).toBeGreaterThan(1);
  });

  it('is not, where it does not', async () => {
    await using backend = await serveProducts('public, max-age=1');
    await backend.ask();
    backend.state.sick = true;
    await sleep(1_300);
    const { data, errors, sources } = await backend.ask();
    expect(data).toEqual({ product: null });
    expect(errors[0].extensions).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', backend: 'products' });
    expect(sources).not.toContain('stale');
  });
});
