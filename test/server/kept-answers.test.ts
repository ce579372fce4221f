import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasRedis, startRedis } from '../http/cache/redis-server.ts';
import { startWeir, type Weir } from '../start-weir.ts';
import { getStored, persisted, startShelf, toGot } from './stored-gets.ts';

const PRODUCT = '{ product(id: "Product:7") { name } }';
const kept = { CACHE_MAX_BYTES: '10000000' };

describe('what a GET of a stored document says of how long its answer may be kept', () => {
  let weir: Weir;
  let ada: string;
  beforeAll(async () => {
    weir = await startWeir({ ...kept, CORS_ORIGINS: 'https://shop.example', SUBGRAPH_TOKEN: 'between-us' });
    ada = await weir.signIn();
  });
  afterAll(async () => weir?.[Symbol.asyncDispose]());
  const get = (query: string, options?: Parameters<typeof getStored>[2]) =>
    getStored(weir.url, query, options);

  it('public data: public, as long as its backend says, with a strong tag', async () => {
    const { status, control, maxAge, etag, vary } = await get(PRODUCT);
    expect([status, control]).toEqual([200, `public, max-age=${maxAge}`]);
    expect(maxAge).toBeGreaterThan(20);
    expect(maxAge).toBeLessThanOrEqual(30);
    expect(etag).toMatch(/^"[\w-]{43}"$/);
    expect(vary?.split(', ').sort()).toEqual(['accept', 'authorization', 'origin']);
  });

  it('nothing new for who has it already: 304 without a body, whatever else has the tag', async () => {
    const { etag } = await get(PRODUCT);
    for (const tags of [`${etag}`, `W/${etag}`, `"x", ${etag}`, '*']) {
      const again = await get(PRODUCT, { headers: { 'if-none-match': tags } });
      expect([again.status, again.body, again.etag, again.type]).toEqual([304, '', etag, null]);
      expect([again.maxAge, again.vary]).toEqual([expect.any(Number), expect.stringContaining('accept')]);
    }
    const other = await get('{ product(id: "Product:8") { name } }', {
      headers: { 'if-none-match': `${etag}` },
    });
    expect([other.status, other.etag === etag]).toEqual([200, false]);
    const accept = 'application/graphql-response+json';
    const otherType = await get(PRODUCT, { headers: { accept, 'if-none-match': `${etag}` } });
    expect([otherType.status, otherType.type]).toEqual([200, `${accept}; charset=utf-8`]);
  });

  it('the least of what was read: stock, two seconds', async () => {
    const { control, maxAge } = await get('{ product(id: "Product:9") { name stock { available } } }');
    expect(control).toMatch(/^public, /);
    expect(maxAge).toBeLessThanOrEqual(2);
  });

  it('the least of what was read, whichever came last', async () => {
    await using slow = await startWeir(kept);
    await slow.fault('products', { latencyMs: 150 });
    const { body, control, maxAge } = await getStored(
      slow.url,
      '{ product(id: "Product:9") { name stock { available } } }',
    );
    expect([control, body]).toEqual([
      expect.stringMatching(/^public, /),
      expect.stringContaining('available'),
    ]);
    expect(maxAge).toBeLessThanOrEqual(2);
  });

  it('what was not found: no longer than it is remembered', async () => {
    const { body, maxAge, control } = await get('{ product(id: "Product:999999") { name } }');
    expect(body).toBe('{"data":{"product":null}}');
    expect(control).not.toContain('private');
    expect(maxAge).toBeLessThanOrEqual(30);
    expect((await get('{ product(id: "Product:999999") { name } }')).maxAge).toBeLessThanOrEqual(2);
  });

  it('with an offer in it: nobody keeps it', async () => {
    const day = new Date(Date.now() + 10 * 86_400_000).toISOString().slice(0, 10);
    const search = `{ flights(search: { origin: "LHR", destination: "JFK", date: "${day}" }, first: 1) { nodes { number } } }`;
    const without = await get(search);
    expect(without.control).toMatch(/^public, max-age=[1-6]?\d$/);
    const withOffer = await get(search.replace('number', 'number offer { price { amount } }'));
    expect(JSON.parse(withOffer.body)).toMatchObject({ data: { flights: { nodes: [{ offer: {} }] } } });
    expect([withOffer.control, withOffer.etag]).toEqual(['no-store', null]);
  });

  it.each([
    ['her orders', '{ me { id orders(first: 1) { nodes { id } } } }'],
    ['her own name', '{ me { name } }'],
    [
      'an order of hers beside a product',
      `{ me { bookings(first: 1) { nodes { id } } } product(id: "Product:7") { name } }`,
    ],
    ['who she is beside a product', '{ me { id } product(id: "Product:7") { name } }'],
    ['a product alone', PRODUCT],
  ])('for somebody who has signed in, never public: %s', async (_, query) => {
    const { status, control, etag, body } = await get(query, { token: ada });
    expect([status, control]).toEqual([200, expect.stringMatching(/^private, max-age=\d+$/)]);
    const again = await get(query, { token: ada, headers: { 'if-none-match': `${etag}` } });
    expect([again.status, again.control]).toEqual([304, expect.stringMatching(/^private, /)]);
    expect(body).not.toContain('errors');
  });

  it('no longer than the five seconds of what is personal', async () => {
    expect(
      (
        await get('{ me { orders(first: 1) { nodes { id } } } product(id: "Product:7") { name } }', {
          token: ada,
        })
      ).maxAge,
    ).toBeLessThanOrEqual(5);
  });

  it('what takes the credentials of a viewer is not public for the anonymous either', async () => {
    const { control, body } = await get('{ user(id: "User:1") { name } }');
    expect([control, body]).toEqual([expect.not.stringContaining('public'), expect.stringContaining('name')]);
  });

  it.each([
    ['nothing that was read says how long it holds', '{ __typename }', {}],
    ['only the token was read', '{ me { id } }', {}],
    ['a field failed', '{ product(id: "Product:7") { name } user(id: "User:1") { email } }', {}],
    ['the document is not valid', '{ nope }', {}],
    ['its calls were asked for', PRODUCT, { 'x-weir-trace': '1' }],
    ['an explanation was asked for', PRODUCT, { 'x-weir-explain': '1' }],
    [
      'it came to a subgraph',
      '{ product(id: "Product:7") { name } }',
      { 'x-weir-subgraph-token': 'between-us' },
    ],
    ['it comes as events', PRODUCT, { accept: 'text/event-stream' }],
  ])('nobody keeps it where %s', async (_, query, headers) => {
    const { control, etag } = await get(
      query,
      query.includes('me {') ? { token: ada, headers } : { headers },
    );
    expect([control, etag]).toEqual(['no-store', null]);
  });

  it('nobody keeps what was not asked for by a hash, or not by GET', async () => {
    const headers = { 'graphql-require-preflight': '1', 'content-type': 'application/json' };
    const byText = await fetch(`${weir.url}/graphql?query=${encodeURIComponent(PRODUCT)}`, { headers });
    const { etag } = await get(PRODUCT);
    const { extensions } = persisted(PRODUCT);
    const body = JSON.stringify({ query: PRODUCT, extensions });
    const posted = await fetch(`${weir.url}/graphql`, {
      method: 'POST',
      headers: { ...headers, 'if-none-match': `${etag}` },
      body,
    });
    for (const response of [byText, posted]) {
      const { status, control, etag: none } = await toGot(response);
      expect([status, control, none]).toEqual([200, 'no-store', null]);
    }
  });

  it('never is a mutation run by GET', async () => {
    const { status, control, body } = await get(
      'mutation { signIn(input: { email: "ada@example.com", password: "waterfall" }) { accessToken } }',
    );
    expect([status, control, body.includes('accessToken')]).toEqual([405, 'no-store', false]);
    expect(body).toContain('METHOD_NOT_ALLOWED');
  });

  it('says that it depends on the origin only where origins matter', async () => {
    await using plain = await startWeir(kept);
    expect((await getStored(plain.url, PRODUCT)).vary).toBe('accept, authorization');
    const allowed = await get(PRODUCT, { headers: { origin: 'https://shop.example' } });
    expect(allowed.vary?.split(', ').sort()).toEqual(['accept', 'authorization', 'origin']);
  });
});

describe('what its backend says of how long it holds', () => {
  const says = async (headers: Readonly<Record<string, string>>): Promise<string | null> => {
    await using shelf = await startShelf(() => ({ headers }), kept);
    return (await shelf.get('1')).control;
  };

  it.each([
    [{ 'cache-control': 'public, max-age=30', age: '20' }, /^public, max-age=([5-9]|10)$/],
    [{ 'cache-control': 'max-age=30', age: '29' }, /^public, max-age=[01]$/],
    [{ 'cache-control': 'max-age=30', age: '40' }, /^public, max-age=0$/],
    [{ 'cache-control': 'max-age=60, s-maxage=10' }, /^public, max-age=([5-9]|10)$/],
    [{ 'cache-control': 'private, max-age=30' }, /^private, max-age=(2\d|30)$/],
    [{ 'cache-control': 'no-store, max-age=30' }, /^no-store$/],
    [{ 'cache-control': 'no-cache, max-age=30' }, /^no-store$/],
    [{ 'cache-control': 'public, max-age=30', vary: '*' }, /^no-store$/],
    [{}, /^no-store$/],
  ])('%j', async (headers, expected) => {
    expect(await says(headers)).toMatch(expected);
  });

  it('does not make public what takes the credentials of a viewer', async () => {
    await using shelf = await startShelf(
      () => ({ headers: { 'cache-control': 'public, max-age=30' } }),
      kept,
    );
    const { body, control } = await getStored(shelf.url, '{ user(id: "User:1") { name } }');
    expect(body).toBe('{"data":{"user":{"name":"Cup"}}}');
    expect(control).toMatch(/^private, max-age=(2\d|30)$/);
  });

  it('is the same without a cache of our own', async () => {
    await using shelf = await startShelf(() => ({ headers: { 'cache-control': 'max-age=30', age: '20' } }), {
      CACHE_MAX_BYTES: '0',
    });
    expect((await shelf.get('1')).control).toMatch(/^public, max-age=([5-9]|10)$/);
  });

  it('is less the longer it was kept here', async () => {
    await using shelf = await startShelf(() => ({ headers: { 'cache-control': 'max-age=20' } }), kept);
    const first = await shelf.get('1');
    expect(first.maxAge).toBeGreaterThanOrEqual(15);
    await pause(1_200);
    const again = await shelf.get('1');
    expect(again.maxAge).toBeLessThanOrEqual(18);
    // One that has just come beside it lasts no longer.
    const beside = await shelf.get('1', '2');
    expect(beside.maxAge).toBeLessThanOrEqual(18);
    expect([again.control, beside.control]).toEqual(
      [again, beside].map(({ maxAge }) => `public, max-age=${maxAge}`),
    );
  });

  it('is nothing where it is stale already, while it is refreshed and while its backend is away', async () => {
    let status = 200;
    const control = 'max-age=1, stale-while-revalidate=1, stale-if-error=60';
    await using shelf = await startShelf(() => ({ status, headers: { 'cache-control': control } }), kept);
    await shelf.get('1');
    status = 503;
    await pause(1_200);
    const stale = await shelf.get('1');
    expect([stale.status, stale.control]).toEqual([200, 'public, max-age=0']);
    await pause(1_000);
    const standIn = await shelf.get('1');
    expect([standIn.body, standIn.control]).toEqual([stale.body, 'public, max-age=0']);
  });

  it('is the least of several calls that others had under way', async () => {
    const say = (ids: string) => ({
      headers: { 'cache-control': ids === '1' ? 'max-age=90' : 'max-age=5' },
      afterMs: 300,
    });
    for (const CACHE_MAX_BYTES of ['0', '10000000']) {
      await using shelf = await startShelf(say, { CACHE_MAX_BYTES });
      const others = [shelf.get('1'), pause(50).then(() => shelf.get('2'))];
      await pause(150);
      expect((await shelf.get('1', '2')).maxAge).toBeLessThanOrEqual(5);
      await Promise.all(others);
    }
  });

  it.skipIf(!hasRedis())('is what is left of it where another replica has fetched it', async () => {
    await using redis = await startRedis();
    const shared = { ...kept, REDIS_URL: `redis://127.0.0.1:${redis.port}` };
    const say = () => ({ headers: { 'cache-control': 'max-age=4' } });
    await using one = await startShelf(say, shared);
    await using two = await startShelf(say, shared);
    await pause(300);
    await one.get('1');
    await pause(1_200);
    expect((await two.get('1')).maxAge).toBeLessThanOrEqual(2);
    expect((await two.get('1', '2')).maxAge).toBeLessThanOrEqual(2);
  });
});
