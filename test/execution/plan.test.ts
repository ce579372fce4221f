import { getOperationAST, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { createPlanner } from '../../src/execution/plan.ts';
import { prepare, worldSchemas } from './engine/run.ts';
import { table } from './engine/world.ts';

/** `level path (what it waits for)`; key-first positions are marked. */
const positionsOf = (source: string): string[] =>
  prepare(source).plan.positions.map(
    ({ level, path, waitsFor, keyFirst }) =>
      `${level} ${path}${keyFirst ? '*' : ''} (${waitsFor.map((one) => one.path).join(' ')})`,
  );

const groupsOf = (source: string, variables: Readonly<Record<string, unknown>> = {}): string[] =>
  prepare(source)
    .plan.variantFor(variables)
    .groups.map(
      ({ level, endpoint, waitsFor }) =>
        `${level} ${endpoint.name} (${waitsFor.map(({ path }) => path).join(' ')})`,
    );

describe('planOperation', () => {
  it('finds the positions of loads and of resolvers written by hand, and nothing else', () => {
    expect(positionsOf('{ me { id orders { nodes { id lines { quantity product { name } } } } } }')).toEqual([
      '0 me ()',
      '0 me.orders (me)',
      '1 me.orders.nodes.lines.product (me me.orders)',
    ]);
  });

  it('counts levels by the answers that a key needs, and takes the longest way', () => {
    expect(
      positionsOf(
        '{ feed { ... on Book { author { friend { id } } } ... on Disc { artist { id } } } product(id: "1") { maker { id } } }',
      ),
    ).toEqual([
      '0 feed ()',
      '0 product ()',
      '1 feed.author (feed)',
      '1 feed.artist (feed)',
      '1 product.maker (product)',
      '2 feed.author.friend (feed feed.author)',
    ]);
  });

  it('gives what needs only the key the level and the waits of its parent', () => {
    expect(
      positionsOf(
        '{ shelf(name: "a") { products { stock { depot { city } } similar { stock { available } } } } }',
      ),
    ).toEqual([
      '0 shelf ()',
      '1 shelf.products (shelf)',
      '1 shelf.products.stock* (shelf)',
      '2 shelf.products.similar (shelf shelf.products)',
      '1 shelf.products.stock.depot* (shelf)',
      '2 shelf.products.similar.stock* (shelf shelf.products)',
    ]);
  });

  it('starts no child by key below a resolver written by hand, a page, a mutation, or where it is told not to', () => {
    const keyFirst = (source: string) =>
      prepare(source)
        .plan.positions.filter((position) => position.keyFirst)
        .map(({ path }) => path);
    expect(
      keyFirst('{ me { orders { total } } legacy(id: "1") { product { stock { available } } } }'),
    ).toEqual(['legacy.product.stock']);
    expect(keyFirst('{ search { offer { price } } }')).toEqual([]);
    expect(keyFirst('{ person(id: "1") { later { nodes { text } } friend { id } } }')).toEqual([]);
    expect(keyFirst('mutation { rename(id: "1", name: "x") { person { orders { total } } } }')).toEqual([]);
    expect(keyFirst('{ feed { ... on Book { subject { stock { available } } } } }')).toEqual([
      'feed.subject.stock',
    ]);
  });

  it('merges what meets at one path, whatever its types and fragments', () => {
    expect(
      positionsOf(`
        { feed { ... on Book { subject { ...M } } ... on Disc { subject { ...M } } ...B } }
        fragment M on Product { maker { id } }
        fragment B on Book { subject { maker { owner { id } } } }
      `),
    ).toEqual([
      '0 feed ()',
      '1 feed.subject (feed)',
      '2 feed.subject.maker (feed feed.subject)',
      '3 feed.subject.maker.owner (feed feed.subject feed.subject.maker)',
    ]);
  });

  it('groups by endpoint and level', () => {
    expect(
      groupsOf(
        '{ product(id: "1") { similar { id maker { id } } } shelf(name: "a") { products { id maker { id } } } }',
      ),
    ).toEqual([
      '0 productsByIds ()',
      '0 shelf ()',
      '1 productsByIds (product shelf)',
      '2 makersByIds (product product.similar shelf shelf.products)',
    ]);
  });

  it('leaves out of a variant what its variables skip, and keeps variants', () => {
    const source = `query ($a: Boolean!, $b: Boolean = true) {
      product(id: "1") { similar @include(if: $a) { maker { id } } }
      shelf(name: "a") @skip(if: $b) { products { id } }
      ... @include(if: $a) @skip(if: true) { report { text } }
    }`;
    expect(groupsOf(source, { a: true, b: false })).toEqual([
      '0 productsByIds ()',
      '0 shelf ()',
      '1 productsByIds (product shelf)',
      '2 makersByIds (product product.similar)',
    ]);
    expect(groupsOf(source, { a: true })).toEqual([
      '0 productsByIds ()',
      '1 productsByIds (product)',
      '2 makersByIds (product product.similar)',
    ]);
    expect(groupsOf(source, { a: false })).toEqual(['0 productsByIds ()']);
  });

  it('keeps what any selection of a field includes, and only the conditions that all share below it', () => {
    const source = `query ($a: Boolean!) {
      product(id: "1") { similar @include(if: $a) { maker { id } } similar { stock { available } } }
    }`;
    expect(groupsOf(source, { a: false })).toEqual([
      '0 productsByIds ()',
      '1 productsByIds (product)',
      '1 stockByProductIds (product)',
    ]);
  });

  it('holds a bounded number of variants', () => {
    const flags = Array.from({ length: 12 }, (_, i) => `f${i}`);
    const source = `query (${flags.map((flag) => `$${flag}: Boolean!`).join(' ')}) {
      ${flags.map((flag) => `${flag}: product(id: "1") @include(if: $${flag}) { maker { id } }`).join(' ')}
    }`;
    const { plan } = prepare(source);
    const variants = new Set(
      Array.from({ length: 500 }, (_, n) =>
        plan.variantFor(Object.fromEntries(flags.map((flag, i) => [flag, ((n >> i) & 1) === 1]))),
      ),
    );
    expect(variants.size).toBeLessThan(50);
    // What is beyond the bound waits for everything there is.
    const last = plan.variantFor(Object.fromEntries(flags.map((flag) => [flag, flag === 'f11'])));
    expect(last.active.every(Boolean)).toBe(true);
  });

  it('takes no longer for fragments that multiply, or for one field a thousand times', () => {
    const doubling = Array.from(
      { length: 25 },
      (_, i) => `fragment F${i} on Person { a: friend { ...F${i + 1} } b: friend { ...F${i + 1} } }`,
    );
    const bomb = parse(`{ me { ...F0 } } ${doubling.join(' ')} fragment F25 on Person { id }`);
    const repeated = parse(`{ me { ${'friend { friend { id } } '.repeat(5000)} } }`);
    const flags = Array.from({ length: 2000 }, (_, i) => `$f${i}: Boolean!`).join(' ');
    const conditional = parse(
      `query (${flags}) { me { ${Array.from({ length: 2000 }, (_, i) => `friend @include(if: $f${i}) { id }`).join(' ')} } }`,
    );
    const planner = createPlanner({ schema: worldSchemas.instrumented, table });
    const startedAt = performance.now();
    const plans = [bomb, repeated, conditional].map((document) => {
      const operation = getOperationAST(document);
      if (!operation) throw new Error('no operation');
      return planner.planOperation(document, operation);
    });
    expect(performance.now() - startedAt).toBeLessThan(3000);
    expect(plans.map(({ complete }) => complete)).toEqual([false, true, true]);
    expect(plans.map(({ positions }) => positions.length)).toEqual([0, 3, 2]);
  });

  it('still runs what is too large to be planned, without holding anything', async () => {
    const wide = Array.from(
      { length: 7000 },
      (_, i) => `n${i}: person(id: "${i + 1}") { name friend { name } }`,
    );
    const operation = prepare(`{ ${wide.join(' ')} }`);
    expect(operation.plan.complete).toBe(false);
    const ours = await operation.run();
    expect(ours.errors).toEqual([]);
    expect(ours.calls[0]?.keys).toHaveLength(100);
    expect(ours.calls.length).toBeLessThan(300);
  });
});
