import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { maxCatalogueRows, readCatalogue } from '../../src/workflows/read-catalogue.ts';
import { type OpenDemo, openDemo } from '../demo/open-demo.ts';
import { openShop } from './shop.ts';
import { startTestDatabase, type TestDatabase } from './test-database.ts';
import { viewer } from './toy.ts';

describe('a catalogue', () => {
  const rowsOf = async (csv: string) => {
    const read = await readCatalogue(csv);
    if (read.fault !== null) throw new Error(read.fault);
    return read;
  };

  test('is read row by row; bad rows are told with line, column and reason', async () => {
    const { rows, bad } = await rowsOf(
      [
        'id,name,description,category,price,imageUrl',
        'a-1,Lamp,"Bright, and warm",Home,12.5,https://example.com/lamp.png',
        ',Chair,,Home,80,',
        'a-3,,,Home,1',
        'a-4,Table,,Home,cheap,',
        'a-1,Lamp again,,Home,3,',
        '',
        'a-6,Sofa,,Home,1200.00,',
      ].join('\n'),
    );
    expect(rows).toEqual([
      {
        line: 2,
        product: {
          id: 'a-1',
          name: 'Lamp',
          description: 'Bright, and warm',
          category: 'Home',
          price: { amount: 1250, currency: 'EUR' },
          imageUrl: 'https://example.com/lamp.png',
        },
      },
      {
        line: 3,
        product: {
          name: 'Chair',
          description: '',
          category: 'Home',
          price: { amount: 8000, currency: 'EUR' },
        },
      },
      {
        line: 8,
        product: {
          id: 'a-6',
          name: 'Sofa',
          description: '',
          category: 'Home',
          price: { amount: 120_000, currency: 'EUR' },
        },
      },
    ]);
    expect(bad.map(({ line, column }) => `${line} ${column}`).sort()).toEqual(['4 ', '5 price', '6 id']);
  });

  test.each([
    ['id,description\na,b', /header lacks name, category, price/],
    ['name,category,price,colour\na,b,1,red', /colour, which no product has/],
    ['', /header lacks/],
    [`name,category,price\n${'a,b,1\n'.repeat(maxCatalogueRows + 1)}`, /more than 20000 rows/],
  ])('that is none is refused: %#', async (csv, reason) => {
    expect((await readCatalogue(csv)).fault).toMatch(reason);
  });
});

describe('importProducts', () => {
  let database: TestDatabase;
  let demo: OpenDemo;
  let shop: ReturnType<typeof openShop>;

  beforeAll(async () => {
    database = await startTestDatabase();
  });
  afterAll(() => database[Symbol.asyncDispose]());
  beforeEach(async () => {
    demo = await openDemo({ only: ['users', 'products', 'pricing'] });
    shop = openShop({ urls: demo.urls, url: await database.fresh() });
    await shop.workflows.ready;
  });
  afterEach(async () => {
    await shop[Symbol.asyncDispose]();
    await demo[Symbol.asyncDispose]();
  });

  const catalogueOf = (count: number) =>
    [
      'id,name,category,price',
      ...Array.from({ length: count }, (_, i) => `imp-${i},Thing ${i},Things,${i}.50`),
    ].join('\n');

  test('stores good rows in pieces, shows how far it is, and tells the bad ones', async () => {
    const csv = `${catalogueOf(1000)}\nbad-1,,Things,1`;
    const uploadId = await shop.workflows.saveUpload('1', csv);
    const { workflow } = await shop.workflows.start(
      'importProducts',
      { uploadId },
      { scope: 'viewer:1', key: 'k', startedBy: '1', waitUntil: null },
    );
    const seen = new Set<number>();
    let last: unknown = null;
    for await (const state of shop.workflows.subscribe(viewer('1'), workflow?.id ?? '')) {
      if (state?.progress) seen.add(state.progress.done);
      last = state;
    }
    expect(last).toMatchObject({
      status: 'SUCCEEDED',
      progress: { done: 1000, total: 1000 },
      problems: [
        {
          type: 'InvalidInput',
          message: 'Line 1002: name must not be empty.',
          path: ['csv', '1002', 'name'],
        },
      ],
    });
    expect(seen.size).toBeGreaterThan(1);
    const { body } = await demo.get('products', '/products?ids=imp-0,imp-999');
    expect(body.items.map((item: { price: unknown }) => item.price)).toEqual([
      { amount: 50, currency: 'EUR' },
      { amount: 99_950, currency: 'EUR' },
    ]);
  });

  test('goes on through a backend that fails now and then, storing nothing twice', async () => {
    await demo.setFaults('products', { errorRate: 0.4 });
    const uploadId = await shop.workflows.saveUpload('1', catalogueOf(2000));
    const workflow = await shop.run('importProducts', { uploadId });
    await demo.clearFaults('products');
    expect(workflow).toMatchObject({
      status: 'SUCCEEDED',
      progress: { done: 2000, total: 2000 },
      problems: [],
    });
    const keys = (await demo.ledger('products')).map(({ idempotencyKey }) => idempotencyKey);
    expect(new Set(keys).size).toBe(10);
  });

  test('fails, with nothing done, for what is no catalogue and for somebody else’s upload', async () => {
    const mine = await shop.workflows.saveUpload('1', 'hello');
    expect(await shop.run('importProducts', { uploadId: mine })).toMatchObject({
      status: 'FAILED',
      problems: [{ type: 'InvalidInput', path: ['csv'] }],
    });
    const theirs = await shop.workflows.saveUpload('2', catalogueOf(1));
    expect(await shop.run('importProducts', { uploadId: theirs })).toMatchObject({
      status: 'FAILED',
      problems: [{ type: 'InvalidInput', path: ['uploadId'] }],
    });
  });
});
