import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startWeir, type Weir } from '../start-weir.ts';

const PAGE = /* GraphQL */ `
  {
    me {
      name
      orders(first: 3) { nodes { id items { product { name stock { available } } } payment { status } } }
      bookings(first: 3) { nodes { reference flight { number } } }
    }
  }
`;

describe('a sick backend', () => {
  let weir: Weir;
  let ada: string;
  beforeAll(async () => {
    weir = await startWeir({ DEADLINE_MS: '1500' });
    ada = await weir.signIn();
  });
  afterEach(async () => {
    for (const backend of Object.keys(weir.backends)) await weir.fault(backend, null);
  });
  afterAll(async () => weir[Symbol.asyncDispose]());

  it('costs its own fields and no more', async () => {
    await weir.fault('users', { errorRate: 1, status: 500 });
    const { data, errors } = await weir.ask(PAGE, { token: ada });
    expect(data.me.name).toBeNull();
    expect(data.me.orders.nodes).toHaveLength(3);
    expect(data.me.orders.nodes[0].items[0].product.stock.available).toEqual(expect.any(Number));
    expect(data.me.bookings.nodes.length).toBeGreaterThanOrEqual(3);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatchObject({
      path: ['me', 'name'],
      extensions: { backend: 'users', requestId: expect.any(String) },
    });
  });

  it.each([
    ['hang', ['UPSTREAM_TIMEOUT', 'DEADLINE_EXCEEDED']],
    ['reset', ['UPSTREAM_UNAVAILABLE']],
    ['html', ['UPSTREAM_BAD_RESPONSE']],
    ['garbage', ['UPSTREAM_BAD_RESPONSE']],
    ['empty', ['UPSTREAM_BAD_RESPONSE']],
    ['wrong-shape', ['UPSTREAM_BAD_RESPONSE']],
    ['truncate', ['UPSTREAM_BAD_RESPONSE', 'UPSTREAM_UNAVAILABLE']],
  ])('in the mode %s is a typed error within the deadline', async (mode, codes) => {
    await weir.fault('inventory', { mode });
    const startedAt = performance.now();
    const { data, errors, status } = await weir.ask(PAGE, { token: ada });
    expect(performance.now() - startedAt).toBeLessThan(2_500);
    expect(status).toBe(200);
    expect(data.me.orders.nodes).toHaveLength(3);
    for (const order of data.me.orders.nodes) {
      for (const { product } of order.items)
        expect(product).toEqual({ name: expect.any(String), stock: null });
    }
    expect(errors.length).toBeGreaterThan(0);
    for (const error of errors) {
      expect(codes).toContain(error.extensions.code);
      expect(error.extensions.backend).toBe('inventory');
      // Neither address nor anything of what the backend said.
      expect(JSON.stringify(error)).not.toMatch(/127\.0\.0\.1|localhost|<html|stack|at .*\.ts/i);
    }
  });
});

describe('a backend that is down', () => {
  it('is told of by /readyz, and nothing else is lost', async () => {
    await using weir = await startWeir({ PRODUCTS_URL: 'http://127.0.0.1:9' });
    const ready = await fetch(`${weir.url}/readyz`);
    expect(ready.status).toBe(200);
    const state = (await ready.json()) as { backends: Record<string, { reachable: boolean }> };
    expect(state.backends.products?.reachable).toBe(false);
    expect(state.backends.orders?.reachable).toBe(true);
    const { data, errors } = await weir.ask('{ product(id: "Product:1") { name } airports { code } }');
    expect(data.product).toBeNull();
    expect(data.airports.length).toBeGreaterThanOrEqual(60);
    expect(errors[0]?.extensions).toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
      backend: 'products',
      retryable: true,
    });
  });
});
