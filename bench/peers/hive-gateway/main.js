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

/** Says that a field is joined by a bulk read: `key` of the parent is one of the `keys` of the read. */
const joined = (field, key, keys, more = '') =>
  `@resolveTo(sourceName: "backend", sourceTypeName: "Query", sourceFieldName: "${field}", requiredSelectionSet: "{ ${key} }", keyField: "${key}", keysArg: "${keys}"${more})`;

/** A page a user is read; its items alone are the orders. What `product` needs must be asked for by name. */
const pages =
  ', additionalArgs: { limit: "{args.first}" }, result: "items", sourceSelectionSet: "{ items { id status total items { quantity productId } } }"';

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
      user(id: ID!): User @resolveTo(sourceName: "backend", sourceTypeName: "Query", sourceFieldName: "userById", sourceArgs: { id: "{args.id}" })
    }
    extend type Post { author: Author ${joined('authorsByIds', 'authorId', 'ids')} }
    extend type User { orders(first: Int! = 10): [Order] ${joined('ordersByUserIds', 'id', 'userIds', pages)} }
    extend type OrderItem { product: Product ${joined('productsByIds', 'productId', 'ids')} }
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
