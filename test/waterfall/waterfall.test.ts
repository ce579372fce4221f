import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Waterfall } from '../../src/waterfall/waterfall.ts';
import { startWeir, type Weir } from '../start-weir.ts';

const PAGE = /* GraphQL */ `
  {
    me {
      name
      orders(first: 10) { nodes { payment { status } items { product { name stock { available } } } } }
      bookings(first: 5) { nodes { flight { number } payment { status } } }
    }
  }
`;

describe('extensions.waterfall', () => {
  let weir: Weir;
  let ada: string;
  beforeAll(async () => {
    weir = await startWeir();
    ada = await weir.signIn();
  });
  afterAll(async () => weir[Symbol.asyncDispose]());

  const trace = async (query: string, token?: string): Promise<Waterfall> => {
    const { extensions } = await weir.ask(query, { token, headers: { 'x-weir-trace': '1' } });
    return extensions.waterfall;
  };

  it('is there only for who asks', async () => {
    const { extensions } = await weir.ask(PAGE, { token: ada });
    expect(extensions).toBeUndefined();
  });

  it('tells each call that the backends saw, and no other', async () => {
    await weir.forgetCalls();
    const { calls } = await trace(PAGE, ada);
    const seen = await weir.allCalls();
    const told = calls.map(({ backend, route, keys, source }) => {
      const [head = '', by] = route.split('?');
      return source === 'network' ? `${backend} ${head}${by ? `?${by}=${keys.join(',')}` : ''}` : null;
    });
    // What was sent may have more parameters than the route names: compare up to the keys.
    const sent = seen.map((call) => call.replace(/&.*$/, '').replace(/\?limit=.*$/, ''));
    expect(told.filter((line) => line !== null).sort()).toEqual(sent.sort());
  });

  it('knows that the order page is two steps deep, and what was saved', async () => {
    const waterfall = await trace(PAGE, ada);
    expect(waterfall.version).toBe(1);
    expect(waterfall.depth).toBe(2);
    expect(waterfall.traceId).toMatch(/^[0-9a-f]{32}$/);
    expect(waterfall.truncated).toBe(false);
    const wave = (route: string): number | undefined =>
      waterfall.calls.find((call) => call.route === route)?.wave;
    expect(wave('GET /users?ids')).toBe(1);
    expect(wave('GET /orders?userIds')).toBe(1);
    expect(wave('GET /bookings?userIds')).toBe(1);
    expect(wave('GET /products?ids')).toBe(2);
    expect(wave('GET /stock?productIds')).toBe(2);
    const batches = waterfall.calls.reduce((sum, { batchSize }) => sum + batchSize - 1, 0);
    expect(waterfall.saved.batched).toBe(batches);
    const products = waterfall.calls.find(({ route }) => route === 'GET /products?ids');
    expect(products?.paths).toEqual(['me.orders.nodes.items.product']);
    expect(products?.batchSize).toBe(products?.keys.length);
  });

  it('has a critical path that leads through the slow calls', async () => {
    await weir.fault('orders', { latencyMs: 80 });
    await weir.fault('products', { latencyMs: 60 });
    const { calls, criticalPathMs, totalMs, overheadMs } = await trace(PAGE, ada);
    const critical = calls.filter((call) => call.critical).map(({ route }) => route);
    expect(critical).toEqual(['GET /orders?userIds', 'GET /products?ids']);
    expect(criticalPathMs).toBeGreaterThanOrEqual(135);
    expect(criticalPathMs).toBeLessThanOrEqual(totalMs);
    expect(overheadMs).toBeLessThan(totalMs - criticalPathMs + 5);
    for (const backend of ['orders', 'products']) await weir.fault(backend, null);
  });

  it('shows a retry as an attempt of its own, and an error by its code', async () => {
    await weir.fault('products', { errorRate: 1, status: 503 });
    const { calls } = await trace('{ product(id: "Product:1") { name } }');
    expect(calls.length).toBeGreaterThanOrEqual(1);
    expect(calls.at(-1)).toMatchObject({ status: 503, error: 'UPSTREAM_UNAVAILABLE', attempt: calls.length });
    await weir.fault('products', null);
  });

  it('continues the trace of the caller', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    await weir.forgetCalls();
    const { extensions } = await weir.ask('{ product(id: "Product:2") { name } }', {
      headers: { 'x-weir-trace': '1', traceparent },
    });
    expect(extensions.waterfall.traceId).toBe('0af7651916cd43dd8448eb211c80319c');
    for (const call of await weir.calls('products')) {
      expect(call.headers.traceparent).toContain('0af7651916cd43dd8448eb211c80319c');
    }
  });
});
