import { makeExecutableSchema } from '@graphql-tools/schema';
import { execute, type GraphQLSchema, getOperationAST, isObjectType, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { endpointOf } from '../../src/backends.ts';
import type { Call } from '../../src/call.ts';
import { type BatchLoader, createBatchLoader } from '../../src/datasources/batch-loader.ts';
import { createEstimates } from '../../src/execution/estimates.ts';
import { instrumentResolvers } from '../../src/execution/instrument.ts';
import { createPlanner } from '../../src/execution/plan.ts';
import { createScheduler, type Scheduler } from '../../src/execution/scheduler.ts';
import { table } from './engine/world.ts';

interface Row {
  readonly id: string;
  readonly name: string;
}

interface Context {
  readonly scheduler: Scheduler | null;
  readonly people: BatchLoader<string, Row, void>;
}

const typeDefs = /* GraphQL */ `
  directive @load(from: String!, key: String, arg: String) on FIELD_DEFINITION
  type Query { person(id: ID!): Person @load(from: "shop.peopleByIds", arg: "id") me: Person }
  type Mutation { rename(id: ID!, name: String!): Person replace(id: ID!, name: String!): Person }
  type Person { id: ID! name: String shout: String self: Person @load(from: "shop.peopleByIds", key: "id") }
`;

/** A schema over one store of people, and what was asked of it. */
function createPeople() {
  const names = new Map([['1', 'Ada']]);
  const asked: string[][] = [];
  const schema = makeExecutableSchema({
    typeDefs,
    resolvers: {
      Query: {
        person: (_: unknown, { id }: Row, { people }: Context) => people.load(id),
        me: () => ({ id: '1' }),
      },
      Mutation: {
        rename: async (_: unknown, { id, name }: Row, { people }: Context) => {
          await people.load(id);
          names.set(id, name);
          return people.load(id);
        },
        replace: (_: unknown, { id, name }: Row, { people }: Context) => {
          names.set(id, name);
          people.prime(id, { id, name });
          return { id, name };
        },
      },
      Person: {
        shout: (person: Row) => person.name.toUpperCase(),
        self: (person: Row, _: unknown, { people }: Context) => people.load(person.id),
      },
    },
  });
  const loaderOf = (schedule: Scheduler | null): BatchLoader<string, Row, void> =>
    createBatchLoader<string, Row>({
      call,
      ...(schedule ? { schedule } : {}),
      endpoint: endpointOf(table, 'shop', 'peopleByIds'),
      keyOf: (row) => row.id,
      fetch: async (_call, keys) => {
        asked.push([...keys]);
        return keys.map((id) => ({ id, name: names.get(id) ?? '' }));
      },
    });
  return { schema, asked, loaderOf };
}

const call: Call = {
  requestId: 'test',
  signal: new AbortController().signal,
  deadlineAt: Number.POSITIVE_INFINITY,
  viewer: null,
  onBehalfOf: null,
  traceparent: null,
  observe: null,
  demand: null,
};

const instrument = (schema: GraphQLSchema): void =>
  instrumentResolvers<Context>(schema, { table, schedulerOf: ({ scheduler }) => scheduler });

function resolverOf(schema: GraphQLSchema, type: string, field: string): unknown {
  const named = schema.getType(type);
  return isObjectType(named) ? named.getFields()[field]?.resolve : undefined;
}

async function run(source: string, world = createPeople()) {
  instrument(world.schema);
  const document = parse(source);
  const operation = getOperationAST(document);
  if (!operation) throw new Error('no operation');
  const plan = createPlanner({ schema: world.schema, table }).planOperation(document, operation);
  const scheduler = createScheduler(plan, { variables: {}, estimates: createEstimates() });
  const contextValue: Context = { scheduler, people: world.loaderOf(scheduler) };
  const result = await execute({ schema: world.schema, document, contextValue });
  return { result, asked: world.asked, audit: scheduler.audit() };
}

describe('instrumentResolvers', () => {
  it('leaves leaves as they are', () => {
    const { schema } = createPeople();
    const person = resolverOf(schema, 'Query', 'person');
    const shout = resolverOf(schema, 'Person', 'shout');
    instrument(schema);
    expect(shout).toBeDefined();
    expect(resolverOf(schema, 'Person', 'shout')).toBe(shout);
    expect(resolverOf(schema, 'Person', 'name')).toBeUndefined();
    expect(resolverOf(schema, 'Query', 'person')).not.toBe(person);
  });

  it('runs without a scheduler as before', async () => {
    const world = createPeople();
    instrument(world.schema);
    const contextValue: Context = { scheduler: null, people: world.loaderOf(null) };
    const document = parse('{ person(id: "1") { name self { shout } } }');
    expect(await execute({ schema: world.schema, document, contextValue })).toEqual({
      data: { person: { name: 'Ada', self: { shout: 'ADA' } } },
    });
    expect(world.asked).toEqual([['1']]);
  });

  it('forgets before a step what was read, and after it what it read before it wrote', async () => {
    const { result, asked, audit } = await run(`mutation {
      a: rename(id: "1", name: "Grace") { self { name } }
      b: rename(id: "1", name: "Edsger") { name self { name } }
    }`);
    expect(result.errors).toBeUndefined();
    expect(result.data).toEqual({
      a: { self: { name: 'Grace' } },
      // What the resolver itself loads twice it has to know itself.
      b: { name: 'Grace', self: { name: 'Edsger' } },
    });
    expect(asked).toHaveLength(4);
    expect(audit).toEqual({ outstanding: 0, pending: 0, held: 0, inFlight: 0, timers: 0 });
  });

  it('keeps what a step has told its loaders, until the next step', async () => {
    const { result, asked } = await run(`mutation {
      a: replace(id: "1", name: "Grace") { self { name } }
      b: rename(id: "1", name: "Edsger") { self { name } }
    }`);
    expect(result.data).toEqual({ a: { self: { name: 'Grace' } }, b: { self: { name: 'Edsger' } } });
    expect(asked).toEqual([['1'], ['1']]);
  });
});
