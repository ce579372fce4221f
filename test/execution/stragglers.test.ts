import { describe, expect, it } from 'vitest';
import { createEstimates } from '../../src/execution/estimates.ts';
import { type Engine, prepare } from './engine/run.ts';
import { callsTo, nothingLeft, times } from './engine/trace.ts';

const engines: readonly Engine[] = ['js', 'jit'];

describe.each(engines)('a call that does not answer, under graphql-%s', (engine) => {
  it('answers when a sibling hangs: the batch leaves without it, in time', async () => {
    const { run } = prepare(`{
      good: shelf(name: "a") { products { name maker { name } } }
      hung: shelf(name: "bb") { products { name } }
      person(id: "7") { friend { name } }
    }`);
    const latency = times({ 'shelf bb': Number.POSITIVE_INFINITY });
    const ours = await run({ engine, latency, deadlineMs: 5000 });
    expect(ours.data).toMatchObject({ hung: null, person: { friend: { name: expect.any(String) } } });
    const good = (ours.data as { good: { products: ({ maker: object } | null)[] } }).good;
    expect(good.products).toHaveLength(4);
    expect(good.products.every((product) => product?.maker)).toBe(true);
    // Late is eight deviations above the mean: of the usual 100 ms at first, corrected by the shelf that answered.
    const [products, ...more] = callsTo(ours.calls, 'productsByIds');
    expect(products?.at).toBeGreaterThan(300);
    expect(products?.at).toBeLessThan(800);
    expect(more).toEqual([]);
    expect(ours.time).toBe(5000);
    expect(ours.errors.map(({ message, path }) => [message, path])).toEqual([['out of time', ['hung']]]);
    expect(ours.audit).toEqual(nothingLeft);
    expect(ours.timersLeft).toBe(0);
  });

  it('leaves early enough before the deadline for what is still to come', async () => {
    const { run } = prepare(`{
      good: shelf(name: "a") { products { name maker { name } } }
      hung: shelf(name: "bb") { products { name } }
    }`);
    const estimates = createEstimates();
    for (let i = 0; i < 50; i += 1) {
      for (const name of ['productsByIds', 'makersByIds']) estimates.observe(`shop.${name}`, 40, 40);
    }
    const latency = times({ 'shelf bb': Number.POSITIVE_INFINITY }, 40);
    const ours = await run({ engine, latency, deadlineMs: 250, estimates });
    const [products] = callsTo(ours.calls, 'productsByIds');
    expect(products?.at).toBeLessThanOrEqual(170);
    expect(products?.at).toBeGreaterThan(100);
    expect(JSON.stringify(ours.data)).toContain('maker');
    expect(ours.time).toBe(250);
  });

  it('learns what late is from the answers that come', async () => {
    const { run } = prepare(`{
      good: shelf(name: "a") { products { name } }
      hung: shelf(name: "bb") { products { name } }
    }`);
    const estimates = createEstimates();
    for (let i = 0; i < 100; i += 1) estimates.observe('shop.shelf', 100, 30);
    const latency = times({ 'shelf bb': Number.POSITIVE_INFINITY });
    const ours = await run({ engine, latency, deadlineMs: 5000, estimates });
    // Never below twice the usual time of the endpoint's row.
    expect(callsTo(ours.calls, 'productsByIds').map(({ at }) => at)).toEqual([200]);
  });

  it('makes a batch of their own for keys that come with a late answer', async () => {
    const { run } = prepare(`{
      good: shelf(name: "a") { products { name } }
      late: shelf(name: "bb") { products { name } }
    }`);
    const ours = await run({ engine, latency: times({ 'shelf bb': 800 }), deadlineMs: 5000 });
    const [first, second, ...more] = callsTo(ours.calls, 'productsByIds').map(({ at }) => at);
    expect(first).toBeLessThan(800);
    expect([second, ...more]).toEqual([800]);
    expect(ours.errors).toEqual([]);
    expect(ours.audit).toEqual(nothingLeft);
  });

  it('does not count the time that work has waited for a held batch as lateness', async () => {
    // `name` and `orders` of `later` are worked on by async resolvers, which wait for batches that are held.
    const { run } = prepare(`{
      nodes(ids: ["P1", "T2"]) { ... on Person { friend { friend { friend { name } } } } ... on Product { maker { owner { name } } } }
      shelf(name: "a") { products { maker { owner { name } } } }
    }`);
    const ours = await run({ engine, latency: times({ shelf: 400, peopleByIds: 190, productsByIds: 190 }) });
    expect(callsTo(ours.calls, 'makersByIds')).toHaveLength(2);
    expect(ours.errors).toEqual([]);
    expect(ours.audit).toEqual(nothingLeft);
  });
});
