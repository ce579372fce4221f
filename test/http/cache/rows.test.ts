import { describe, expect, it } from 'vitest';
import type { CallRecord } from '../../../src/call.ts';
import { createUpstreamCache, type UpstreamCacheOptions } from '../../../src/http/cache/upstream-cache.ts';
import { callOf, errorOf, until } from '../rest-client.ts';
import { json } from '../rest-server.ts';
import { openShop, type Product, productList, visit } from './catalogue.ts';
import { createClock } from './clock.ts';

/** A shop with a cache in front of it, on a clock that the test moves. */
async function openAll(options: UpstreamCacheOptions & { readonly checkShapes?: 'always' | number } = {}) {
  const clock = createClock();
  const shop = await openShop(20, clock.now);
  const cache = createUpstreamCache({ now: clock.now, ...options });
  const client = visit(shop, cache.layers, options.checkShapes);
  return {
    clock,
    shop,
    cache,
    client,
    ids: async (...ids: string[]) => (await client.byIds(callOf(), ids)).map((row) => row.id),
    [Symbol.asyncDispose]: async () => {
      await client.upstream.close();
      await cache.close();
      await shop.server.close();
    },
  };
}

function heard() {
  const records: CallRecord[] = [];
  return { records, call: callOf({ observe: (record) => records.push(record) }) };
}

const names = (rows: readonly Product[]) => rows.map(({ name }) => name);

describe('a bulk answer', () => {
  it('fills what single and bulk reads use after it', async () => {
    await using it = await openAll();
    await it.ids('1', '2', '3');
    expect(await it.client.byId(callOf(), '1')).toMatchObject({ name: 'product 1' });
    expect(await it.ids('3', '1')).toEqual(['3', '1']);
    expect(it.shop.urls()).toEqual(['/products?ids=1,2,3']);
  });

  it('is read again only for what the store has not', async () => {
    await using it = await openAll();
    await it.ids('1', '2', '3', '4', '5', '6', '7');
    const { records, call } = heard();
    const rows = await it.client.byIds(call, ['9', '1', '2', '3', '8', '4', '5', '6', '7', '10']);
    expect(rows.map(({ id }) => id)).toEqual(['9', '1', '2', '3', '8', '4', '5', '6', '7', '10']);
    expect(it.shop.urls()).toEqual(['/products?ids=1,2,3,4,5,6,7', '/products?ids=9,8,10']);
    expect(records.map(({ source }) => source)).toEqual(['cache', 'network']);
  });

  it('tells the operation how many keys came from where', async () => {
    await using it = await openAll();
    await it.ids('1', '2');
    const records: CallRecord[] = [];
    const demand = { batchSize: 3, keys: ['1', '2', '3'], wave: 2, paths: () => ['a.b'] };
    await it.client.byIds(callOf({ demand, observe: (record) => records.push(record) }), ['1', '2', '3']);
    expect(
      records.map(({ source, demand: told }) => [source, told?.keys, told?.batchSize, told?.wave]),
    ).toEqual([
      ['cache', ['1', '2'], 2, 2],
      ['network', ['3'], 1, 2],
    ]);
    expect(records[0]?.demand?.paths()).toEqual(['a.b']);
  });

  it('of another collection or with another query is another object', async () => {
    await using it = await openAll();
    await it.ids('1');
    await it.client.search(callOf(), 'x');
    const endpoint = it.client.endpoint('productsByIds');
    const priced = (currency: string) =>
      it.client.upstream.send(callOf(), { endpoint, query: { ids: ['1'], currency }, decode: productList });
    await priced('EUR');
    await priced('USD');
    await priced('EUR');
    expect(it.shop.urls()).toEqual([
      '/products?ids=1',
      '/products?search=x',
      '/products?ids=1&currency=EUR',
      '/products?ids=1&currency=USD',
    ]);
  });

  it.each([
    ['missing', ['1'], ['1']],
    ['reordered', ['3', '1', '2'], ['1', '2', '3']],
    ['foreign', ['9', '1', '2', '3'], ['1', '2', '3']],
  ])('with %s rows gives each key its own row, now and later', async (_what, sent, got) => {
    await using it = await openAll();
    it.shop.behaviour = ({ answer }) => answer(sent.map((id) => it.shop.products.get(id)));
    const first = await it.ids('1', '2', '3');
    expect(first.filter((id) => id !== '9').sort()).toEqual(got);
    it.shop.behaviour = ({ answer }) => answer();
    expect(await it.ids('1', '2', '3')).toEqual(got);
    // Nobody asked for the foreign row, so it is not taken for an answer to a question about it.
    it.shop.products.set('9', { id: '9', name: 'the real one', price: 1 });
    expect(await it.client.byId(callOf(), '9')).toMatchObject({ name: 'the real one' });
  });

  it('with two rows of one key keeps neither', async () => {
    await using it = await openAll();
    it.shop.behaviour = ({ answer }) =>
      answer([
        { id: '1', name: 'one', price: 1 },
        { id: '1', name: 'another', price: 2 },
        { id: '2', name: 'two', price: 2 },
      ]);
    await it.ids('1', '2');
    it.shop.behaviour = ({ answer }) => answer();
    expect(names(await it.client.byIds(callOf(), ['1', '2']))).toEqual(['product 1', 'two']);
    expect(it.shop.urls()).toEqual(['/products?ids=1,2', '/products?ids=1']);
  });

  it('hands out rows that no caller can change for the next', async () => {
    await using it = await openAll();
    const [row] = await it.client.byIds(callOf(), ['1']);
    expect(() => Object.assign(row ?? {}, { name: 'mine' })).toThrow(TypeError);
    expect(names(await it.client.byIds(callOf(), ['1']))).toEqual(['product 1']);
  });

  it('is decoded once, and handed out as it was decoded', async () => {
    await using it = await openAll();
    let decoded = 0;
    const decode = {
      parse: (value: unknown) => {
        decoded += 1;
        return value;
      },
    };
    const request = { endpoint: it.client.endpoint('productsByIds'), query: { ids: ['1'] }, decode };
    for (let count = 0; count < 5; count += 1) await it.client.upstream.send(callOf(), request);
    expect(decoded).toBe(1);
  });
});

describe('an object that does not exist', () => {
  it('is not asked for again for a moment, and then is', async () => {
    await using it = await openAll({ absentMs: 2000 });
    expect(await it.ids('1', '99')).toEqual(['1']);
    expect(await it.ids('99')).toEqual([]);
    expect(await it.client.byId(callOf(), '99')).toBeNull();
    expect(it.shop.urls()).toEqual(['/products?ids=1,99']);
    it.clock.forward(2.1);
    expect(await it.ids('99')).toEqual([]);
    it.shop.products.set('99', { id: '99', name: 'new', price: 1 });
    it.clock.forward(2.1);
    expect(await it.ids('99')).toEqual(['99']);
  });

  it('is remembered from a single read too', async () => {
    await using it = await openAll();
    expect(await it.client.byId(callOf(), '99')).toBeNull();
    expect(await it.client.byId(callOf(), '99')).toBeNull();
    expect(it.shop.urls()).toHaveLength(1);
  });

  it('is seen at once when it was said to have changed', async () => {
    await using it = await openAll();
    expect(await it.ids('99')).toEqual([]);
    it.shop.products.set('99', { id: '99', name: 'new', price: 1 });
    await it.cache.invalidate(['products/99']);
    expect(await it.ids('99')).toEqual(['99']);
  });

  it('is not remembered where nothing may be', async () => {
    await using it = await openAll();
    it.shop.headers = { 'cache-control': 'no-store' };
    await it.ids('99');
    await it.ids('99');
    it.shop.behaviour = ({ fail }) => fail(404, { 'cache-control': 'no-store' });
    await it.client.byId(callOf(), '98');
    await it.client.byId(callOf(), '98');
    expect(it.shop.urls()).toHaveLength(4);
  });

  it("is not what somebody else's 404 page says", async () => {
    await using it = await openAll();
    it.shop.behaviour = ({ response }) =>
      response.writeHead(404, { 'content-type': 'text/html' }).end('<html>');
    expect((await errorOf(it.client.byId(callOf(), '1'))).code).toBe('UPSTREAM_BAD_RESPONSE');
    it.shop.behaviour = ({ answer }) => answer();
    expect(await it.client.byId(callOf(), '1')).toMatchObject({ id: '1' });
  });
});

describe('an answer that must not be kept', () => {
  it.each([['no-store'], ['private, max-age=60'], ['no-cache'], ['max-age=0'], ['']])(
    'by `Cache-Control: %s` is not',
    async (field) => {
      await using it = await openAll();
      it.shop.headers = field === '' ? {} : { 'cache-control': field };
      await it.ids('1');
      await it.ids('1');
      await it.client.byId(callOf(), '1');
      expect(it.shop.urls()).toHaveLength(3);
    },
  );

  it.each([200, 203, 500, 503, 404, 410, 301])(
    'with the status %i is not, whatever its headers say',
    async (status) => {
      await using it = await openAll();
      it.shop.behaviour = ({ response }) =>
        json(response, { rows: 'of another shape' }, status, it.shop.headers);
      await errorOf(it.client.byIds(callOf(), ['1']));
      await errorOf(it.client.search(callOf(), 'x'));
      it.shop.behaviour = ({ answer }) => answer();
      expect(await it.ids('1')).toEqual(['1']);
      expect(await it.client.search(callOf(), 'x')).toHaveLength(20);
    },
  );

  it('with one row of another shape is not, even where only outlines are checked', async () => {
    await using it = await openAll({ checkShapes: 0 });
    const wrong = { id: '2', name: 'two', price: 'much' };
    it.shop.behaviour = ({ answer }) => answer([it.shop.products.get('1'), wrong]);
    await it.ids('1', '2');
    it.shop.behaviour = ({ answer }) => answer();
    expect((await it.client.byIds(callOf(), ['1', '2'])).map(({ price }) => price)).toEqual([100, 200]);
  });

  it('which is cut off is not', async () => {
    await using it = await openAll();
    it.shop.behaviour = ({ response }) => {
      response.writeHead(200, {
        'content-type': 'application/json',
        'content-length': '500',
        ...it.shop.headers,
      });
      response.write('{"items":[');
      setTimeout(() => response.destroy(), 5);
    };
    await errorOf(it.client.byIds(callOf(), ['1']));
    it.shop.behaviour = ({ answer }) => answer();
    expect(await it.ids('1')).toEqual(['1']);
  });

  it('takes the place of one that was kept', async () => {
    await using it = await openAll();
    await it.ids('1');
    it.clock.forward(31);
    it.shop.headers = { 'cache-control': 'no-store' };
    await it.ids('1');
    await until(() => it.shop.urls().length === 2);
    await until(() => it.client.records.length === 2);
    it.shop.products.set('1', { id: '1', name: 'changed', price: 1 });
    expect(names(await it.client.byIds(callOf(), ['1']))).toEqual(['changed']);
  });
});

describe('a row that is no longer fresh', () => {
  it('is given at once and refreshed once, however many read it', async () => {
    await using it = await openAll();
    await it.ids('1', '2');
    it.clock.forward(31);
    it.shop.products.set('1', { id: '1', name: 'newer', price: 1 });
    it.shop.latencyMs = 60;
    const { records, call } = heard();
    const startedAt = performance.now();
    const many = await Promise.all(Array.from({ length: 50 }, () => it.client.byIds(callOf(), ['1'])));
    expect(names(await it.client.byIds(call, ['1']))).toEqual(['product 1']);
    expect(performance.now() - startedAt).toBeLessThan(55);
    expect(new Set(many.flatMap(names))).toEqual(new Set(['product 1']));
    expect(records.map(({ source }) => source)).toEqual(['stale']);
    await until(() => it.client.records.length === 2);
    expect(names(await it.client.byIds(callOf(), ['1']))).toEqual(['newer']);
    expect(it.shop.urls()).toEqual(['/products?ids=1,2', '/products?ids=1']);
  });

  it('is read once where it may not be given, and all wait for that', async () => {
    await using it = await openAll();
    it.shop.headers = { 'cache-control': 'max-age=30' };
    await it.ids('1', '2');
    it.clock.forward(31);
    it.shop.latencyMs = 40;
    await Promise.all(Array.from({ length: 50 }, () => it.ids('1')));
    expect(it.shop.urls()).toEqual(['/products?ids=1,2', '/products?ids=1']);
  });

  it('leaves with what is missing in one call', async () => {
    await using it = await openAll();
    await it.ids('1', '2');
    it.clock.forward(31);
    expect(await it.ids('1', '2', '3')).toEqual(['1', '2', '3']);
    expect(it.shop.urls()).toEqual(['/products?ids=1,2', '/products?ids=1,2,3']);
  });

  it('is not given any more when that time is over too', async () => {
    await using it = await openAll();
    it.shop.headers = { 'cache-control': 'max-age=30, stale-while-revalidate=60' };
    await it.ids('1');
    it.clock.forward(91);
    it.shop.products.set('1', { id: '1', name: 'newer', price: 1 });
    expect(names(await it.client.byIds(callOf(), ['1']))).toEqual(['newer']);
  });

  it('is refreshed at most once a second while that fails', async () => {
    await using it = await openAll();
    await it.ids('1');
    it.clock.forward(31);
    it.shop.behaviour = ({ fail }) => fail(503);
    for (let count = 0; count < 10; count += 1) {
      expect(await it.ids('1')).toEqual(['1']);
      await until(() => it.client.records.length >= 2);
    }
    expect(it.shop.urls()).toHaveLength(2);
    it.clock.forward(1.1);
    await it.ids('1');
    await until(() => it.shop.urls().length === 3);
  });
});

describe('an outage', () => {
  it.each([
    ['an error', 503],
    ['a dropped connection', 0],
  ])('of %s is bridged as long as the backend allows', async (_what, status) => {
    await using it = await openAll();
    it.shop.headers = { 'cache-control': 'max-age=30, stale-if-error=3600' };
    await it.ids('1', '2');
    it.clock.forward(60);
    it.shop.behaviour = ({ fail, response }) => (status ? fail(status) : response.destroy());
    const { records, call } = heard();
    expect(names(await it.client.byIds(call, ['1', '2']))).toEqual(['product 1', 'product 2']);
    expect(await it.client.byId(callOf(), '1')).toMatchObject({ name: 'product 1' });
    expect(records.map(({ source, status: got }) => [source, got])).toEqual([
      ['network', status || null],
      ['stale', 200],
    ]);
    // What was never read cannot be had, and is an error, not an absence.
    expect((await errorOf(it.client.byIds(callOf(), ['1', '3']))).code).toBe('UPSTREAM_UNAVAILABLE');
    it.clock.forward(3600);
    expect((await errorOf(it.client.byIds(callOf(), ['1']))).code).toBe('UPSTREAM_UNAVAILABLE');
  });

  it('leaves a loader with what can be had, and with an error for the rest', async () => {
    await using it = await openAll();
    it.shop.headers = { 'cache-control': 'max-age=30, stale-if-error=3600' };
    await it.ids('1');
    it.clock.forward(60);
    await it.ids('2');
    it.shop.behaviour = ({ fail }) => fail(503);
    const lacking: [readonly string[], unknown][] = [];
    const demand = {
      batchSize: 3,
      keys: ['1', '2', '3'],
      wave: 1,
      paths: () => [],
      lacks: (keys: readonly string[], error: unknown) => void lacking.push([keys, error]),
    };
    const rows = await it.client.byIds(callOf({ demand }), ['1', '2', '3']);
    expect(names(rows)).toEqual(['product 1', 'product 2']);
    expect(lacking).toMatchObject([[['3'], { code: 'UPSTREAM_UNAVAILABLE' }]]);
    it.shop.behaviour = ({ response }) => response.destroy();
    await it.client.byIds(callOf({ demand }), ['1', '2', '3']);
    expect(lacking).toHaveLength(2);
  });

  it('that hangs is waited for only for half of what is left', async () => {
    await using it = await openAll();
    it.shop.headers = { 'cache-control': 'max-age=30, stale-if-error=3600' };
    await it.ids('1');
    it.clock.forward(60);
    it.shop.behaviour = () => undefined;
    const startedAt = performance.now();
    expect(names(await it.client.byIds(callOf({ leftMs: 300 }), ['1']))).toEqual(['product 1']);
    expect(performance.now() - startedAt).toBeLessThan(290);
  });

  it('does not bring back what was invalidated', async () => {
    await using it = await openAll();
    await it.ids('1');
    await it.cache.invalidate(['products/1']);
    it.shop.behaviour = ({ fail }) => fail(503);
    expect((await errorOf(it.client.byIds(callOf(), ['1']))).code).toBe('UPSTREAM_UNAVAILABLE');
  });

  it('is not bridged where the answer must be revalidated', async () => {
    await using it = await openAll();
    it.shop.headers = { 'cache-control': 'max-age=30, stale-if-error=3600, must-revalidate' };
    await it.ids('1');
    it.clock.forward(60);
    it.shop.behaviour = ({ fail }) => fail(503);
    expect((await errorOf(it.client.byIds(callOf(), ['1']))).code).toBe('UPSTREAM_UNAVAILABLE');
  });
});

describe('an invalidation', () => {
  it('drops the object, and leaves the others', async () => {
    await using it = await openAll();
    await it.ids('1', '2');
    it.shop.products.set('1', { id: '1', name: 'changed', price: 1 });
    await it.cache.invalidate(['products/1']);
    expect(names(await it.client.byIds(callOf(), ['1', '2']))).toEqual(['changed', 'product 2']);
    expect(it.shop.urls()).toEqual(['/products?ids=1,2', '/products?ids=1']);
  });

  it('of a kind drops all of it', async () => {
    await using it = await openAll();
    await it.ids('1', '2');
    await it.cache.invalidate(['products']);
    await it.ids('1', '2');
    expect(it.shop.urls()).toHaveLength(2);
  });

  it('drops the searches of the kind, and not those of another', async () => {
    await using it = await openAll();
    await it.client.search(callOf(), 'x');
    await it.cache.invalidate(['stock/1']);
    await it.client.search(callOf(), 'x');
    expect(it.shop.urls()).toHaveLength(1);
    await it.cache.invalidate(['products/7']);
    await it.client.search(callOf(), 'x');
    expect(it.shop.urls()).toHaveLength(2);
  });

  it('keeps a fetch that began before it from filling the store after it', async () => {
    await using it = await openAll();
    it.shop.latencyMs = 50;
    const slow = [
      it.client.byIds(callOf(), ['1', '2']),
      it.client.search(callOf(), 'x'),
      it.client.byId(callOf(), '1'),
    ];
    await until(() => it.shop.urls().length === 3);
    it.shop.products.set('1', { id: '1', name: 'changed', price: 1 });
    await it.cache.invalidate(['products/1']);
    const before = await Promise.all(slow);
    expect(before.flat()[0]).toMatchObject({ name: 'product 1' });
    expect(names(await it.client.byIds(callOf(), ['1', '2']))).toEqual(['changed', 'product 2']);
    expect(names(await it.client.search(callOf(), 'x'))[0]).toBe('changed');
    expect(await it.client.byId(callOf(), '1')).toMatchObject({ name: 'changed' });
    // The row beside it was not touched, so it was kept.
    expect(it.shop.urls().slice(3)).toEqual(['/products?ids=1', '/products?search=x']);
  });

  it('lets a fetch that began after it fill the store, whichever of the two ends first', async () => {
    await using it = await openAll();
    it.shop.latencyMs = 60;
    const slow = it.ids('1');
    await until(() => it.shop.urls().length === 1);
    await it.cache.invalidate(['products/1']);
    it.shop.latencyMs = 0;
    await it.ids('1');
    await slow;
    await it.ids('1');
    expect(it.shop.urls()).toHaveLength(2);
  });

  it('is not undone by a refresh in the background that began before it', async () => {
    await using it = await openAll();
    await it.ids('1');
    it.clock.forward(31);
    it.shop.latencyMs = 40;
    await it.ids('1');
    await until(() => it.shop.urls().length === 2);
    it.shop.products.set('1', { id: '1', name: 'changed', price: 1 });
    await it.cache.invalidate(['products/1']);
    await until(() => it.client.records.length === 2);
    expect(names(await it.client.byIds(callOf(), ['1']))).toEqual(['changed']);
  });
});

describe('a search', () => {
  it('is kept by its URL, and validated when it is no longer fresh', async () => {
    await using it = await openAll();
    it.shop.headers = { 'cache-control': 'max-age=30', etag: '"a"' };
    it.shop.behaviour = ({ headers, response, answer }) => {
      if (headers['if-none-match'] === '"a"') response.writeHead(304, it.shop.headers).end();
      else answer();
    };
    const { records, call } = heard();
    for (let count = 0; count < 3; count += 1) await it.client.search(call, 'x');
    await it.client.search(call, 'y');
    it.clock.forward(31);
    expect(await it.client.search(call, 'x')).toHaveLength(20);
    expect(await it.client.search(call, 'x')).toHaveLength(20);
    expect(records.map(({ source, status }) => [source, status])).toEqual([
      ['network', 200],
      ['cache', 200],
      ['cache', 200],
      ['network', 200],
      ['network', 304],
      ['cache', 200],
    ]);
  });

  it('is given stale while it is refreshed, and in an outage', async () => {
    await using it = await openAll();
    await it.client.search(callOf(), 'x');
    it.clock.forward(31);
    it.shop.products.delete('20');
    expect(await it.client.search(callOf(), 'x')).toHaveLength(20);
    await until(() => it.client.records.length === 2);
    expect(await it.client.search(callOf(), 'x')).toHaveLength(19);
    it.clock.forward(1000);
    it.shop.behaviour = ({ fail }) => fail(503);
    expect(await it.client.search(callOf(), 'x')).toHaveLength(19);
  });

  it('varies with what its answer says', async () => {
    await using it = await openAll();
    it.shop.headers = { 'cache-control': 'max-age=30', vary: 'x-request-id' };
    await it.client.search(callOf({ requestId: 'a' }), 'x');
    await it.client.search(callOf({ requestId: 'b' }), 'x');
    await it.client.search(callOf({ requestId: 'a' }), 'x');
    await it.client.byIds(callOf({ requestId: 'a' }), ['1']);
    await it.client.byIds(callOf({ requestId: 'b' }), ['1']);
    await it.client.byIds(callOf({ requestId: 'b' }), ['1']);
    expect(it.shop.urls()).toHaveLength(4);
  });
});
