import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { seededOrders } from '../../demo/seed/orders.ts';
import { seededUsers } from '../../demo/seed/people.ts';
import { seededProducts } from '../../demo/seed/products.ts';
import { seededStock } from '../../demo/seed/stock.ts';
import { type Credentials, type OpenDemo, openDemo } from './open-demo.ts';

let demo: OpenDemo;
let machine: Credentials;
beforeAll(async () => {
  demo = await openDemo();
  machine = await demo.machine();
});
afterAll(() => demo[Symbol.asyncDispose]());

interface Row {
  readonly id: string;
  readonly [name: string]: unknown;
}

/** The rows with the ids `1` to `count`, a hundred at a time. */
async function rowsOf(backend: string, path: string, count: number): Promise<Row[]> {
  const rows: Row[] = [];
  for (let first = 1; first <= count; first += 100) {
    const ids = Array.from({ length: Math.min(100, count - first + 1) }, (_, index) => first + index);
    rows.push(...(await demo.get(backend, `${path}=${ids.join(',')}`, machine)).body.items);
  }
  return rows;
}

describe('the seed', () => {
  it.each([
    ['users', seededUsers],
    ['products', seededProducts],
    ['stock', seededStock],
    ['orders', seededOrders],
  ])('of %s is the same whenever it is made', (_, seed: () => unknown) => {
    const first = seed();
    vi.useFakeTimers({ now: Date.UTC(2031, 0, 1), toFake: ['Date'] });
    try {
      expect(seed()).toEqual(first);
    } finally {
      vi.useRealTimers();
    }
  });

  it('has at least 2,000 users, each with a name and an address of their own', async () => {
    const users = await rowsOf('users', '/users?ids', 2_000);
    expect(users).toHaveLength(2_000);
    expect(new Set(users.map(({ email }) => email)).size).toBe(2_000);
  });

  it('has 500 products, from cents to 900 euros', async () => {
    const products = await rowsOf('products', '/products?ids', 501);
    const prices = seededProducts().map(({ price }) => price);
    expect(products).toHaveLength(500);
    expect(Math.min(...prices)).toBeGreaterThanOrEqual(5);
    expect(Math.min(...prices)).toBeLessThan(100);
    expect(Math.max(...prices)).toBeGreaterThan(50_000);
    expect(Math.max(...prices)).toBeLessThanOrEqual(90_000);
    expect(new Set(products.map(({ name }) => name)).size).toBe(500);
  });

  it('has stock for each product: of at least 100 more than 1,000, of some none', async () => {
    const stock = await rowsOf('inventory', '/stock?productIds', 500);
    expect(stock).toHaveLength(500);
    expect(stock.filter(({ available }) => Number(available) > 1_000).length).toBeGreaterThanOrEqual(100);
    expect(stock.filter(({ available }) => available === 0).length).toBeGreaterThan(0);
  });

  it('has at least 10,000 orders of one to five products, priced as in the catalogue', async () => {
    const orders = seededOrders();
    const prices = new Map(seededProducts().map(({ id, price }) => [id, price]));
    expect(orders.length).toBeGreaterThanOrEqual(10_000);
    for (const { items, total } of orders) {
      expect(items.length).toBeGreaterThanOrEqual(1);
      expect(items.length).toBeLessThanOrEqual(5);
      expect(items.map(({ unitPrice }) => unitPrice)).toEqual(
        items.map(({ productId }) => prices.get(productId)),
      );
      expect(total).toBe(items.reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice, 0));
    }
    const last = await demo.get('orders', `/orders/${orders.length}`, machine);
    expect(last.body).toMatchObject({ total: { amount: orders.at(-1)?.total, currency: 'EUR' } });
  });

  it('has a payment for each order that needs one, as its state wants it', async () => {
    const wanted: Readonly<Record<string, readonly string[]>> = {
      PENDING: [],
      CONFIRMED: ['CAPTURED'],
      SHIPPED: ['CAPTURED'],
      DELIVERED: ['CAPTURED'],
      CANCELLED: ['REFUNDED', 'DECLINED'],
    };
    const seen = new Set<string>();
    const orders = await rowsOf('orders', '/orders?ids', 10_200);
    for (let first = 0; first < orders.length; first += 100) {
      const chunk = orders.slice(first, first + 100);
      const subjects = chunk.map(({ id }) => `orders/${id}`).join(',');
      const { body } = await demo.get('payments', `/payments?subjects=${subjects}`, machine);
      const bySubject = new Map<string, Row>(body.items.map((row: Row) => [row.subject, row]));
      for (const order of chunk) {
        const payment = bySubject.get(`orders/${order.id}`);
        const status = String(order.status);
        seen.add(`${status} ${payment?.status ?? 'none'}`);
        if (payment) expect(wanted[status]).toContain(payment.status);
        else expect(status).toBe('PENDING');
        if (payment) expect(payment).toMatchObject({ userId: order.userId, amount: order.total });
        if (order.paymentId !== null) expect(payment?.id).toBe(order.paymentId);
      }
    }
    expect([...seen].sort()).toEqual([
      'CANCELLED DECLINED',
      'CANCELLED REFUNDED',
      'CONFIRMED CAPTURED',
      'DELIVERED CAPTURED',
      'PENDING none',
      'SHIPPED CAPTURED',
    ]);
  });

  it('has a payment for each booking that was paid', async () => {
    const bookings = await rowsOf('bookings', '/bookings?ids', 300);
    const paid = bookings.filter(({ paymentId }) => paymentId !== null);
    expect(paid.length).toBeGreaterThan(50);
    for (let first = 0; first < paid.length; first += 100) {
      const chunk = paid.slice(first, first + 100);
      const ids = chunk.map(({ paymentId }) => paymentId).join(',');
      const { body } = await demo.get('payments', `/payments?ids=${ids}`, machine);
      expect(body.items.map((row: Row) => [row.subject, row.userId, row.amount, row.status])).toEqual(
        chunk.map(({ id, userId, total, status }) => [
          `bookings/${id}`,
          userId,
          total,
          status === 'CANCELLED' ? 'REFUNDED' : 'CAPTURED',
        ]),
      );
    }
  });

  it('holds the stock of orders that are not on their way yet', async () => {
    const pending = seededOrders().filter(({ status }) => status === 'PENDING');
    expect(pending.length).toBeGreaterThan(0);
    const [order] = pending;
    const confirmed = await demo.post(
      'inventory',
      `/reservations/${order?.reservationId}/confirm`,
      {},
      machine,
    );
    expect(confirmed.body.items).toEqual(
      order?.items.map(({ productId, quantity }) => ({ productId, quantity })),
    );
  });
});

describe.each([
  ['ada', '1'],
  ['grace', '2'],
])('%s', (name, userId) => {
  it('has at least 25 orders in all states and 3 bookings', async () => {
    const person = await demo.person(name);
    const totals = new Map<string, number>();
    for (const status of ['PENDING', 'CONFIRMED', 'SHIPPED', 'DELIVERED', 'CANCELLED']) {
      const { body } = await demo.get('orders', `/orders?userIds=${userId}&status=${status}`, person);
      totals.set(status, body.items[0].total);
    }
    expect([...totals.values()].every((total) => total > 0)).toBe(true);
    expect([...totals.values()].reduce((sum, total) => sum + total)).toBeGreaterThanOrEqual(25);
    const bookings = await demo.get('bookings', `/bookings?userIds=${userId}`, person);
    expect(bookings.body.items[0].total).toBeGreaterThanOrEqual(3);
  });
});
