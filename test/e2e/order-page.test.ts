import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startWeir, type Weir } from '../start-weir.ts';

const ORDER_PAGE = /* GraphQL */ `
  query OrderPage($orders: Int!) {
    me {
      name
      orders(first: $orders) {
        nodes {
          total { amount currency }
          payment { status }
          items { quantity product { name price { amount } stock { available } } }
        }
      }
      bookings(first: 5) {
        nodes { reference payment { status } flight { number departsAt offer { price { amount } seatsLeft } } }
      }
    }
  }
`;

/** The endpoint of a logged call: `orders GET /orders?userIds`. */
const endpointOf = (call: string): string => {
  const [, head = '', query = ''] = /^([^?]*)(?:\?(.*))?$/.exec(call) ?? [];
  const by = query.split('&').map((part) => part.split('=')[0]);
  const key = by.find((name) => name !== undefined && /^(ids|userIds|productIds|subjects|codes)$/.test(name));
  return key === undefined ? head.replace(/\/offers\/.*/, '/offers') : `${head}?${key}`;
};

const countByEndpoint = (calls: readonly string[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const call of calls) counts[endpointOf(call)] = (counts[endpointOf(call)] ?? 0) + 1;
  return counts;
};

describe('the order page', () => {
  let weir: Weir;
  let ada: string;
  beforeAll(async () => {
    weir = await startWeir();
    ada = await weir.signIn();
  });
  afterAll(async () => weir[Symbol.asyncDispose]());
  beforeEach(async () => weir.forgetCalls());

  it.each([10, 25])('needs one call an endpoint a level for %i orders', async (orders) => {
    const { data, errors } = await weir.ask(ORDER_PAGE, { variables: { orders }, token: ada });
    expect(errors).toEqual([]);
    expect(data.me.name).toBe('Ada Lovelace');
    expect(data.me.orders.nodes).toHaveLength(orders);
    for (const order of data.me.orders.nodes) {
      for (const item of order.items) {
        expect(item.product.name).toEqual(expect.any(String));
        expect(item.product.stock.available).toEqual(expect.any(Number));
      }
    }
    const bookings: number = data.me.bookings.nodes.length;
    expect(bookings).toBeGreaterThanOrEqual(3);
    const counts = countByEndpoint(await weir.allCalls());
    const { 'pricing GET /offers': offers, ...rest } = counts;
    expect(rest).toEqual({
      'users GET /users?ids': 1,
      'orders GET /orders?userIds': 1,
      'bookings GET /bookings?userIds': 1,
      'payments GET /payments?subjects': 1,
      'products GET /products?ids': 1,
      'inventory GET /stock?productIds': 1,
      'flights GET /flights?ids': 1,
    });
    expect(offers).toBeLessThanOrEqual(bookings);
  });

  it('starts at the same moment what nothing forces into an order', async () => {
    // Slow enough that a call which waited for another one would be seen to.
    for (const backend of ['users', 'orders', 'bookings']) await weir.fault(backend, { latencyMs: 150 });
    try {
      await weir.ask(ORDER_PAGE, { variables: { orders: 10 }, token: ada });
      const first = await Promise.all(
        ['users', 'orders', 'bookings'].map(async (name) => (await weir.calls(name))[0]),
      );
      const starts = first.map((call) => call?.at ?? Number.NaN);
      expect(Math.max(...starts) - Math.min(...starts)).toBeLessThan(75);
    } finally {
      for (const backend of ['users', 'orders', 'bookings']) await weir.fault(backend, null);
    }
  });

  it('is loaded for 100 users at once by an administrator in chunks of at most 100', async () => {
    const root = await weir.signIn('root@example.com');
    await weir.forgetCalls();
    const ids = Array.from({ length: 100 }, (_, index) => `User:${index + 1}`);
    const { data, errors } = await weir.ask(
      /* GraphQL */ `
        query ($ids: [ID!]!) {
          nodes(ids: $ids) {
            ... on User { name orders(first: 5) { nodes { items { product { name stock { available } } } } } }
          }
        }
      `,
      { variables: { ids }, token: root },
    );
    expect(errors).toEqual([]);
    expect(data.nodes).toHaveLength(100);
    const products = new Set<string>();
    for (const call of await weir.calls('products')) {
      const keys = new URLSearchParams(call.path.split('?')[1]).get('ids')?.split(',') ?? [];
      expect(keys.length).toBeLessThanOrEqual(100);
      for (const key of keys) products.add(key);
    }
    const chunks = Math.ceil(products.size / 100);
    expect(countByEndpoint(await weir.allCalls())).toEqual({
      'users GET /users?ids': 1,
      'orders GET /orders?userIds': 1,
      'products GET /products?ids': chunks,
      'inventory GET /stock?productIds': chunks,
    });
  });

  it('carries the credentials that each endpoint is meant to get, and no more', async () => {
    await weir.ask(ORDER_PAGE, { variables: { orders: 3 }, token: ada });
    for (const backend of ['products', 'inventory', 'flights', 'pricing']) {
      for (const call of await weir.calls(backend)) expect(call.headers).not.toHaveProperty('authorization');
    }
    for (const backend of ['users', 'orders', 'bookings', 'payments']) {
      for (const call of await weir.calls(backend)) expect(call.headers.authorization).toMatch(/^Bearer /);
    }
  });

  it('fills in the default of a variable that must not be null', async () => {
    const query = 'query ($orders: Int! = 3) { me { orders(first: $orders) { nodes { id } } } }';
    const { data, errors } = await weir.ask(query, { variables: {}, token: ada });
    expect(errors).toEqual([]);
    expect(data.me.orders.nodes).toHaveLength(3);
  });
});
