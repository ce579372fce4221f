import DataLoader from 'dataloader';
import { describe, expect, it } from 'vitest';
import { type Engine, prepare } from './engine/run.ts';
import { callsTo, nothingLeft, times, traceOf } from './engine/trace.ts';
import type { WorldContext } from './engine/world.ts';

const engines: readonly Engine[] = ['js', 'jit'];

describe.each(engines)('the scheduler under graphql-%s', (engine) => {
  it('makes one call for keys that come at 20, 70 and 150 ms', async () => {
    const { run } = prepare(`{
      a: shelf(name: "a") { products { name } }
      b: shelf(name: "bb") { products { name } }
      c: shelf(name: "ccc") { products { name } }
    }`);
    const latency = times({ 'shelf a': 20, 'shelf bb': 70, 'shelf ccc': 150 });
    const ours = await run({ engine, latency });
    expect(callsTo(ours.calls, 'productsByIds').map(({ at, endedAt }) => [at, endedAt])).toEqual([
      [150, 160],
    ]);
    expect(ours.time).toBe(160);
    const plain = await run({ engine, latency, loading: 'dataloader' });
    expect(callsTo(plain.calls, 'productsByIds').map(({ at }) => at)).toEqual([20, 70, 150]);
    expect(plain.time).toBe(160);
  });

  it('does not wait for a call that cannot add a key', async () => {
    const { run } = prepare('{ report { text } shelf(name: "a") { products { name } } }');
    const ours = await run({ engine, latency: times({ report: 900 }) });
    expect(traceOf(ours.calls).map((line) => line.replace(/\d+(\+\d+)+/, 'ids'))).toEqual([
      'report all at 0-900',
      'shelf a at 0-10',
      'productsByIds ids at 10-20',
    ]);
  });

  it('never waits in a chain', async () => {
    const { run } = prepare('{ product(id: "3") { maker { owner { friend { name } } } } }');
    const ours = await run({ engine });
    expect(ours.calls.map(({ endpoint, at }) => [endpoint, at])).toEqual([
      ['productsByIds', 0],
      ['makersByIds', 10],
      ['peopleByIds', 20],
      ['peopleByIds', 30],
    ]);
    expect(ours.auditAtAnswer).toEqual(nothingLeft);
  });

  it('sends a full chunk at once and the rest when nothing more can come', async () => {
    const { run } = prepare(
      '{ shelf(name: "long") { products { name } } late: shelf(name: "a") { products { name } } }',
    );
    let timers = Number.NaN;
    const ours = await run({
      engine,
      latency: times({ 'shelf a': 80 }),
      onStart: ({ scheduler }, clock) =>
        clock.after(85, () => {
          timers = scheduler?.audit().timers ?? Number.NaN;
        }),
    });
    expect(callsTo(ours.calls, 'productsByIds').map(({ keys, at }) => [keys.length, at])).toEqual([
      [100, 10],
      [100, 10],
      [53, 80],
    ]);
    expect(timers, 'no timer is left once nothing is held').toBe(0);
  });

  it('takes keys that are held for a deeper level along in a call that has room', async () => {
    // The stock of what similar products are similar to waits for the slow shelf; its products do not.
    const { run } = prepare(`{
      product(id: "5") { similar { name } }
      shelf(name: "ccc") { products { similar { name } } }
      feed(first: 1) { ... on Book { subject { name } } }
    }`);
    const ours = await run({ engine, latency: times({ shelf: 40, feed: 20, productsByIds: 5 }) });
    // At 5 ms the similar product is held for the shelf's; the feed's subject takes it along at 20 ms, or the
    // shelf's products at 40 ms.
    const products = callsTo(ours.calls, 'productsByIds');
    expect(products.map(({ at, keys }) => [at, keys.length])).toEqual([
      [0, 1],
      [40, 6],
      [45, 4],
    ]);
    expect(products[1]?.demand?.paths().toSorted()).toEqual([
      'feed.subject',
      'product.similar',
      'shelf.products',
    ]);
  });

  it('keeps calls with other arguments apart, and sends them at the same moment', async () => {
    const { run } = prepare(`{
      feed(first: 1) { ... on Book { author { orders(first: 1) { total } } } }
      person(id: "5") { friend { orders(first: 2) { total } } }
    }`);
    const ours = await run({ engine, latency: times({ feed: 50 }) });
    expect(callsTo(ours.calls, 'ordersByPersonIds').map(({ at, args }) => [at, args])).toEqual([
      [50, { first: 2 }],
      [50, { first: 1 }],
    ]);
  });

  it('waits for the work of resolvers written by hand, so that what they lead to is not asked one by one', async () => {
    const { run } = prepare(`{
      a: legacy(id: "1") { product { name } }
      b: legacy(id: "2") { product { name } deeper { product { name } } }
    }`);
    const latency = times({ 'work legacy 1': 20, 'work legacy 2': 60, 'work legacy 3': 30 });
    const ours = await run({ engine, latency });
    expect(callsTo(ours.calls, 'productsByIds').map(({ keys, at }) => [keys, at])).toEqual([
      [['1', '2', '3'], 90],
    ]);
  });

  it('finds its place where one fragment stands at two levels', async () => {
    const { run } = prepare(`
      { product(id: "5") { ...Both similar { ...Both } } shelf(name: "a") { products { ...Both } } }
      fragment Both on Product { maker { name } }
    `);
    const ours = await run({ engine, latency: times({ shelf: 50, productsByIds: 20 }) });
    expect(callsTo(ours.calls, 'makersByIds').map(({ at, demand }) => [at, demand?.paths()])).toEqual([
      [20, ['product.maker']],
      [70, ['product.similar.maker', 'shelf.products.maker']],
    ]);
  });

  it('finds its place where graphql-jit confuses paths', async () => {
    const { run } = prepare(`{
      a: product(id: "5") { b_c: similar { name maker { name } } }
      a_b: product(id: "6") { c: similar { name } }
      shelf(name: "a") { products { similar { name } } }
    }`);
    const ours = await run({ engine, latency: times({ shelf: 50 }) });
    const similar = callsTo(ours.calls, 'productsByIds').at(-1);
    expect(similar?.demand?.paths()).toEqual(expect.arrayContaining(['shelf.products.similar']));
    expect(callsTo(ours.calls, 'productsByIds').map(({ at }) => at)).toEqual([0, 50, 60]);
    expect(ours.audit).toEqual(nothingLeft);
  });

  it('asks the endpoint of each type where one path has several', async () => {
    const { run } = prepare(
      '{ feed(first: 4) { ... on Book { subject { name } } ... on Disc { subject { name } } } }',
    );
    const ours = await run({ engine });
    expect(ours.calls.map(({ endpoint, keys, at }) => [endpoint, keys.length, at])).toEqual([
      ['feed', 1, 0],
      ['productsByIds', 2, 10],
      ['editionsByIds', 2, 10],
    ]);
  });

  it('waits only for what the variables let in', async () => {
    const { run, plan } = prepare(`query ($slow: Boolean!) {
      a: shelf(name: "a") { products { name } }
      b: shelf(name: "bb") @include(if: $slow) { products { name } }
    }`);
    const latency = times({ 'shelf bb': 500 });
    const without = await run({ engine, latency, variables: { slow: false } });
    expect(callsTo(without.calls, 'productsByIds').map(({ at }) => at)).toEqual([10]);
    const withSlow = await run({ engine, latency, variables: { slow: true } });
    expect(callsTo(withSlow.calls, 'productsByIds').map(({ at }) => at)).toEqual([500]);
    expect(plan.variantFor({ slow: false })).toBe(plan.variantFor({ slow: false }));
    expect(plan.variantFor({ slow: false })).not.toBe(plan.variantFor({ slow: true }));
  });

  it('says of each call in which wave it is, and which fields asked', async () => {
    const { run } = prepare(
      '{ person(id: "5") { name orders { nodes { lines { product { name maker { name } } } } } } }',
    );
    const ours = await run({ engine });
    expect(ours.calls.map(({ endpoint, demand }) => [endpoint, demand?.wave, demand?.paths()])).toEqual([
      ['peopleByIds', 1, ['person']],
      ['ordersByPersonIds', 1, ['person.orders']],
      ['productsByIds', 2, ['person.orders.nodes.lines.product']],
      ['makersByIds', 3, ['person.orders.nodes.lines.product.maker']],
    ]);
    for (const { demand, keys } of ours.calls) expect(demand).toMatchObject({ batchSize: keys.length, keys });
  });

  it('lets go of what one backend refuses: its fields fail, the others do not wait', async () => {
    const { run } = prepare(`{
      a: shelf(name: "a") { products { name } }
      b: shelf(name: "bb") { products { name } }
      c: person(id: "1") { name }
    }`);
    const ours = await run({
      engine,
      latency: times({ 'shelf bb': 30 }),
      fails: (endpoint, keys) => endpoint === 'shelf' && keys[0] === 'bb',
    });
    expect(callsTo(ours.calls, 'productsByIds').map(({ at }) => at)).toEqual([30]);
    expect(ours.data).toMatchObject({ b: null, c: { name: 'person 1' } });
    expect(ours.errors.map(({ path }) => path)).toEqual([['b']]);
    expect(ours.audit).toEqual(nothingLeft);
  });

  it('gives every key of a failed call the same error', async () => {
    const { run } = prepare('{ shelf(name: "a") { products { name } } }');
    const ours = await run({ engine, fails: (endpoint) => endpoint === 'productsByIds' });
    expect(ours.data).toEqual({ shelf: { products: [null, null, null, null] } });
    expect(new Set(ours.errors.map(({ message }) => message))).toEqual(new Set(['productsByIds failed']));
    expect(ours.errors).toHaveLength(4);
  });

  it('reads nothing again within an operation, and everything after a step of a mutation', async () => {
    const { run } = prepare(`mutation {
      first: rename(id: "4", name: "Ada") { text person { name friend { name } } }
      second: rename(id: "4", name: "Grace") { person { name } }
    }`);
    const ours = await run({ engine });
    expect(ours.data).toMatchObject({
      first: { person: { name: 'Ada' } },
      second: { person: { name: 'Grace' } },
    });
    expect(ours.calls.map(({ endpoint, at }) => [endpoint, at])).toEqual([
      ['peopleByIds', 0],
      ['write', 10],
      ['peopleByIds', 20],
      ['peopleByIds', 30],
      ['peopleByIds', 40],
      ['write', 50],
      ['peopleByIds', 60],
    ]);
  });

  it('rejects what is held and what is under way when it is aborted, and every load after that', async () => {
    const { run } = prepare(
      '{ a: shelf(name: "a") { products { name } } b: shelf(name: "bb") { products { name } } }',
    );
    const loads: WorldContext['load'][] = [];
    const ours = await run({
      engine,
      latency: times({ 'shelf bb': 400 }),
      onStart(context, clock) {
        loads.push(context.load);
        clock.after(100, () => context.scheduler?.abort(new Error('the client has left')));
      },
    });
    expect(ours.time).toBe(100);
    expect(ours.data).toMatchObject({ a: { products: [null, null, null, null] }, b: null });
    expect(new Set(ours.errors.map(({ message }) => message))).toEqual(new Set(['the client has left']));
    expect(callsTo(ours.calls, 'productsByIds')).toEqual([]);
    expect(ours.auditAtAnswer).toEqual(nothingLeft);
    await expect(loads[0]?.('productsByIds', '1')).rejects.toThrow('the client has left');
  });

  it('lets a load of unknown place leave with its turn, even where its key is held', async () => {
    const { run } = prepare(
      '{ a: shelf(name: "a") { products { name } } b: shelf(name: "bb") { products { name } } }',
    );
    let stray: unknown;
    const ours = await run({
      engine,
      latency: times({ 'shelf bb': 300 }),
      onStart(context, clock) {
        clock.after(50, () => {
          stray = context.load('productsByIds', '77');
        });
      },
    });
    const products = callsTo(ours.calls, 'productsByIds');
    // The stray load took along what was held, for its call had room.
    expect(products.map(({ at }) => at)).toEqual([50, 300]);
    expect(await stray).toMatchObject({ id: products[0]?.keys[0] });
    expect(ours.audit).toEqual(nothingLeft);
  });
});

describe('a query of one level', () => {
  it('sends its call in the same tick as DataLoader', async () => {
    const { run } = prepare('{ person(id: "1") { id } }');
    const order: string[] = [];
    const loader = new DataLoader(async (keys: readonly string[]) => {
      order.push('DataLoader');
      return keys;
    });
    await run({
      latency: () => {
        order.push('ours');
        return 1;
      },
      onStart() {
        void loader.load('1');
        setImmediate(() => order.push('next turn'));
      },
    });
    expect(order.slice(0, 3)).toEqual(['DataLoader', 'ours', 'next turn']);
  });
});

describe('graphql-js', () => {
  it('is done with its loads when the answer ends early for an error that cannot be null', async () => {
    // The boss cannot be null, so that the error takes the person away while the orders are still under way.
    const { run } = prepare(
      '{ person(id: "1") { boss { name } orders { nodes { lines { product { name } } } } } }',
    );
    const ours = await run({
      fails: (endpoint, keys) => endpoint === 'peopleByIds' && !keys.includes('1'),
      latency: times({ ordersByPersonIds: 300 }),
    });
    expect(ours.data).toEqual({ person: null });
    expect(ours.time).toBe(20);
    expect(ours.auditAtAnswer).toMatchObject({ inFlight: 1 });
    expect(ours.audit).toEqual(nothingLeft);
  });
});
