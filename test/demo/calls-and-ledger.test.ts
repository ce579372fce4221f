import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type OpenDemo, openDemo } from './open-demo.ts';

let demo: OpenDemo;
beforeAll(async () => {
  demo = await openDemo({ only: ['users', 'products', 'orders'] });
});
afterAll(() => demo[Symbol.asyncDispose]());
beforeEach(async () => {
  for (const url of Object.values(demo.urls)) await fetch(`${url}/_demo/calls`, { method: 'DELETE' });
});

describe('GET /_demo/calls', () => {
  it('shows each call: method, path with query, headers, status', async () => {
    const etag = (await demo.get('products', '/products?ids=1,2')).headers.get('etag') ?? '';
    await demo.get('products', '/products?ids=1,2', { 'if-none-match': etag, 'X-Request-Id': 'r-1' });
    await demo.get('products', '/nowhere');
    await demo.post('products', '/products/batches', {});
    const calls = await demo.calls('products');
    expect(calls.map(({ method, path, status }) => [method, path, status])).toEqual([
      ['GET', '/products?ids=1,2', 200],
      ['GET', '/products?ids=1,2', 304],
      ['GET', '/nowhere', 404],
      ['POST', '/products/batches', 401],
    ]);
    expect(calls[1]?.headers).toMatchObject({ 'x-request-id': 'r-1', 'if-none-match': etag });
  });

  it('shortens tokens', async () => {
    const ada = await demo.person('ada');
    await demo.get('orders', '/orders?ids=1', ada);
    const [call] = await demo.calls('orders');
    expect(call?.headers.authorization).toMatch(/^Bearer .{13}…$/);
    expect(ada.authorization).toContain(call?.headers.authorization?.slice(0, -1));
  });

  it('tells the times of arrival on one clock for all backends', async () => {
    const before = Date.now();
    for (const backend of ['users', 'products', 'users', 'products']) {
      await demo.get(backend, `/${backend}?ids=1`);
    }
    const calls = [...(await demo.calls('users')), ...(await demo.calls('products'))];
    const order = calls.sort((a, b) => a.at - b.at).map(({ path }) => path.slice(1, 6));
    expect(order).toEqual(['users', 'produ', 'users', 'produ']);
    expect(Math.abs((calls[0]?.at ?? 0) - before)).toBeLessThan(5_000);
  });

  it('shows a call that still waits, without a status', async () => {
    await demo.setFaults('products', { latencyMs: 60_000 });
    const patience = new AbortController();
    const waiting = fetch(`${demo.urls.products}/products/1`, { signal: patience.signal }).catch(() => null);
    await expect.poll(async () => (await demo.calls('products')).length).toBe(1);
    expect(await demo.calls('products')).toMatchObject([{ path: '/products/1', status: null }]);
    patience.abort();
    await waiting;
    await demo.clearFaults('products');
  });

  it('leaves out what is there for tests and tools', async () => {
    for (const path of ['/_demo/ledger', '/_demo/faults', '/openapi.json', '/.well-known/jwks.json']) {
      await demo.get('users', path);
    }
    expect(await demo.calls('users')).toEqual([]);
  });

  it('begins anew after DELETE', async () => {
    await demo.get('products', '/products/1');
    const { status } = await fetch(`${demo.urls.products}/_demo/calls`, { method: 'DELETE' });
    expect(status).toBe(204);
    expect(await demo.calls('products')).toEqual([]);
  });
});

describe('GET /_demo/ledger', () => {
  const order = {
    userId: '1',
    items: [{ productId: '1', quantity: 1, unitPrice: { amount: 100, currency: 'EUR' } }],
    reservationId: 'res_1',
  };

  it('has a row for each write that took effect, and none for those that did not', async () => {
    const machine = await demo.machine('1');
    const before = (await demo.ledger('orders')).length;
    const startedAt = Date.now();
    const made = await demo.post('orders', '/orders', order, { ...machine, 'idempotency-key': 'led-1' });
    const id = made.body.id;
    await demo.post('orders', `/orders/${id}/ship`, {}, machine);
    await demo.post('orders', '/orders', { ...order, items: [] }, machine);
    await demo.post('orders', `/orders/${id}/confirm`, { paymentId: 'pay_1' }, machine);
    await demo.post('orders', `/orders/${id}/confirm`, { paymentId: 'pay_1' }, machine);
    const rows = (await demo.ledger('orders')).slice(before);
    const at = expect.any(Number);
    expect(rows).toEqual([
      { at, kind: 'order.created', id, idempotencyKey: 'led-1', subject: 'users/1' },
      { at, kind: 'order.confirmed', id, idempotencyKey: null, subject: 'users/1' },
    ]);
    expect(rows[0]?.at).toBeGreaterThanOrEqual(startedAt - 5);
    expect(rows[1]?.at).toBeGreaterThan(rows[0]?.at ?? 0);
  });

  it('outlives a restart', async () => {
    await demo.post('orders', '/orders', order, await demo.machine());
    const rows = await demo.ledger('orders');
    await demo.restart();
    expect(await demo.ledger('orders')).toEqual(rows);
  });
});
