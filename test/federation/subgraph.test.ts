import { buildSchema, parse } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWeir, type Weir } from '../start-weir.ts';

const router = { 'x-weir-subgraph-token': 'between-us' };
const ENTITIES = `query ($of: [_Any!]!) {
  _entities(representations: $of) {
    __typename
    ... on User { id email orders(first: 1) { nodes { id } } }
    ... on Product { id name stock { available } }
    ... on Order { id items { product { name } } }
    ... on Booking { id reference }
    ... on Payment { id }
    ... on Flight { id number }
  }
}`;

let weir: Weir;
let ada: string;
let grace: string;
beforeAll(async () => {
  weir = await startWeir({ SUBGRAPH_TOKEN: 'between-us' });
  [ada, grace] = await Promise.all([weir.signIn(), weir.signIn('grace@example.com')]);
});
afterAll(async () => weir?.[Symbol.asyncDispose]());

const entities = (of: readonly unknown[], token?: string) =>
  weir.ask(ENTITIES, { variables: { of }, headers: router, token });
const known = (id: string) => ({ __typename: id.split(':')[0], id });

describe('the gateway as a subgraph', () => {
  it('shows its schema to a router: keys, shared values, no node', async () => {
    const { data } = await weir.ask('{ _service { sdl } }', { headers: router });
    const sdl: string = data._service.sdl;
    for (const type of ['User', 'Product', 'Order', 'Booking', 'Flight', 'Payment']) {
      expect(sdl).toMatch(new RegExp(`^type ${type} implements Node @key\\(fields: "id"\\)`, 'm'));
    }
    for (const type of ['Money', 'PageInfo', 'Airport']) expect(sdl).toContain(`type ${type} @shareable`);
    expect(sdl).not.toMatch(/^ {2}nodes?\(/m);
    expect(sdl).not.toMatch(/_Any|_Entity|_Service|@load|@access/);
    expect(parse(sdl).definitions.length).toBeGreaterThan(50);
    const own = buildSchema(`directive @key(fields: String!) on OBJECT
      directive @shareable on OBJECT
      directive @link(url: String!, import: [String!]) on SCHEMA
      ${sdl.replace(/^extend schema .*$/m, '')}`);
    expect(own.getType('Query')?.toConfig()).not.toHaveProperty('fields.node');
  });

  it('is one to nobody else, and stays a gateway for everybody', async () => {
    const { errors } = await weir.ask('{ _service { sdl } }');
    expect(errors[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
    const wrong = await weir.ask('{ __typename }', { headers: { 'x-weir-subgraph-token': 'guessed' } });
    expect([wrong.status, wrong.errors[0]?.extensions.code]).toEqual([401, 'UNAUTHENTICATED']);
    const { data } = await weir.ask('{ node(id: "Product:1") { id } }');
    expect(data.node.id).toBe('Product:1');
    const asRouter = await weir.ask('{ node(id: "Product:1") { id } }', { headers: router });
    expect(asRouter.errors[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
  });

  it('answers many representations by one call an endpoint', async () => {
    await weir.forgetCalls();
    const products = Array.from({ length: 60 }, (_, i) => known(`Product:${i + 300}`));
    const users = [known('User:3'), known('User:4'), known('User:3')];
    const { data, errors } = await entities([...products, ...users]);
    expect(data._entities.map((entity: { id: string }) => entity.id)).toEqual(
      [...products, ...users].map(({ id }) => id),
    );
    expect(data._entities[0].stock.available).toBeTypeOf('number');
    // Orders and addresses of others are refused, field by field.
    expect(new Set(errors.map(({ extensions }) => extensions.code))).toEqual(new Set(['FORBIDDEN']));
    const calls = await weir.allCalls();
    expect(calls.map((call) => call.split('=')[0]).sort()).toEqual([
      'inventory GET /stock?productIds',
      'products GET /products?ids',
      'users GET /users?ids',
    ]);
  });

  it('takes more of them than an argument of a client may have', async () => {
    const of = Array.from({ length: 250 }, (_, i) => known(`Product:${i + 1}`));
    await weir.forgetCalls();
    const { data } = await weir.ask(
      'query ($of: [_Any!]!) { _entities(representations: $of) { ... on Product { id name } } }',
      { variables: { of }, headers: router },
    );
    expect(data._entities.filter(Boolean)).toHaveLength(250);
    expect((await weir.allCalls()).length).toBeLessThanOrEqual(3);
  });

  it('reads nothing by a forged representation that its viewer may not see', async () => {
    const mine = await weir.ask(
      '{ me { id orders(first: 25) { nodes { id payment { id } } } bookings(first: 1) { nodes { id } } } }',
      { token: ada },
    );
    const { orders, bookings, id } = mine.data.me;
    const paid = orders.nodes.find(({ payment }: { payment: unknown }) => payment);
    const of = [known(paid.id), known(bookings.nodes[0].id), known(paid.payment.id)];

    const hers = await entities(of, ada);
    expect(hers.data._entities.map((entity: { id: string }) => entity.id)).toEqual(of.map((one) => one.id));
    for (const token of [grace, undefined]) {
      expect((await entities(of, token)).data._entities).toEqual([null, null, null]);
    }
    const person = await entities([known(id)], grace);
    expect(person.data._entities[0]).toMatchObject({ id, email: null, orders: null });
    expect(person.errors.map(({ extensions }) => extensions.code)).toEqual(['FORBIDDEN', 'FORBIDDEN']);
  });

  it('reads nothing by one that is none', async () => {
    const { data, errors } = await entities([
      { __typename: 'Product', id: 'User:3' },
      { __typename: 'Workflow', id: 'Workflow:1' },
      { __typename: 'Money', id: 'Money:1' },
      { __typename: '__proto__', id: '__proto__:1' },
      { __typename: 'Product', id: 'Product:../users/1' },
      { __typename: 'Product', id: 7 },
      { __typename: 'Product' },
      {},
      'Product:1',
      known('Product:99999999'),
    ]);
    expect(errors).toEqual([]);
    expect(data._entities).toEqual(Array(10).fill(null));
  });
});
