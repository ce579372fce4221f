import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createSchema, createYoga } from 'graphql-yoga';

/** A second subgraph, as another team would have it: what people say about products. */
export const reviewsSdl = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])
  type Query { latestReviews(first: Int!): [Review!]! }
  type Review @key(fields: "id") { id: ID!  stars: Int!  text: String!  author: User!  product: Product! }
  type Product @key(fields: "id") { id: ID!  reviews: [Review!]! }
  type User @key(fields: "id") { id: ID!  reviews: [Review!]! }
`;

const reviews = Array.from({ length: 60 }, (_, i) => ({
  id: `Review:${i}`,
  stars: (i % 5) + 1,
  text: `said ${i}`,
  author: { __typename: 'User', id: `User:${(i % 7) + 3}` },
  product: { __typename: 'Product', id: `Product:${(i % 20) + 1}` },
}));

interface Representation {
  readonly __typename: string;
  readonly id: string;
}

/** Starts it on a free port. */
export async function startReviews(): Promise<AsyncDisposable & { readonly url: string }> {
  const yoga = createYoga({
    graphiql: false,
    logging: false,
    schema: createSchema({
      typeDefs: `
        ${reviewsSdl.replace(/extend schema.*/, '').replaceAll(/@key\(.*?\)/g, '')}
        scalar _Any
        union _Entity = Review | Product | User
        type _Service { sdl: String! }
        extend type Query { _entities(representations: [_Any!]!): [_Entity]!  _service: _Service! }
      `,
      resolvers: {
        Query: {
          latestReviews: (_: unknown, { first }: { first: number }) => reviews.slice(0, first),
          _entities: (_: unknown, { representations }: { representations: Representation[] }) =>
            representations.map((one) =>
              one.__typename === 'Review' ? reviews.find(({ id }) => id === one.id) : one,
            ),
          _service: () => ({ sdl: reviewsSdl }),
        },
        _Entity: { __resolveType: ({ __typename = 'Review' }: { __typename?: string }) => __typename },
        // Each product has two, so that whatever a test lists has some.
        Product: {
          reviews: ({ id }: Representation) =>
            reviews.slice(id.length + (Number(id.slice(8)) % 50)).slice(0, 2),
        },
        User: { reviews: ({ id }: Representation) => reviews.filter(({ author }) => author.id === id) },
      },
    }),
  });
  const server = createServer(yoga);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
