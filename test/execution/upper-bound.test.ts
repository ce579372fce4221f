import { describe, expect, it } from 'vitest';
import { upperBound } from '../../src/execution/upper-bound.ts';
import { randomOperation } from './engine/operations.ts';
import { createRows } from './engine/rows.ts';
import { prepare } from './engine/run.ts';

/** The bound as lines: level, endpoint, calls, keys. */
const linesOf = (source: string, variables: Readonly<Record<string, unknown>> = {}): string[] =>
  upperBound(prepare(source).plan, variables).levels.flatMap((level, i) =>
    level.map(
      ({ endpoints, calls, keys }) =>
        `${i}: ${endpoints.map(({ name }) => name).join(' or ')} ${calls} (${keys})`,
    ),
  );

describe('upperBound', () => {
  it('counts one call an endpoint and level, and chunks of as many keys as it takes', () => {
    expect(
      linesOf(
        '{ me { orders(first: 60) { nodes { lines { product { name maker { name } } } } } reviews { nodes { product { name } } } } }',
      ),
    ).toEqual([
      '0: ordersByPersonIds 1 (1)',
      '0: reviewsByPersonIds 1 (1)',
      '1: productsByIds 2 (122)',
      '2: makersByIds 2 (120)',
    ]);
  });

  it('reads sizes from variables, their defaults, and the lengths of lists', () => {
    const source = `query ($n: Int = 7, $ids: [ID!]!) {
      search(first: $n) { offer { price } }
      people(ids: $ids) { friend { name } }
    }`;
    expect(linesOf(source, { ids: ['1', '2'] })).toEqual([
      '0: search 1 (1)',
      '0: peopleByIds 1 (2)',
      '1: offerByFlightId 7 (7)',
      '1: peopleByIds 1 (4)',
    ]);
    expect(linesOf(source, { ids: [], n: 2 })).toContain('1: offerByFlightId 2 (2)');
  });

  it('puts what needs only a key at the level of its parent', () => {
    expect(linesOf('{ product(id: "1") { stock { depot { city } } } }')).toEqual([
      '0: productsByIds 1 (1)',
      '0: stockByProductIds 1 (1)',
      '0: depotsByProductIds 1 (1)',
    ]);
  });

  it('counts a key once where it decides which endpoint is asked', () => {
    expect(linesOf('{ node(id: "P1") { id } }')).toEqual([
      '0: peopleByIds or productsByIds or makersByIds 1 (1)',
    ]);
    expect(linesOf('{ nodes(ids: ["P1", "P2", "T1", "M1"]) { id } }')).toEqual([
      '0: peopleByIds or productsByIds or makersByIds 3 (4)',
    ]);
  });

  it('counts other arguments apart, and each step of a mutation', () => {
    expect(
      linesOf(
        '{ me { a: orders(first: 1) { total } b: orders(first: 2) { total } c: orders(first: 2) { total } } }',
      ),
    ).toEqual(['0: ordersByPersonIds 1 (1)', '0: ordersByPersonIds 1 (2)']);
    expect(
      linesOf(
        'mutation { a: rename(id: "1", name: "x") { person { name } } b: rename(id: "1", name: "y") { person { name } } }',
      ),
    ).toHaveLength(4);
  });

  it('leaves out what the variables leave out', () => {
    const source =
      'query ($on: Boolean!) { report @include(if: $on) { text } me { reviews { nodes { text } } } }';
    expect(linesOf(source, { on: false })).toEqual(['0: reviewsByPersonIds 1 (1)']);
    expect(linesOf(source, { on: true })).toContain('0: report 1 (1)');
  });

  it('says which sizes it made up, and which resolvers it knows nothing of', () => {
    const bound = upperBound(
      prepare('{ shelf(name: "a") { products { stock { available } } } legacy(id: "1") { text } me { id } }')
        .plan,
      {},
    );
    expect(bound.assumed).toEqual(['Shelf.products']);
    expect(bound.byHand).toEqual(['legacy', 'me']);
    expect(bound.calls).toBe(3);
  });

  it('is never exceeded: 200 random operations', { timeout: 60_000 }, async () => {
    let tight = 0;
    for (let seed = 1000; seed < 1200; seed += 1) {
      const { source, variables } = randomOperation(seed, { without: ['legacy', 'deeper'] });
      const operation = prepare(source);
      const bound = upperBound(operation.plan, variables);
      const rows = createRows({ absent: seed % 2 === 0 });
      const { calls } = await operation.run({ variables, rows });
      expect(calls.length, source).toBeLessThanOrEqual(bound.calls);
      const deepest = Math.max(0, ...calls.map(({ demand }) => demand?.wave ?? 0));
      expect(deepest, source).toBeLessThanOrEqual(bound.levels.length);
      if (calls.length === bound.calls) tight += 1;
    }
    // A bound that is never reached would bound nothing.
    expect(tight).toBeGreaterThan(10);
  });

  it('does not go into what is too large to be planned', () => {
    const levels = Array.from(
      { length: 20 },
      (_, i) => `fragment F${i} on Person { a: friend { ...F${i + 1} } b: friend { ...F${i + 1} } }`,
    );
    const source = `{ me { ...F0 } } ${levels.join(' ')} fragment F20 on Person { id }`;
    const startedAt = performance.now();
    const { plan } = prepare(source);
    expect(plan.complete).toBe(false);
    expect(upperBound(plan, {}).calls).toBe(Number.POSITIVE_INFINITY);
    expect(performance.now() - startedAt).toBeLessThan(5000);
  });
});
