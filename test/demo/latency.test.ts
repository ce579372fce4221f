import { expect, it } from 'vitest';
import { openDemo } from './open-demo.ts';
import { rawCall } from './raw-call.ts';

it('takes the usual time of each endpoint where latency is realistic', async () => {
  await using demo = await openDemo({ latency: 'realistic' });
  const machine = await demo.machine();
  const { body: airportPage } = await demo.get(
    'flights',
    '/flights?origin=LHR&destination=JFK&date=2026-12-01',
  );
  const flightId = airportPage.items[0]?.id ?? 'none';
  const charge = {
    userId: '1',
    subject: 'orders/1',
    amount: { amount: 1, currency: 'EUR' },
    paymentToken: 'tok_ok',
  };
  const total = { amount: 100, currency: 'EUR' };
  const booking = { userId: '1', flightId, passengers: [{ name: 'Ada' }], total };
  const usual: readonly (readonly [number, string, string, unknown?])[] = [
    [100, 'users', '/sessions', { email: 'ada@example.com', password: 'waterfall' }],
    [80, 'users', '/users?ids=1'],
    [80, 'products', '/products?ids=1'],
    [80, 'products', '/products?search=oak'],
    [60, 'inventory', '/stock?productIds=1'],
    [60, 'inventory', '/reservations', { items: [{ productId: '4', quantity: 1 }] }],
    [120, 'orders', '/orders?ids=1'],
    [120, 'orders', '/orders?userIds=1'],
    [80, 'payments', '/payments?subjects=orders/1'],
    [400, 'payments', '/charges', charge],
    [500, 'flights', '/flights?origin=LHR&destination=JFK&date=2026-12-01'],
    [60, 'flights', `/flights?ids=${flightId}`],
    [60, 'flights', '/airports'],
    [200, 'pricing', `/offers/${flightId}?passengers=1`],
    [300, 'bookings', '/bookings', booking],
    [60, 'bookings', '/bookings?ids=1'],
    [150, 'notifications', '/messages', { userId: '1', template: 'order-confirmed', data: {} }],
  ];
  for (const [usualMs, backend, path, body] of usual) {
    const call = { method: body === undefined ? 'GET' : 'POST', headers: machine, body };
    const { status, tookMs } = await rawCall(`${demo.urls[backend]}${path}`, call);
    expect([backend, path, status]).toEqual([backend, path, body === undefined ? 200 : 201]);
    // A timer may be early by less than a millisecond. How late, the machine decides: only not by another wait.
    expect(tookMs, path).toBeGreaterThanOrEqual(usualMs - 1);
    expect(tookMs, path).toBeLessThan(usualMs + 400);
  }
});

it('takes one number for all where latency is a number', async () => {
  await using demo = await openDemo({ latency: 40, only: ['products', 'inventory'] });
  for (const [backend, path] of [
    ['products', '/products?ids=1'],
    ['inventory', '/stock/1'],
  ] as const) {
    const { tookMs } = await rawCall(`${demo.urls[backend]}${path}`);
    expect(tookMs).toBeGreaterThanOrEqual(39);
  }
});
