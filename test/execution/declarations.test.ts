import { buildSchema, GraphQLObjectType } from 'graphql';
import { describe, expect, it } from 'vitest';
import { readDeclarations } from '../../src/execution/declarations.ts';
import { endpoints, table } from './engine/world.ts';

const directives = `
  directive @load(from: String!, key: String, arg: String, ahead: Boolean) repeatable on FIELD_DEFINITION
  directive @identity(key: String!) on OBJECT
  directive @listSize(assumedSize: Int!) on FIELD_DEFINITION
`;
const schemaOf = (sdl: string) => buildSchema(`${directives} ${sdl}`);
const typeOf = (schema: ReturnType<typeof schemaOf>, name: string): GraphQLObjectType => {
  const type = schema.getType(name);
  if (!(type instanceof GraphQLObjectType)) throw new Error(`no type ${name}`);
  return type;
};
const endpointOf = (name: string) => {
  const endpoint = endpoints.get(name);
  if (!endpoint) throw new Error(`no endpoint ${name}`);
  return endpoint;
};

describe('readDeclarations', () => {
  it('reads where a field loads from, by which key, and whether ahead of its parent', () => {
    const schema = schemaOf(`
      type Query {
        thing(id: ID!): Thing @load(from: "shop.peopleByIds", arg: "id") @load(from: "shop.makersByIds", arg: "id")
        other: Thing
      }
      type Thing { id: ID! parts: [Thing] @load(from: "shop.productsByIds", key: "id", ahead: false) @listSize(assumedSize: 4) }
    `);
    const declarations = readDeclarations(schema, table);
    const fields = { ...typeOf(schema, 'Query').getFields(), ...typeOf(schema, 'Thing').getFields() };
    const loadOf = (name: string) => {
      const field = fields[name];
      return field ? declarations.loadOf(field) : undefined;
    };
    expect(loadOf('thing')?.sources.map(({ endpoint, key, arg }) => [endpoint.id, key, arg])).toEqual([
      ['shop.peopleByIds', null, 'id'],
      ['shop.makersByIds', null, 'id'],
    ]);
    expect(loadOf('parts')).toMatchObject({ ahead: false, sources: [{ key: 'id', arg: null }] });
    expect(loadOf('other')).toBeNull();
    expect(fields.parts && declarations.listSizeOf(fields.parts)).toBe(4);
    expect(fields.thing && declarations.listSizeOf(fields.thing)).toBeNull();
  });

  it('knows which endpoint is asked for rows of a type by their own key', () => {
    const schema = schemaOf(
      `
      type Query {
        person(id: ID!): Person @load(from: "shop.peopleByIds", arg: "id")
        airport: Airport @load(from: "shop.airportsByCodes", key: "code")
        offer: Offer @load(from: "shop.offerByFlightId", key: "id")
        shelf: Shelf @load(from: "shop.shelf", arg: "name")
      }
      type Person { id: ID! orders: Orders @load(from: "shop.ordersByPersonIds", key: "id") }
      type Orders { total: Int }
      type Airport @identity(key: "code") { code: ID! }
      type Offer { price: Int }
      extend type Offer @identity(key: "flightId")
      type Shelf { name: String }
    `.replace('shelf: Shelf @load', 'shelf(name: String): Shelf @load'),
    );
    const declarations = readDeclarations(schema, table);
    const serves = (endpoint: string, type: string) =>
      declarations.servesRows(endpointOf(endpoint), typeOf(schema, type));
    expect(serves('peopleByIds', 'Person')).toBe(true);
    expect(serves('airportsByCodes', 'Airport')).toBe(true);
    expect(serves('offerByFlightId', 'Offer')).toBe(true);
    // A page of orders is asked for by a person's key, a shelf by what is not its id.
    expect(serves('ordersByPersonIds', 'Orders')).toBe(false);
    expect(serves('shelf', 'Shelf')).toBe(false);
    expect(declarations.identityOf(typeOf(schema, 'Airport'))).toBe('code');
    expect(declarations.identityOf(typeOf(schema, 'Person'))).toBe('id');
  });

  it('names every fault at once', () => {
    const schema = schemaOf(`
      type Query {
        a: String @load(from: "shop.nothing")
        b(id: ID): String @load(from: "elsewhere.peopleByIds", arg: "ids")
        c(id: ID): String @load(from: "shop.peopleByIds", arg: "id", key: "id")
      }
    `);
    expect(() => readDeclarations(schema, table)).toThrow(
      [
        'faults in @load:',
        'Query.a: no endpoint shop.nothing in the table of backends',
        'Query.b: has no argument ids',
        'Query.b: no endpoint elsewhere.peopleByIds in the table of backends',
        'Query.c: has a key and an argument for one load',
      ].join('\n'),
    );
  });
});
