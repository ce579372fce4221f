import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createRedisStore } from '../../../src/http/cache/redis-store.ts';
import { createUpstreamCache, type UpstreamCacheOptions } from '../../../src/http/cache/upstream-cache.ts';
import { createTcpGate } from '../../tcp-gate.ts';
import { callOf, sleep, until } from '../rest-client.ts';
import { openShop, type Product, type Shop, visit } from './catalogue.ts';
import { hasRedis, type RedisServer, startRedis } from './redis-server.ts';

const names = (rows: readonly Product[]) => rows.map(({ name }) => name);

describe.skipIf(!hasRedis())('replicas on one Redis', () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(async () => redis[Symbol.asyncDispose]());
  beforeEach(async () => {
    const client = redis.client();
    await client.flushall();
    client.disconnect();
  });

  /** A replica of the gateway that hears the others. */
  async function replica(shop: Shop, options: UpstreamCacheOptions = {}) {
    const cache = createUpstreamCache({ redis: redis.client(), ...options });
    const client = visit(shop, cache.layers);
    // It hears once it can tell: before that nothing it keeps is trusted for long.
    await until2(() => cache.invalidate(['nothing/0']));
    await sleep(30);
    return {
      ...client,
      cache,
      names: async (...ids: string[]) => names(await client.byIds(callOf(), ids)),
      [Symbol.asyncDispose]: async () => {
        await client.upstream.close();
        await cache.close();
      },
    };
  }

  const until2 = async (holds: () => Promise<boolean>): Promise<void> => {
    const end = performance.now() + 5000;
    while (!(await holds())) {
      if (performance.now() > end) throw new Error('still not so after 5 s');
      await sleep(10);
    }
  };

  it('read what another has fetched', async () => {
    await using shop = await openShop();
    await using one = await replica(shop);
    await using two = await replica(shop);
    await one.names('1', '2');
    await one.search(callOf(), 'x');
    await sleep(50);
    expect(await two.names('1', '2', '3')).toEqual(['product 1', 'product 2', 'product 3']);
    expect(await two.search(callOf(), 'x')).toHaveLength(20);
    expect(await two.byId(callOf(), '2')).toMatchObject({ name: 'product 2' });
    expect(shop.urls()).toEqual(['/products?ids=1,2', '/products?search=x', '/products?ids=3']);
  });

  it('see in their records where it came from', async () => {
    await using shop = await openShop();
    await using one = await replica(shop);
    await using two = await replica(shop);
    await one.names('1');
    await sleep(50);
    const sources: string[] = [];
    await two.byIds(
      callOf({ observe: (record) => sources.push(`${record.source} ${record.demand?.keys ?? ''}`) }),
      ['1', '2'],
    );
    expect(sources).toEqual(['cache ', 'network ']);
  });

  it('do not take over what was fetched for another variant', async () => {
    await using shop = await openShop();
    shop.headers = { 'cache-control': 'max-age=30', vary: 'x-request-id' };
    await using one = await replica(shop);
    await using two = await replica(shop);
    for (const [each, requestId] of [
      [one, 'a'],
      [two, 'a'],
      [two, 'b'],
    ] as const) {
      await each.byIds(callOf({ requestId }), ['1']);
      await each.search(callOf({ requestId }), 'x');
      await sleep(50);
    }
    expect(shop.urls()).toHaveLength(4);
  });

  it('keep what they read no longer than the first one might', async () => {
    await using shop = await openShop();
    shop.headers = { 'cache-control': 'max-age=2' };
    await using one = await replica(shop);
    await using two = await replica(shop);
    await one.names('1');
    await one.search(callOf(), 'x');
    await sleep(1000);
    await two.names('1');
    await two.search(callOf(), 'x');
    expect(shop.urls()).toHaveLength(2);
    await sleep(1100);
    await two.names('1');
    await two.search(callOf(), 'x');
    expect(shop.urls()).toHaveLength(4);
  });

  it('drop what any of them invalidates', async () => {
    await using shop = await openShop();
    await using one = await replica(shop);
    await using two = await replica(shop);
    for (const each of [one, two]) {
      await each.names('1', '2');
      await each.search(callOf(), 'x');
    }
    const before = shop.urls().length;
    shop.products.set('1', { id: '1', name: 'changed', price: 1 });
    expect(await one.cache.invalidate(['products/1'])).toBe(true);
    await sleep(30);
    for (const each of [two, one]) {
      expect(await each.names('1', '2')).toEqual(['changed', 'product 2']);
      expect(names(await each.search(callOf(), 'x'))[0]).toBe('changed');
      await sleep(30);
    }
    // One call for the row and one for the search, on one replica; the other has them from Redis.
    expect(shop.urls().slice(before)).toEqual(['/products?ids=1', '/products?search=x']);
  });

  it('never fill a store with what was fetched before an invalidation on another', async () => {
    await using shop = await openShop();
    await using one = await replica(shop);
    await using two = await replica(shop);
    shop.latencyMs = 80;
    const slow = two.names('1', '2');
    await until(() => shop.urls().length === 1);
    shop.products.set('1', { id: '1', name: 'changed', price: 1 });
    await one.cache.invalidate(['products/1']);
    expect(await slow).toEqual(['product 1', 'product 2']);
    shop.latencyMs = 0;
    await sleep(50);
    await using three = await replica(shop);
    expect(await two.names('1', '2')).toEqual(['changed', 'product 2']);
    expect(await one.names('1', '2')).toEqual(['changed', 'product 2']);
    expect(await three.names('1', '2')).toEqual(['changed', 'product 2']);
  });

  it('agree with the backend in the end, whatever the order of reads and writes', async () => {
    await using shop = await openShop();
    await using one = await replica(shop);
    await using two = await replica(shop);
    const replicas = [one, two];
    const ids = ['1', '2', '3'];
    let last = 0;
    for (let round = 0; round < 60; round += 1) {
      const reads = Array.from({ length: 6 }, async (_, index) => {
        shop.latencyMs = (round * 7 + index * 5) % 23;
        await replicas[index % 2]?.names(...ids.slice(0, 1 + (index % 3)));
      });
      const id = ids[round % 3] ?? '1';
      last += 1;
      shop.products.set(id, { id, name: `version ${last}`, price: 1 });
      const written = replicas[round % 2]?.cache.invalidate([`products/${id}`]);
      await written;
      // Who wrote reads what it wrote.
      expect((await replicas[round % 2]?.names(id))?.[0]).toBe(`version ${last}`);
      await Promise.all(reads);
    }
    await sleep(60);
    const truth = ids.map((id) => shop.products.get(id)?.name);
    for (const each of replicas) expect(await each.names(...ids)).toEqual(truth);
  });

  it('do not take over a row of another shape', async () => {
    await using shop = await openShop();
    await using one = await replica(shop);
    await using two = await replica(shop);
    await one.names('1');
    await sleep(50);
    const raw = redis.client();
    for (const key of await raw.keys('*value:*')) {
      await raw.set(key, ((await raw.get(key)) ?? '').replace('"price":100', '"price":"much"'), 'KEEPTTL');
    }
    expect(await two.names('1')).toEqual(['product 1']);
    expect(shop.urls()).toHaveLength(2);
  });

  it('read nothing from Redis while it may hold what was invalidated', async () => {
    const client = redis.client();
    await client.ping();
    const names = [{ name: 'one', marks: ['products/1'] }];
    expect(await createRedisStore(client, () => true).lookUp(names)).not.toBeNull();
    expect(await createRedisStore(client, () => false).lookUp(names)).toBeNull();
  });

  it('lose nothing but time when Redis forgets generations', async () => {
    await using shop = await openShop();
    await using one = await replica(shop);
    await using two = await replica(shop);
    await one.names('1');
    await one.cache.invalidate(['products/1']);
    await one.names('1');
    await sleep(50);
    const raw = redis.client();
    for (const key of await raw.keys('*generation:*')) await raw.del(key);
    expect(await two.names('1')).toEqual(['product 1']);
    expect(shop.urls()).toHaveLength(3);
  });
});

describe.skipIf(!hasRedis())('without its Redis a replica', () => {
  async function pair(shop: Shop, redis: RedisServer, wayOfOne = redis.port) {
    const caches = [wayOfOne, redis.port].map((port) =>
      createUpstreamCache({ redis: redis.client(port), deafMs: 400 }),
    );
    const clients = caches.map(({ layers }) => visit(shop, layers));
    const [oneCache, twoCache] = caches;
    const [one, two] = clients;
    if (!oneCache || !twoCache || !one || !two) throw new Error('two were made');
    const hears = async (cache: typeof oneCache): Promise<void> => {
      for (let tries = 0; tries < 300 && !(await cache.invalidate(['nothing/0'])); tries += 1)
        await sleep(10);
    };
    return {
      one,
      two,
      oneCache,
      twoCache,
      names: async (client: typeof one, ...ids: string[]) => names(await client.byIds(callOf(), ids)),
      hear: async () => {
        await Promise.all([hears(oneCache), hears(twoCache)]);
        await sleep(100);
      },
      [Symbol.asyncDispose]: async () => {
        for (const client of clients) await client.upstream.close();
        for (const cache of caches) await cache.close();
      },
    };
  }

  it('starts, answers and says that it could not tell the others', async () => {
    await using redis = await startRedis();
    await redis.kill();
    await using shop = await openShop();
    await using both = await pair(shop, redis);
    expect(await both.names(both.one, '1')).toEqual(['product 1']);
    expect(await both.oneCache.invalidate(['products/1'])).toBe(false);
  });

  it('serves for a bounded time what another has invalidated, and then the truth', async () => {
    await using redis = await startRedis();
    await using shop = await openShop();
    await using both = await pair(shop, redis);
    await both.hear();
    await redis.kill();
    await sleep(50);
    await both.names(both.two, '1');
    shop.products.set('1', { id: '1', name: 'changed', price: 1 });
    expect(await both.oneCache.invalidate(['products/1'])).toBe(false);
    expect(await both.names(both.one, '1')).toEqual(['changed']);
    // Twice what it may be deaf for, and a moment.
    await sleep(900);
    expect(await both.names(both.two, '1')).toEqual(['changed']);
  });

  it('still spares calls for a moment, and hears again when Redis is back', async () => {
    await using redis = await startRedis();
    await using shop = await openShop();
    await using both = await pair(shop, redis);
    await both.hear();
    await redis.kill();
    await sleep(50);
    const before = shop.urls().length;
    await Promise.all(Array.from({ length: 20 }, () => both.names(both.two, '1')));
    await both.names(both.two, '1');
    expect(shop.urls().length - before).toBeLessThan(3);
    await redis.start();
    await both.hear();
    await both.names(both.two, '1');
    shop.products.set('1', { id: '1', name: 'changed', price: 1 });
    expect(await both.oneCache.invalidate(['products/1'])).toBe(true);
    await sleep(30);
    expect(await both.names(both.two, '1')).toEqual(['changed']);
  });

  it('notices a Redis that is silent, and waits for it no longer than a call may be delayed', async () => {
    await using redis = await startRedis();
    await using shop = await openShop();
    await using both = await pair(shop, redis);
    await both.hear();
    await both.names(both.two, '1');
    redis.freeze();
    shop.products.set('1', { id: '1', name: 'changed', price: 1 });
    expect(await both.oneCache.invalidate(['products/1'])).toBe(false);
    await sleep(1000);
    const startedAt = performance.now();
    expect(await both.names(both.two, '1')).toEqual(['changed']);
    expect(performance.now() - startedAt).toBeLessThan(500);
    redis.thaw();
  });

  it('tells the others later what it could not tell them, and reads nothing from Redis before', async () => {
    await using redis = await startRedis();
    await using gate = await createTcpGate(redis.port);
    await using shop = await openShop();
    await using both = await pair(shop, redis, gate.port);
    await both.hear();
    await both.names(both.one, '1');
    await sleep(50);
    // Redis keeps what it has, and only the first replica does not reach it.
    gate.cut();
    await sleep(20);
    shop.products.set('1', { id: '1', name: 'changed', price: 1 });
    expect(await both.oneCache.invalidate(['products/1'])).toBe(false);
    gate.open();
    const end = performance.now() + 1500;
    while (performance.now() < end) {
      expect(await both.names(both.one, '1')).toEqual(['changed']);
      await both.oneCache.invalidate([]);
      await sleep(10);
    }
    expect(await both.names(both.two, '1')).toEqual(['changed']);
  });
});
