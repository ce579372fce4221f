import { describe, expect, it } from 'vitest';
import type { Viewer } from '../../../src/call.ts';
import { createUpstreamCache } from '../../../src/http/cache/upstream-cache.ts';
import { callOf } from '../rest-client.ts';
import { openShop, product, productList, visit } from './catalogue.ts';

/** A generator that gives the same numbers every time. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const viewerOf = (id: string): Viewer => ({
  id,
  scopes: new Set(),
  clientId: null,
  token: `token-${id}`,
  expiresAt: Date.now() + 3_600_000,
});

describe('an answer to a call with credentials', () => {
  it('is never given to another one of 1,000 people, although it claims to be public', async () => {
    await using shop = await openShop();
    const cache = createUpstreamCache();
    await using client = visit(shop, cache.layers);
    const claims = {
      'cache-control': 'public, max-age=3600, s-maxage=3600, stale-while-revalidate=3600',
      etag: '"same"',
    };
    shop.behaviour = ({ token, ids, answer }) =>
      answer(
        (ids.length > 0 ? ids : ['1']).map((id) => ({ id, name: token ?? 'nobody', price: 0 })),
        claims,
      );

    const random = seeded(7);
    let foreign = 0;
    let asked = 0;
    const read = async (): Promise<void> => {
      const person = random() < 0.1 ? null : String(Math.floor(random() * 1_000_000));
      const call = callOf({ viewer: person === null ? null : viewerOf(person), leftMs: 20_000 });
      const ids = [...new Set([1, 2, 3].map(() => String(1 + Math.floor(random() * 3))))];
      const rows = await (random() < 0.5
        ? client.upstream.send(call, {
            endpoint: client.endpoint('ownProducts'),
            query: { ids },
            decode: productList,
          })
        : client.upstream.send(call, { endpoint: client.endpoint('ownList'), decode: productList }));
      asked += 1;
      const own = person === null ? 'nobody' : `token-${person}`;
      if (rows.items.length === 0 || rows.items.some(({ name }) => name !== own)) foreign += 1;
    };
    for (let round = 0; round < 40; round += 1) await Promise.all(Array.from({ length: 25 }, read));

    expect(asked).toBe(1000);
    expect(foreign).toBe(0);
    // Nothing was spared: every one of them asked for itself.
    expect(shop.urls()).toHaveLength(1000);
    await cache.close();
  });

  it('is not kept for the same person either', async () => {
    await using shop = await openShop();
    const cache = createUpstreamCache();
    await using client = visit(shop, cache.layers);
    const call = callOf({ viewer: viewerOf('17') });
    for (let count = 0; count < 3; count += 1) {
      await client.upstream.send(call, { endpoint: client.endpoint('ownList'), decode: productList });
    }
    expect(shop.urls()).toHaveLength(3);
    await cache.close();
  });

  it('does not fill the entries of public reads of the same objects, nor is it answered from them', async () => {
    await using shop = await openShop();
    const cache = createUpstreamCache();
    await using client = visit(shop, cache.layers);
    shop.behaviour = ({ token, ids, answer }) =>
      answer(ids.map((id) => ({ id, name: token ?? 'nobody', price: 0 })));
    const call = callOf({ viewer: viewerOf('17') });
    const own = { endpoint: client.endpoint('ownProducts'), query: { ids: ['1'] }, decode: productList };
    const open = { endpoint: client.endpoint('productById'), path: { id: '1' }, decode: product };
    await client.upstream.send(call, own);
    // The public endpoint gets no token, whoever asks.
    expect(await client.upstream.send(call, open)).toMatchObject({ name: 'nobody' });
    expect((await client.upstream.send(call, own)).items[0]).toMatchObject({ name: 'token-17' });
    await cache.close();
  });
});
