import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenDemo, openDemo } from '../open-demo.ts';

let demo: OpenDemo;
beforeAll(async () => {
  demo = await openDemo({ only: ['users', 'products'] });
});
afterAll(() => demo[Symbol.asyncDispose]());

const chair = {
  name: 'Grüner Stuhl',
  description: 'Ein Stuhl, 100% grün_.',
  category: 'chairs',
  price: { amount: 4_900, currency: 'EUR' },
};
const batch = async (items: readonly unknown[], key?: string) =>
  demo.post(
    'products',
    '/products/batches',
    { items },
    { ...(await demo.machine()), ...(key === undefined ? {} : { 'idempotency-key': key }) },
  );
const idsOf = ({ body }: { body: { items: { id: string }[] } }) => body.items.map(({ id }) => id);
const search = (text: string) =>
  demo.get('products', `/products?limit=100&search=${encodeURIComponent(text)}`);

describe('searching', () => {
  it('finds what has all the words in name or description, whatever their case', async () => {
    const { body } = await search('oak CHAIR');
    expect(body.items.length).toBeGreaterThan(0);
    for (const { name, description } of body.items) {
      expect(`${name} ${description}`.toLowerCase()).toMatch(/(?=.*oak)(?=.*chair)/);
    }
    expect((await search('chair oak')).body.total).toBe(body.total);
    expect((await search('no-such-word')).body).toMatchObject({ items: [], total: 0 });
    expect((await search('')).body.total).toBeGreaterThanOrEqual(500);
  });

  it('takes signs for what they are, and letters beyond ASCII', async () => {
    const made = await batch([chair]);
    for (const text of ['100% GRÜN_', 'grüner']) expect(idsOf(await search(text))).toEqual(idsOf(made));
    for (const text of ['100%_', "' OR 1=1 --"]) expect(idsOf(await search(text))).toEqual([]);
  });

  it('keeps to a category', async () => {
    const { body } = await demo.get('products', '/products?category=tools&limit=100');
    expect(body.total).toBe(50);
    expect(new Set(body.items.map(({ category }: { category: string }) => category))).toEqual(
      new Set(['tools']),
    );
  });
});

describe('a batch', () => {
  it('adds rows without an id or with a new one, and replaces those with a known one', async () => {
    const [first] = (await demo.get('products', '/products?ids=5')).body.items;
    const made = await batch(
      [chair, { ...chair, id: 'own-id' }, { ...chair, id: '5', imageUrl: '/5.png' }],
      'mixed',
    );
    expect(made.status).toBe(201);
    const [added, own, replaced] = made.body.items;
    expect(added.id).toMatch(/^\d+$/);
    expect(Number(added.id)).toBeGreaterThan(500);
    expect(own).toMatchObject({ id: 'own-id', imageUrl: null });
    expect(replaced).toEqual({ ...chair, id: '5', imageUrl: '/5.png', createdAt: first.createdAt });
    expect((await demo.get('products', `/products?ids=${idsOf(made)}`)).body.items).toEqual(made.body.items);
    const rows = (await demo.ledger('products')).filter(({ idempotencyKey }) => idempotencyKey === 'mixed');
    expect(rows.map(({ kind, id }) => [kind, id])).toEqual([
      ['product.created', added.id],
      ['product.created', 'own-id'],
      ['product.replaced', '5'],
    ]);
    const found = await demo.get('products', '/products?idempotencyKey=mixed', await demo.machine());
    expect(found.body.items).toEqual(made.body.items);
  });

  it('never gives out an id that a row has brought along', async () => {
    const [{ id }] = (await batch([chair])).body.items;
    const next = String(Number(id) + 1);
    await batch([{ ...chair, id: next, name: 'Taken' }]);
    expect(idsOf(await batch([chair]))).not.toContain(next);
    expect((await demo.get('products', `/products/${next}`)).body.name).toBe('Taken');
  });

  it('takes 500 rows of the largest size', async () => {
    const row = { ...chair, description: 'x'.repeat(5_000) };
    expect((await batch(Array.from({ length: 500 }, () => row))).status).toBe(201);
  });

  it.each([
    ['no rows', []],
    ['501 rows', Array.from({ length: 501 }, () => chair)],
    ['a row that is not right', [chair, { ...chair, price: { amount: 1.5, currency: 'EUR' } }]],
    [
      'the same id twice',
      [
        { ...chair, id: 'twice' },
        { ...chair, id: 'twice' },
      ],
    ],
  ])('with %s is refused whole', async (_, items) => {
    const before = (await demo.ledger('products')).length;
    expect((await batch(items)).status).toBe(400);
    expect(await demo.ledger('products')).toHaveLength(before);
  });
});
