import { makeExecutableSchema } from '@graphql-tools/schema';
import type { GraphQLSchema } from 'graphql';
import type { BackendTable, Endpoint, EndpointRow } from '../../../src/backends.ts';
import { endpointOf } from '../../../src/backends.ts';
import { instrumentResolvers } from '../../../src/execution/instrument.ts';
import type { Scheduler } from '../../../src/execution/scheduler.ts';

/** A row of any kind. */
export type Row = Readonly<Record<string, unknown>>;
export type Args = Readonly<Record<string, unknown>> | undefined;

/** What the resolvers of the small world get. */
export interface WorldContext {
  readonly scheduler: Scheduler | null;
  /** Loads a key from an endpoint, by whatever loader the run has for it. */
  load(endpoint: string, key: string, args?: Args): Promise<unknown>;
  prime(endpoint: string, key: string, row: Row): void;
  /** Work that no loader knows of. */
  work(name: string): Promise<void>;
  /** Changes the world. */
  write(name: string, text: string): Promise<void>;
}

const bulk = (param: string, max = 100): EndpointRow => ({
  method: 'GET',
  path: '/',
  by: [param],
  credentials: 'none',
  usualMs: 100,
  bulk: { param, max },
});
const single = (path = '/'): EndpointRow => ({ method: 'GET', path, credentials: 'none', usualMs: 100 });

const numbers = {
  demoPort: 0,
  timeoutMs: 1000,
  concurrency: 1000,
  queue: 1000,
  attempts: 1,
  breaker: { failures: 1, halfOpenAfterMs: 1, slowMs: 1 },
  maxBytes: 1,
};

export const table = {
  shop: {
    ...numbers,
    endpoints: {
      peopleByIds: bulk('ids'),
      ordersByPersonIds: bulk('personIds'),
      reviewsByPersonIds: bulk('personIds'),
      productsByIds: bulk('ids'),
      editionsByIds: bulk('ids'),
      makersByIds: bulk('ids'),
      stockByProductIds: bulk('productIds'),
      depotsByProductIds: bulk('productIds'),
      airportsByCodes: bulk('codes'),
      shelf: single('/shelves/{name}'),
      feed: single(),
      search: single(),
      report: single(),
      offerByFlightId: single('/offers/{flightId}'),
    },
  },
} as const satisfies BackendTable;

export const endpoints: ReadonlyMap<string, Endpoint> = new Map(
  Object.keys(table.shop.endpoints).map((name) => [name, endpointOf(table, 'shop', name)]),
);

export const sdl = /* GraphQL */ `
  directive @load(from: String!, key: String, arg: String, ahead: Boolean) repeatable on FIELD_DEFINITION
  directive @identity(key: String!) on OBJECT
  directive @listSize(assumedSize: Int!) on FIELD_DEFINITION

  interface Node { id: ID! }
  union Item = Book | Disc

  type Query {
    me: Person
    person(id: ID!): Person @load(from: "shop.peopleByIds", arg: "id")
    people(ids: [ID!]!): [Person]! @load(from: "shop.peopleByIds", arg: "ids")
    product(id: ID!): Product @load(from: "shop.productsByIds", arg: "id")
    shelf(name: String!): Shelf @load(from: "shop.shelf", arg: "name")
    feed(first: Int! = 6): [Item!] @load(from: "shop.feed")
    search(first: Int! = 5): [Flight!] @load(from: "shop.search")
    report: Report @load(from: "shop.report")
    node(id: ID!): Node
      @load(from: "shop.peopleByIds", arg: "id")
      @load(from: "shop.productsByIds", arg: "id")
      @load(from: "shop.makersByIds", arg: "id")
    nodes(ids: [ID!]!): [Node]!
      @load(from: "shop.peopleByIds", arg: "ids")
      @load(from: "shop.productsByIds", arg: "ids")
      @load(from: "shop.makersByIds", arg: "ids")
    "Written by hand, without a word to the planner."
    legacy(id: ID!): Legacy
  }
  type Mutation {
    rename(id: ID!, name: String!): Renamed!
  }
  type Renamed { person: Person @load(from: "shop.peopleByIds", key: "personId") text: String! }

  type Person implements Node {
    id: ID!
    name: String @load(from: "shop.peopleByIds", key: "id")
    friend: Person @load(from: "shop.peopleByIds", key: "friendId")
    friends: [Person] @load(from: "shop.peopleByIds", key: "friendIds") @listSize(assumedSize: 3)
    "Cannot be null, and may well be."
    boss: Person! @load(from: "shop.peopleByIds", key: "bossId")
    orders(first: Int! = 3): Orders @load(from: "shop.ordersByPersonIds", key: "id")
    reviews: Reviews @load(from: "shop.reviewsByPersonIds", key: "id")
    "Only for those who may see it."
    secret: Orders @load(from: "shop.ordersByPersonIds", key: "id")
    "Its call must not be made before the person was seen."
    later: Reviews @load(from: "shop.reviewsByPersonIds", key: "id", ahead: false)
  }
  type Orders { nodes: [Order!]! total: Int! }
  type Order { id: ID! lines: [Line!]! @listSize(assumedSize: 2) person: Person @load(from: "shop.peopleByIds", key: "personId") }
  type Line { quantity: Int! product: Product @load(from: "shop.productsByIds", key: "productId") }
  type Reviews { nodes: [Review!]! @listSize(assumedSize: 2) }
  type Review { text: String! product: Product @load(from: "shop.productsByIds", key: "productId") }
  type Product implements Node {
    id: ID!
    name: String!
    maker: Maker @load(from: "shop.makersByIds", key: "makerId")
    stock: Stock @load(from: "shop.stockByProductIds", key: "id")
    similar: Product @load(from: "shop.productsByIds", key: "similarId")
  }
  type Stock @identity(key: "productId") {
    available: Int!
    depot: Depot @load(from: "shop.depotsByProductIds", key: "productId")
  }
  type Depot @identity(key: "productId") { city: String! }
  type Maker implements Node { id: ID! name: String! owner: Person @load(from: "shop.peopleByIds", key: "ownerId") }
  type Shelf { name: String! products: [Product] @load(from: "shop.productsByIds", key: "productIds") }
  type Book { title: String! subject: Product @load(from: "shop.productsByIds", key: "productId") author: Person @load(from: "shop.peopleByIds", key: "authorId") }
  type Disc { label: String! subject: Product @load(from: "shop.editionsByIds", key: "editionId") artist: Person @load(from: "shop.peopleByIds", key: "artistId") }
  type Flight {
    id: ID!
    origin: Airport @load(from: "shop.airportsByCodes", key: "origin")
    destination: Airport @load(from: "shop.airportsByCodes", key: "destination")
    offer(passengers: Int! = 1): Offer @load(from: "shop.offerByFlightId", key: "id")
  }
  type Airport @identity(key: "code") { code: String! name: String! }
  type Offer { price: Int! }
  type Report { text: String! }
  type Legacy { text: String! product: Product @load(from: "shop.productsByIds", key: "productId") deeper: Legacy }
`;

type Resolver<P = Row> = (parent: P, args: Row, context: WorldContext) => unknown;

const by =
  (endpoint: string, property: string): Resolver =>
  (parent, _args, { load }) =>
    load(endpoint, text(parent[property]));

const manyBy =
  (endpoint: string, property: string): Resolver =>
  (parent, _args, { load }) =>
    list(parent[property]).map((key) => load(endpoint, key));

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const list = (value: unknown): string[] => (Array.isArray(value) ? value.map(text) : []);

/** The endpoints that serve the types of `Node`, by the first letter of a global id. */
const nodeEndpoints = new Map([
  ['P', ['Person', 'peopleByIds']],
  ['T', ['Product', 'productsByIds']],
  ['M', ['Maker', 'makersByIds']],
] as const);

const loadNode = async (id: string, { load }: WorldContext): Promise<unknown> => {
  const found = nodeEndpoints.get(id.charAt(0) as 'P' | 'T' | 'M');
  if (!found) return null;
  const row = await load(found[1], id.slice(1));
  return row === null ? null : { ...(row as Row), __typename: found[0] };
};

const legacy: Resolver = async (_parent, { id }, { work }) => {
  await work(`legacy ${text(id)}`);
  return { id: text(id), text: `legacy ${text(id)}`, productId: text(id), next: `${Number(id) + 1}` };
};

const resolvers: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  Node: { __resolveType: (row: Row) => row.__typename },
  Item: { __resolveType: (row: Row) => row.__typename },
  Query: {
    me: () => ({ id: '1' }),
    person: ((_, { id }, { load }) => load('peopleByIds', text(id))) satisfies Resolver,
    people: ((_, { ids }, { load }) => list(ids).map((id) => load('peopleByIds', id))) satisfies Resolver,
    product: ((_, { id }, { load }) => load('productsByIds', text(id))) satisfies Resolver,
    shelf: ((_, { name }, { load }) => load('shelf', text(name))) satisfies Resolver,
    feed: ((_, { first }, { load }) => load('feed', 'all', { first })) satisfies Resolver,
    search: ((_, { first }, { load }) => load('search', 'all', { first })) satisfies Resolver,
    report: ((_, _args, { load }) => load('report', 'all')) satisfies Resolver,
    node: ((_, { id }, context) => loadNode(text(id), context)) satisfies Resolver,
    nodes: ((_, { ids }, context) =>
      Promise.all(list(ids).map((id) => loadNode(id, context)))) satisfies Resolver,
    legacy,
  },
  Mutation: {
    rename: (async (_, { id, name }, context) => {
      // Reads before it writes, so that a memory that is not cleared would answer with the old name.
      await context.load('peopleByIds', text(id));
      await context.write(text(id), text(name));
      return { personId: id, text: `renamed to ${text(name)}` };
    }) satisfies Resolver,
  },
  Renamed: { person: by('peopleByIds', 'personId') },
  Person: {
    name: (async (person, _, { load }) =>
      'name' in person
        ? person.name
        : ((await load('peopleByIds', text(person.id))) as Row | null)?.name) satisfies Resolver,
    friend: by('peopleByIds', 'friendId'),
    friends: manyBy('peopleByIds', 'friendIds'),
    boss: by('peopleByIds', 'bossId'),
    orders: ((person, { first }, { load }) =>
      load('ordersByPersonIds', text(person.id), { first })) satisfies Resolver,
    reviews: by('reviewsByPersonIds', 'id'),
    secret: (() => {
      throw new Error('not for you');
    }) satisfies Resolver,
    later: by('reviewsByPersonIds', 'id'),
  },
  Order: { person: by('peopleByIds', 'personId') },
  Line: { product: by('productsByIds', 'productId') },
  Review: { product: by('productsByIds', 'productId') },
  Product: {
    maker: by('makersByIds', 'makerId'),
    stock: by('stockByProductIds', 'id'),
    similar: by('productsByIds', 'similarId'),
  },
  Stock: { depot: by('depotsByProductIds', 'productId') },
  Maker: { owner: by('peopleByIds', 'ownerId') },
  Shelf: { products: manyBy('productsByIds', 'productIds') },
  Book: { subject: by('productsByIds', 'productId'), author: by('peopleByIds', 'authorId') },
  Disc: { subject: by('editionsByIds', 'editionId'), artist: by('peopleByIds', 'artistId') },
  Flight: {
    origin: by('airportsByCodes', 'origin'),
    destination: by('airportsByCodes', 'destination'),
    offer: ((flight, { passengers }, { load }) =>
      load('offerByFlightId', text(flight.id), { passengers })) satisfies Resolver,
  },
  Legacy: {
    product: by('productsByIds', 'productId'),
    deeper: ((row, _args, context) => legacy({}, { id: row.next }, context)) satisfies Resolver,
  },
};

/** The schema of the small world, bare or with resolvers that run at their positions. */
export function createWorldSchema(instrumented: boolean): GraphQLSchema {
  const schema = makeExecutableSchema({
    typeDefs: sdl,
    resolvers: resolvers as never,
    inheritResolversFromInterfaces: false,
  });
  if (instrumented) {
    instrumentResolvers<WorldContext>(schema, { table, schedulerOf: (context) => context.scheduler });
  }
  return schema;
}
