/**
 * Hive Gateway over the backend's OpenAPI document: Mesh composes it when the process starts, and `@resolveTo` joins
 * what belongs together, with its batching. No resolver is written but the one that needs no backend, and who asks
 * is left to the backend.
 */
import { createServer } from 'node:http';
import { join } from 'node:path';
import { createGatewayRuntime } from '@graphql-hive/gateway';
import { getComposedSchemaFromConfig } from '@graphql-mesh/compose-cli';
import { loadOpenAPISubgraph } from '@omnigraph/openapi';
import { announce, backendUrl } from '../../ready.ts';

const quiet = {
  debug() {},
  info() {},
  log() {},
  warn: console.error,
  error: console.error,
  child: () => quiet,
};

const from = 'sourceName: "backend", sourceTypeName: "Query"';

/** A field that is joined by a bulk read: `key` of the parents are the `ids` of one call. */
const joined = (field, key) =>
  `@resolveTo(${from}, sourceFieldName: "${field}", requiredSelectionSet: "{ ${key} }", keyField: "${key}", keysArg: "ids", result: "items")`;

/** A list of one parent. What `product` needs of it has to be asked for by name. */
const orders = `@resolveTo(${from}, sourceFieldName: "ordersOfUser", requiredSelectionSet: "{ id }", sourceArgs: { userId: "{root.id}", limit: "{args.first}" }, result: "items", sourceSelectionSet: "{ items { id status total items { quantity productId } } }")`;

const composition = {
  subgraphs: [
    {
      sourceHandler: loadOpenAPISubgraph('backend', {
        source: join(import.meta.dirname, 'backend.openapi.json'),
        endpoint: backendUrl(),
        operationHeaders: { authorization: '{context.headers.authorization}' },
      }),
    },
  ],
  additionalTypeDefs: /* GraphQL */ `
    extend type Query {
      hello: String
      user(id: ID!): User @resolveTo(${from}, sourceFieldName: "userById", sourceArgs: { id: "{args.id}" })
    }
    extend type Post { author: Author ${joined('authorsByIds', 'authorId')} }
    extend type User { orders(first: Int! = 10): [Order] ${orders} }
    extend type OrderItem { product: Product ${joined('productsByIds', 'productId')} }
  `,
};
const supergraph = await getComposedSchemaFromConfig(composition, quiet);

const gateway = createGatewayRuntime({
  supergraph,
  logging: false,
  graphiql: false,
  landingPage: false,
  jit: true,
  additionalResolvers: { Query: { hello: () => 'world' } },
});
const server = createServer(gateway);
server.keepAliveTimeout = 120_000;
server.listen(0, '127.0.0.1', () => announce({ url: `http://127.0.0.1:${server.address().port}/graphql` }));
