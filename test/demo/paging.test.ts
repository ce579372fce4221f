import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenDemo, openDemo } from './open-demo.ts';

let demo: OpenDemo;
beforeAll(async () => {
  demo = await openDemo({ only: ['users', 'products', 'orders'] });
});
afterAll(() => demo[Symbol.asyncDispose]());

const sorts = ['NAME', 'PRICE_ASC', 'PRICE_DESC', 'NEWEST'];

/** Follows `nextCursor` to the end. */
async function walk(
  path: string,
  limit: number,
): Promise<{ ids: string[]; cursors: string[]; totals: number[] }> {
  const [ids, cursors, totals]: [string[], string[], number[]] = [[], [], []];
  let cursor: string | null = null;
  do {
    const after: string = cursor === null ? '' : `&cursor=${cursor}`;
    const { body } = await demo.get('products', `${path}&limit=${limit}${after}`);
    ids.push(...body.items.map(({ id }: { id: string }) => id));
    cursors.push(...body.cursors);
    totals.push(body.total);
    cursor = body.nextCursor;
  } while (cursor !== null);
  return { ids, cursors, totals };
}

describe('paging', () => {
  it.each(sorts)('by %s shows every row once, in the same order whatever the page size', async (sort) => {
    const small = await walk(`/products?sort=${sort}`, 37);
    const large = await walk(`/products?sort=${sort}`, 100);
    expect(small.ids).toEqual(large.ids);
    expect(new Set(small.ids).size).toBe(500);
    expect(new Set(small.totals)).toEqual(new Set([500]));
  });

  it('sorts as it says', async () => {
    const pricesBy = async (sort: string): Promise<number[]> => {
      const { body } = await demo.get('products', `/products?limit=100&sort=${sort}`);
      return body.items.map((item: { price: { amount: number } }) => item.price.amount);
    };
    const [up, down] = [await pricesBy('PRICE_ASC'), await pricesBy('PRICE_DESC')];
    expect(up).toEqual([...up].sort((a, b) => a - b));
    expect(down).toEqual([...down].sort((a, b) => b - a));
    const { body } = await demo.get('products', '/products?limit=100&sort=NEWEST');
    const dates: string[] = body.items.map(({ createdAt }: { createdAt: string }) => createdAt);
    expect(dates).toEqual([...dates].sort().reverse());
  });

  it('continues after any row by the cursor of that row', async () => {
    const { ids, cursors } = await walk('/products?category=tools', 20);
    expect(cursors).toHaveLength(ids.length);
    for (const at of [0, 7, 19, 20, ids.length - 2]) {
      const { body } = await demo.get('products', `/products?category=tools&limit=1&cursor=${cursors[at]}`);
      expect(body.items[0].id).toBe(ids[at + 1]);
    }
    const end = await demo.get('products', `/products?category=tools&cursor=${cursors.at(-1)}`);
    expect(end.body).toMatchObject({ items: [], cursors: [], nextCursor: null, total: ids.length });
  });

  it('repeats and skips nothing when rows come in between', async () => {
    const ada = await demo.person('ada');
    const machine = await demo.machine('1');
    const path = '/orders?userIds=1&limit=5';
    const [first] = (await demo.get('orders', path, ada)).body.items;
    const items = [{ productId: '1', quantity: 1, unitPrice: { amount: 100, currency: 'EUR' } }];
    const made = await demo.post(
      'orders',
      '/orders',
      { userId: '1', items, reservationId: 'res_1' },
      machine,
    );
    const before = await demo.get('orders', `${path}&cursor=${first.nextCursor}`, ada);
    const whole = await demo.get('orders', '/orders?userIds=1&limit=11', ada);
    expect(made.status).toBe(201);
    const idsOf = (page: { items: { id: string }[] }) => page.items.map(({ id }) => id);
    expect([made.body.id, ...idsOf(first), ...idsOf(before.body.items[0])]).toEqual(
      idsOf(whole.body.items[0]),
    );
  });

  it.each([
    ['limit=0', 'limit'],
    ['limit=101', 'limit'],
    ['limit=ten', 'limit'],
    ['limit=1&limit=2', 'limit'],
    ['cursor=', 'cursor'],
    ['cursor=nonsense', 'cursor'],
    [`cursor=${Buffer.from('["name"]').toString('base64url')}`, 'cursor'],
    [`cursor=${Buffer.from('["name","a",{}]').toString('base64url')}`, 'cursor'],
    ['colour=red', ''],
  ])('answers 400 to ?%s', async (query, path) => {
    const { status, headers, body } = await demo.get('products', `/products?${query}`);
    expect(status).toBe(400);
    expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(body.type).toBe('https://weir.example/problems/invalid-request');
    expect(body.errors[0].path).toBe(path);
  });

  it('refuses a cursor of another order', async () => {
    const { body } = await demo.get('products', '/products?sort=NAME&limit=1');
    const { status } = await demo.get('products', `/products?sort=NEWEST&cursor=${body.nextCursor}`);
    expect(status).toBe(400);
  });
});

describe('bulk reads', () => {
  it('answer in the order asked, each row once, and leave out what is absent', async () => {
    const { body } = await demo.get('products', '/products?ids=7,nobody,3,7,a%20b,1');
    expect(body.items.map(({ id }: { id: string }) => id)).toEqual(['7', '3', '1']);
  });

  it('take 100 ids and refuse 101', async () => {
    const ids = (count: number) => Array.from({ length: count }, (_, index) => index + 1).join(',');
    expect((await demo.get('products', `/products?ids=${ids(100)}`)).body.items).toHaveLength(100);
    expect((await demo.get('products', `/products?ids=${ids(101)}`)).status).toBe(400);
    expect((await demo.get('products', '/products?ids=')).status).toBe(400);
  });

  it('are told apart by exactly one parameter', async () => {
    const ada = await demo.person('ada');
    expect((await demo.get('orders', '/orders', ada)).status).toBe(400);
    expect((await demo.get('orders', '/orders?ids=1&userIds=1', ada)).status).toBe(400);
    expect((await demo.get('products', '/products?ids=1&search=oak')).status).toBe(400);
  });

  it('of children answer a page a user, by status where asked, with a cursor for one user only', async () => {
    const machine = await demo.machine();
    const { body } = await demo.get('orders', '/orders?userIds=2,1,nobody&limit=3&status=DELIVERED', machine);
    expect(body.items.map(({ userId }: { userId: string }) => userId)).toEqual(['2', '1', 'nobody']);
    const [grace, ada, nobody] = body.items;
    for (const page of [grace, ada]) {
      expect(page.items).toHaveLength(3);
      expect(page.cursors).toHaveLength(3);
      expect(page.total).toBeGreaterThan(3);
      for (const order of page.items)
        expect(order).toMatchObject({ userId: page.userId, status: 'DELIVERED' });
    }
    expect(nobody).toEqual({ userId: 'nobody', items: [], cursors: [], nextCursor: null, total: 0 });
    const next = await demo.get(
      'orders',
      `/orders?userIds=2&limit=3&status=DELIVERED&cursor=${grace.nextCursor}`,
      machine,
    );
    expect(next.body.items[0].items[0].placedAt < grace.items[2].placedAt).toBe(true);
    expect((await demo.get('orders', `/orders?userIds=1,2&cursor=${grace.nextCursor}`, machine)).status).toBe(
      400,
    );
  });
});
