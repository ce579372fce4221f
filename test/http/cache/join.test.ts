import { describe, expect, it } from 'vitest';
import type { CallRecord, Viewer } from '../../../src/call.ts';
import { createFence } from '../../../src/http/cache/fence.ts';
import { isPublicRead } from '../../../src/http/cache/public-read.ts';
import { createJoin } from '../../../src/http/join.ts';
import { createBulkJoin } from '../../../src/http/join-bulk.ts';
import { createWatch } from '../../../src/http/watch.ts';
import { callOf, errorOf, sleep, until } from '../rest-client.ts';
import { openShop, productList, visit } from './catalogue.ts';

function joins() {
  const fence = createFence();
  const parts = { watch: createWatch(), fence };
  return { fence, layers: [createJoin(parts), createBulkJoin(parts)] };
}

const ada: Viewer = {
  id: '17',
  scopes: new Set(),
  clientId: null,
  token: 'ada',
  expiresAt: Date.now() + 3_600_000,
};

/** A call that keeps its records. */
function heard(leftMs = 2000) {
  const records: CallRecord[] = [];
  return { records, call: callOf({ leftMs, observe: (record) => records.push(record) }) };
}

describe('identical public reads in flight', () => {
  it('are one call, and each operation sees it', async () => {
    await using shop = await openShop();
    await using client = visit(shop, joins().layers);
    shop.latencyMs = 40;
    const callers = [heard(), heard(), heard()];
    const products = await Promise.all(callers.map(({ call }) => client.byId(call, '7')));
    expect(products.map((one) => one?.name)).toEqual(['product 7', 'product 7', 'product 7']);
    expect(shop.urls()).toEqual(['/products/7']);
    expect(callers.map(({ records }) => records.map(({ source, status }) => [source, status]))).toEqual([
      [['network', 200]],
      [['shared', 200]],
      [['shared', 200]],
    ]);
    // Counted once where the process counts.
    expect(client.records).toHaveLength(1);
  });

  it('are joined late, and the late caller sees only its own wait', async () => {
    await using shop = await openShop();
    await using client = visit(shop, joins().layers);
    shop.latencyMs = 80;
    const early = client.byId(callOf(), '7');
    await until(() => shop.urls().length === 1);
    const late = heard();
    const joinedAt = performance.now();
    await Promise.all([early, client.byId(late.call, '7')]);
    expect(shop.urls()).toHaveLength(1);
    expect(late.records).toHaveLength(1);
    expect(late.records[0]?.startedAt).toBeGreaterThanOrEqual(joinedAt);
  });

  it('are calls of their own once the first has ended', async () => {
    await using shop = await openShop();
    await using client = visit(shop, joins().layers);
    await client.byId(callOf(), '7');
    await client.byId(callOf(), '7');
    expect(shop.urls()).toHaveLength(2);
  });

  it('go on for the others when the first caller leaves', async () => {
    await using shop = await openShop();
    await using client = visit(shop, joins().layers);
    shop.latencyMs = 80;
    const abort = new AbortController();
    const first = errorOf(client.byId(callOf({ signal: abort.signal }), '7'));
    const second = client.byId(callOf(), '7');
    await until(() => shop.urls().length === 1);
    abort.abort();
    expect((await first).code).toBe('DEADLINE_EXCEEDED');
    expect(await second).toMatchObject({ id: '7' });
    expect(shop.urls()).toHaveLength(1);
  });

  it('end with the last caller, connection and all', async () => {
    await using shop = await openShop();
    await using client = visit(shop, joins().layers);
    shop.behaviour = () => undefined;
    const aborts = [new AbortController(), new AbortController()];
    const callers = aborts.map(({ signal }) => errorOf(client.byId(callOf({ signal }), '7')));
    await until(() => shop.urls().length === 1);
    aborts[0]?.abort();
    await callers[0];
    await sleep(40);
    expect(shop.server.open.size).toBe(1);
    aborts[1]?.abort();
    await callers[1];
    await until(() => shop.server.open.size === 0, 1_000);
  });

  it('have the longest deadline of their callers, in whichever order they come', async () => {
    await using shop = await openShop();
    await using client = visit(shop, joins().layers);
    shop.latencyMs = 250;
    const hurried = heard(100);
    const outcomes = [errorOf(client.byId(hurried.call, '7'))];
    await until(() => shop.urls().length === 1);
    const patient = client.byId(callOf({ leftMs: 1500 }), '7');
    expect((await outcomes[0])?.code).toBe('DEADLINE_EXCEEDED');
    expect(await patient).toMatchObject({ id: '7' });
    expect(shop.urls()).toHaveLength(1);
    expect(hurried.records.map(({ error }) => error)).toEqual(['DEADLINE_EXCEEDED']);
  });

  it('share one failure', async () => {
    await using shop = await openShop();
    await using client = visit(shop, joins().layers);
    shop.latencyMs = 20;
    shop.behaviour = ({ fail }) => fail(503);
    const errors = await Promise.all([1, 2, 3].map(() => errorOf(client.byId(callOf(), '7'))));
    expect(errors.map(({ code }) => code)).toEqual(Array(3).fill('UPSTREAM_UNAVAILABLE'));
    expect(shop.urls()).toHaveLength(1);
  });

  it('are not joined to one that began before their object changed', async () => {
    await using shop = await openShop();
    const { fence, layers } = joins();
    await using client = visit(shop, layers);
    shop.latencyMs = 60;
    const before = client.byId(callOf(), '7');
    const list = client.byIds(callOf(), ['7', '8']);
    await until(() => shop.urls().length === 2);
    fence.raise(['products', 'products/7']);
    await Promise.all([before, list, client.byId(callOf(), '7'), client.byIds(callOf(), ['7', '8'])]);
    // Of the list only what changed is read again.
    expect(shop.urls()).toEqual([
      '/products/7',
      '/products?ids=7%2C8'.replace('%2C', ','),
      '/products/7',
      '/products?ids=7',
    ]);
  });
});

describe('calls with credentials', () => {
  it('are never shared', async () => {
    await using shop = await openShop();
    await using client = visit(shop, joins().layers);
    shop.latencyMs = 30;
    const people = ['ada', 'ada', 'grace', null].map((token) =>
      callOf({ viewer: token === null ? null : { ...ada, id: token, token } }),
    );
    await Promise.all(
      people.flatMap((call) => [
        client.upstream.send(call, {
          endpoint: client.endpoint('ownProducts'),
          query: { ids: ['1'] },
          decode: productList,
        }),
        client.upstream.send(call, { endpoint: client.endpoint('ownList'), decode: productList }),
      ]),
    );
    expect(shop.urls().filter((url) => url === '/own?ids=1')).toHaveLength(4);
    expect(shop.urls().filter((url) => url === '/own/list')).toHaveLength(4);
  });
});

it('an exchange with a principal is not a public read, whatever its endpoint says', async () => {
  await using shop = await openShop();
  await using client = visit(shop, []);
  const exchange = { principal: null, body: null, headers: {} };
  const endpoint = client.endpoint('productById');
  expect(isPublicRead({ ...exchange, endpoint })).toBe(true);
  expect(isPublicRead({ ...exchange, endpoint, principal: 'viewer:17' })).toBe(false);
  expect(isPublicRead({ ...exchange, endpoint, headers: { authorization: 'Bearer x' } })).toBe(false);
  expect(isPublicRead({ ...exchange, endpoint, body: '{}' })).toBe(false);
  expect(isPublicRead({ ...exchange, endpoint: { ...endpoint, credentials: 'viewer' } })).toBe(false);
  expect(isPublicRead({ ...exchange, endpoint: { ...endpoint, method: 'POST' } })).toBe(false);
});

describe('bulk reads of one turn', () => {
  it('share one call, and each gets its own rows', async () => {
    await using shop = await openShop();
    await using client = visit(shop, joins().layers);
    const callers = [heard(), heard(), heard()];
    const asked = [['1', '2'], ['2', '3'], ['9']];
    const lists = await Promise.all(callers.map(({ call }, index) => client.byIds(call, asked[index] ?? [])));
    expect(lists.map((list) => list.map(({ id }) => id))).toEqual(asked);
    expect(shop.urls()).toEqual(['/products?ids=1,2,3,9']);
    expect(callers.map(({ records }) => records.map(({ source }) => source))).toEqual([
      ['network'],
      ['shared'],
      ['shared'],
    ]);
    expect(client.records).toHaveLength(1);
  });

  it("are as many calls as the keys need, of at most the endpoint's size", async () => {
    await using shop = await openShop(250);
    await using client = visit(shop, joins().layers);
    const all = [...shop.products.keys()];
    const lists = await Promise.all(
      [0, 50, 100, 150].map((from) => client.byIds(callOf(), all.slice(from, from + 100))),
    );
    expect(lists.map((list) => [list.length, list[0]?.id])).toEqual([
      [100, '1'],
      [100, '51'],
      [100, '101'],
      [100, '151'],
    ]);
    expect(shop.server.received.map(({ url }) => url.split(',').length)).toEqual([100, 100, 50]);
  });

  it('do not ask again for a key that is in flight', async () => {
    await using shop = await openShop();
    await using client = visit(shop, joins().layers);
    shop.latencyMs = 60;
    const first = client.byIds(callOf(), ['1', '2', '3']);
    await until(() => shop.urls().length === 1);
    const [second, third] = await Promise.all([
      client.byIds(callOf(), ['3', '4']),
      client.byIds(callOf(), ['1', '2']),
      first,
    ]);
    expect(second.map(({ id }) => id)).toEqual(['3', '4']);
    expect(third.map(({ id }) => id)).toEqual(['1', '2']);
    expect(shop.urls()).toEqual(['/products?ids=1,2,3', '/products?ids=4']);
  });

  it('leave in the turn in which they were asked for', async () => {
    await using shop = await openShop();
    await using client = visit(shop, joins().layers);
    await client.byIds(callOf(), ['1']);
    await client.byIds(callOf(), ['2']);
    expect(shop.urls()).toEqual(['/products?ids=1', '/products?ids=2']);
  });

  it('are told the longest deadline that is left', async () => {
    await using shop = await openShop();
    await using client = visit(shop, joins().layers);
    await Promise.all([
      client.byIds(callOf({ leftMs: 300 }), ['1']),
      client.byIds(callOf({ leftMs: 1500 }), ['2']),
    ]);
    const [request] = shop.server.received;
    expect(Number(request?.headers['x-timeout-ms'])).toBeGreaterThan(1000);
  });

  it("are split when one caller's key poisons the call", async () => {
    await using shop = await openShop();
    await using client = visit(shop, joins().layers);
    shop.behaviour = ({ ids, fail, answer }) => (ids.includes('bad') ? fail(400) : answer());
    const callers = [heard(), heard(), heard()];
    const [good, poisoned, other] = await Promise.allSettled([
      client.byIds(callers[0]?.call ?? callOf(), ['1', '2']),
      client.byIds(callers[1]?.call ?? callOf(), ['bad']),
      client.byIds(callers[2]?.call ?? callOf(), ['2', '3']),
    ]);
    expect(good).toMatchObject({ status: 'fulfilled', value: [{ id: '1' }, { id: '2' }] });
    expect(other).toMatchObject({ status: 'fulfilled', value: [{ id: '2' }, { id: '3' }] });
    expect(poisoned).toMatchObject({ status: 'rejected', reason: { code: 'UPSTREAM_ERROR' } });
    expect(shop.urls()).toEqual([
      '/products?ids=1,2,bad,3',
      '/products?ids=1,2',
      '/products?ids=bad',
      '/products?ids=2,3',
    ]);
    expect(callers[0]?.records.map(({ source, status }) => [source, status])).toEqual([
      ['network', 400],
      ['network', 200],
    ]);
    expect(callers[2]?.records.map(({ source, status }) => [source, status])).toEqual([
      ['shared', 400],
      ['network', 200],
    ]);
  });

  it.each([
    ['a body that is not JSON', 'not json'],
    ['a body of another shape', '{"rows":[]}'],
    ['a row without its key', '{"items":[{"name":"x","price":1}]}'],
  ])('are split when the joint answer has %s', async (_what, text) => {
    await using shop = await openShop();
    await using client = visit(shop, joins().layers);
    shop.behaviour = ({ ids, response, answer }) => {
      if (ids.length === 1) answer();
      else response.writeHead(200, { 'content-type': 'application/json' }).end(text);
    };
    const [one, two] = await Promise.all([client.byIds(callOf(), ['1']), client.byIds(callOf(), ['2'])]);
    expect([one[0]?.id, two[0]?.id]).toEqual(['1', '2']);
    expect(shop.urls()).toEqual(['/products?ids=1,2', '/products?ids=1', '/products?ids=2']);
  });

  it('are not split when the backend itself is in trouble', async () => {
    await using shop = await openShop();
    await using client = visit(shop, joins().layers);
    shop.behaviour = ({ fail }) => fail(503);
    const errors = await Promise.all(['1', '2', '3'].map((id) => errorOf(client.byIds(callOf(), [id]))));
    expect(errors.map(({ code }) => code)).toEqual(Array(3).fill('UPSTREAM_UNAVAILABLE'));
    expect(shop.urls()).toHaveLength(1);
  });

  it('go on for those who stay and end with the last', async () => {
    await using shop = await openShop();
    await using client = visit(shop, joins().layers);
    shop.behaviour = () => undefined;
    const aborts = [new AbortController(), new AbortController(), new AbortController()];
    const callers = aborts.map(({ signal }, index) =>
      errorOf(client.byIds(callOf({ signal }), [String(index + 1)])),
    );
    // One is gone before the call is made: its key is not in it.
    aborts[0]?.abort();
    await until(() => shop.urls().length === 1);
    expect(shop.urls()).toEqual(['/products?ids=2,3']);
    aborts[1]?.abort();
    await callers[1];
    await sleep(40);
    expect(shop.server.open.size).toBe(1);
    aborts[2]?.abort();
    await callers[2];
    await until(() => shop.server.open.size === 0, 1_000);
  });

  it("give out of a careless answer each caller its own rows and nobody else's", async () => {
    await using shop = await openShop();
    await using client = visit(shop, joins().layers);
    shop.behaviour = ({ answer }) => {
      const [one, two, nine] = ['1', '2', '9'].map((id) => shop.products.get(id));
      // Reordered, repeated, foreign (9), and 3 is missing.
      answer([two, nine, one, one]);
    };
    const [left, right] = await Promise.all([
      client.byIds(callOf(), ['1', '3']),
      client.byIds(callOf(), ['2']),
    ]);
    expect(left.map(({ id }) => id)).toEqual(['1']);
    expect(right.map(({ id }) => id)).toEqual(['2']);
  });

  it('hand out rows that no caller can change for the others', async () => {
    await using shop = await openShop();
    await using client = visit(shop, joins().layers);
    const [left, right] = await Promise.all([client.byIds(callOf(), ['1']), client.byIds(callOf(), ['1'])]);
    expect(() => Object.assign(left[0] ?? {}, { name: 'mine' })).toThrow(TypeError);
    expect(right[0]?.name).toBe('product 1');
  });

  it('may ask for a key twice', async () => {
    await using shop = await openShop();
    await using client = visit(shop, joins().layers);
    const [left, right] = await Promise.all([
      client.byIds(callOf(), ['1', '1']),
      client.byIds(callOf(), ['1']),
    ]);
    expect([left[0]?.id, right[0]?.id]).toEqual(['1', '1']);
    expect(shop.urls()).toEqual(['/products?ids=1']);
  });

  it('carry keys that need encoding', async () => {
    await using shop = await openShop();
    await using client = visit(shop, joins().layers);
    const odd = 'a/b&c=d ü';
    shop.products.set(odd, { id: odd, name: 'odd', price: 1 });
    const [left, right] = await Promise.all([client.byIds(callOf(), [odd]), client.byIds(callOf(), ['1'])]);
    expect([left[0]?.id, right[0]?.id]).toEqual([odd, '1']);
    expect(shop.urls()).toHaveLength(1);
  });

  it("are the caller's own when only one asks", async () => {
    await using shop = await openShop();
    await using client = visit(shop, joins().layers);
    shop.behaviour = ({ fail }) => fail(400);
    expect((await errorOf(client.byIds(callOf(), ['1', '2']))).code).toBe('UPSTREAM_ERROR');
    expect(shop.urls()).toHaveLength(1);
  });
});
