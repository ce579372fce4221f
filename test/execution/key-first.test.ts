import { makeExecutableSchema } from '@graphql-tools/schema';
import { execute, getOperationAST, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { createEstimates } from '../../src/execution/estimates.ts';
import { instrumentResolvers } from '../../src/execution/instrument.ts';
import { createPlanner } from '../../src/execution/plan.ts';
import { createScheduler, type Scheduler } from '../../src/execution/scheduler.ts';
import { createRows } from './engine/rows.ts';
import { type Engine, prepare } from './engine/run.ts';
import { callsTo, nothingLeft } from './engine/trace.ts';
import { table } from './engine/world.ts';

const engines: readonly Engine[] = ['js', 'jit'];
const started = (calls: readonly { endpoint: string; at: number }[]) =>
  calls.map(({ endpoint, at }) => `${endpoint} ${at}`);

describe.each(engines)('key-first under graphql-%s', (engine) => {
  it('starts what needs only the key together with its parent', async () => {
    const { run } = prepare('{ person(id: "5") { name orders { total } reviews { nodes { text } } } }');
    const ours = await run({ engine, latency: (endpoint) => (endpoint === 'peopleByIds' ? 200 : 20) });
    expect(started(ours.calls)).toEqual(['peopleByIds 0', 'ordersByPersonIds 0', 'reviewsByPersonIds 0']);
    expect(ours.time).toBe(200);
    expect(ours.calls.map(({ demand }) => demand?.wave)).toEqual([1, 1, 1]);
  });

  it('follows chains of the same key', async () => {
    const { run } = prepare('{ product(id: "5") { stock { available depot { city } } } }');
    const ours = await run({ engine });
    expect(started(ours.calls)).toEqual(['productsByIds 0', 'stockByProductIds 0', 'depotsByProductIds 0']);
    expect(ours.time).toBe(10);
  });

  it('starts the children of every key of a list, in one call', async () => {
    const { run } = prepare('{ people(ids: ["2", "3", "2", "4"]) { orders { total } } }');
    const ours = await run({ engine });
    expect(ours.calls.map(({ endpoint, keys, at }) => [endpoint, keys, at])).toEqual([
      ['peopleByIds', ['2', '3', '4'], 0],
      ['ordersByPersonIds', ['2', '3', '4'], 0],
    ]);
  });

  it('starts behind an interface what belongs to the type of the key', async () => {
    const { run } = prepare(`{
      nodes(ids: ["P3", "T4", "M5"]) {
        ... on Person { orders { total } }
        ... on Product { stock { available } }
        ... on Maker { name }
      }
    }`);
    const ours = await run({ engine });
    expect(ours.calls.map(({ endpoint, keys, at }) => [endpoint, keys, at])).toEqual(
      expect.arrayContaining([
        ['ordersByPersonIds', ['3'], 0],
        ['stockByProductIds', ['4'], 0],
      ]),
    );
    expect(ours.time).toBe(10);
    expect(ours.errors).toEqual([]);
  });

  it('gives the child the arguments of this operation and these variables', async () => {
    const { run } = prepare(`query ($n: Int!) {
      person(id: "5") { orders(first: $n) { total } two: orders(first: 2) { total } usual: orders { total } }
    }`);
    const ours = await run({ engine, variables: { n: 7 } });
    expect(callsTo(ours.calls, 'ordersByPersonIds').map(({ args, at }) => [args, at])).toEqual([
      [{ first: 7 }, 0],
      [{ first: 2 }, 0],
      [{ first: 3 }, 0],
    ]);
    expect(callsTo(ours.calls, 'ordersByPersonIds')).toHaveLength(3);
  });

  it('lets the row decide what is null: an absent parent costs the calls under way and nothing else', async () => {
    const rows = createRows({ absent: true });
    const { run } = prepare(
      '{ person(id: "9") { id name orders { nodes { lines { product { name } } } } } }',
    );
    const ours = await run({ engine, rows });
    expect(ours.data).toEqual({ person: null });
    expect(ours.errors).toEqual([]);
    expect(started(ours.calls)).toEqual(['peopleByIds 0', 'ordersByPersonIds 0']);
    expect(ours.audit).toEqual(nothingLeft);
  });

  it('reports no error of a child whose parent is null', async () => {
    const rows = createRows({ absent: true });
    const { run } = prepare('{ person(id: "9") { id name orders { total } } }');
    const ours = await run({ engine, rows, fails: (endpoint) => endpoint === 'ordersByPersonIds' });
    expect(ours).toMatchObject({ data: { person: null }, errors: [] });
  });

  it('reports the error of a child once, where it belongs', async () => {
    const { run } = prepare('{ person(id: "5") { id orders { total } } }');
    const ours = await run({ engine, fails: (endpoint) => endpoint === 'ordersByPersonIds' });
    expect(ours.data).toEqual({ person: { id: '5', orders: null } });
    expect(ours.errors.map(({ message, path }) => [message, path])).toEqual([
      ['ordersByPersonIds failed', ['person', 'orders']],
    ]);
    expect(callsTo(ours.calls, 'ordersByPersonIds')).toHaveLength(1);
  });

  it('starts nothing that the viewer may not see, nothing that is declared to come later, nothing skipped', async () => {
    const { run } = prepare(`query ($no: Boolean = false) {
      person(id: "5") { secret { total } later { nodes { text } } orders @include(if: $no) { total } }
    }`);
    const ours = await run({ engine });
    expect(started(ours.calls)).toEqual(['peopleByIds 0', 'reviewsByPersonIds 10']);
    expect(ours.errors.map(({ message }) => message)).toEqual(['not for you']);
  });

  it('starts nothing in a mutation', async () => {
    const { run } = prepare('mutation { rename(id: "4", name: "Ada") { person { name orders { total } } } }');
    const ours = await run({ engine });
    expect(started(ours.calls)).toEqual([
      'peopleByIds 0',
      'write 10',
      'peopleByIds 20',
      'ordersByPersonIds 30',
    ]);
  });

  it('makes the next level wait for the row', async () => {
    const { run } = prepare('{ person(id: "5") { orders { nodes { lines { product { name } } } } } }');
    const ours = await run({ engine, latency: (endpoint) => (endpoint === 'peopleByIds' ? 100 : 10) });
    expect(started(ours.calls)).toEqual(['peopleByIds 0', 'ordersByPersonIds 0', 'productsByIds 100']);
  });

  it('does not ask the parent endpoint again for the key that is under way', async () => {
    const { run } = prepare('{ person(id: "5") { name } }');
    const ours = await run({ engine });
    expect(started(ours.calls)).toEqual(['peopleByIds 0']);
  });
});

/** A world whose resolver reads more of its parent than `@load` says. */
async function wronglyDeclared(strict: boolean) {
  const schema = makeExecutableSchema({
    typeDefs: /* GraphQL */ `
      directive @load(from: String!, key: String, arg: String) on FIELD_DEFINITION
      type Query { person(id: ID!): Person @load(from: "shop.peopleByIds", arg: "id") }
      type Person { id: ID! orders: Int @load(from: "shop.ordersByPersonIds", key: "id") }
    `,
    resolvers: {
      Query: {
        person: (_: unknown, { id }: { id: string }, { scheduler }: { scheduler: Scheduler }) => {
          const promise = Promise.resolve({ id, account: 'a1' });
          scheduler.loaded(people, id, promise);
          return promise;
        },
      },
      Person: { orders: (person: { account?: string }) => (person.account === 'a1' ? 3 : null) },
    },
  });
  const people = {
    ...table.shop.endpoints.peopleByIds,
    backend: 'shop',
    name: 'peopleByIds',
    id: 'shop.peopleByIds',
    route: '',
  };
  instrumentResolvers<{ scheduler: Scheduler }>(schema, { table, schedulerOf: ({ scheduler }) => scheduler });
  const document = parse('{ person(id: "5") { orders } }');
  const operation = getOperationAST(document);
  if (!operation) throw new Error('no operation');
  const plan = createPlanner({ schema, table }).planOperation(document, operation);
  const scheduler = createScheduler(plan, { variables: {}, estimates: createEstimates(), strict });
  return execute({ schema, document, contextValue: { scheduler } });
}

describe('a resolver that reads more of its parent than its declared key', () => {
  it('is told so in development, at the field', async () => {
    const { data, errors } = await wronglyDeclared(true);
    expect(data).toEqual({ person: { orders: null } });
    expect(errors?.map(({ message, path }) => [message, path])).toEqual([
      [
        expect.stringMatching(/^Person\.orders is declared to load by "id", but its resolver read "account"/),
        ['person', 'orders'],
      ],
    ]);
  });

  it('is right in production all the same, for it runs again with the row', async () => {
    expect(await wronglyDeclared(false)).toEqual({ data: { person: { orders: 3 } } });
  });
});
