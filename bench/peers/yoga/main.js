/** GraphQL Yoga on node:http, with its JIT plugin, a DataLoader a request, and REST by undici's `request`. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { useGraphQlJit } from '@envelop/graphql-jit';
import DataLoader from 'dataloader';
import { createSchema, createYoga } from 'graphql-yoga';
import { Pool } from 'undici';
import { announce, backendUrl } from '../../ready.ts';
import { createViewerOf } from '../../viewer.ts';

const backend = backendUrl();
const viewerOf = createViewerOf(backend);
const pool = new Pool(backend, { connections: 64 });

async function get(path, authorization) {
  const headers = { accept: 'application/json', authorization };
  const { statusCode, body } = await pool.request({ path, method: 'GET', headers });
  if (statusCode !== 200) throw new Error(`the backend answered ${statusCode}`);
  return body.json();
}

const byIds = (path, authorization) =>
  new DataLoader(async (ids) => {
    const { items } = await get(`${path}?ids=${ids}`, authorization);
    const rows = new Map(items.map((row) => [row.id, row]));
    return ids.map((id) => rows.get(id) ?? null);
  });

const createLoaders = (authorization) => ({
  users: byIds('/users', authorization),
  authors: byIds('/authors', authorization),
  products: byIds('/products', authorization),
  orders: new DataLoader(
    async (keys) => {
      const [{ first }] = keys;
      const ids = keys.map(({ userId }) => userId);
      const pages = await get(`/orders?userIds=${ids}&limit=${first}`, authorization);
      const items = new Map(pages.items.map((page) => [page.userId, page.items]));
      return ids.map((id) => items.get(id) ?? null);
    },
    { cacheKeyFn: ({ userId, first }) => `${userId} ${first}` },
  ),
});

const schema = createSchema({
  typeDefs: readFileSync(new URL('../schema.graphql', import.meta.url), 'utf8'),
  resolvers: {
    Query: {
      hello: () => 'world',
      posts: (_, __, { authorization }) => get('/posts', authorization),
      rows: (_, __, { authorization }) => get('/rows', authorization),
      me: (_, __, { viewer, loaders }) => (viewer === null ? null : loaders.users.load(viewer)),
      user: (_, { id }, { loaders }) => loaders.users.load(id),
    },
    Post: { author: (post, _, { loaders }) => loaders.authors.load(post.authorId) },
    User: { orders: (user, { first }, { loaders }) => loaders.orders.load({ userId: user.id, first }) },
    OrderItem: { product: (item, _, { loaders }) => loaders.products.load(item.productId) },
  },
});

const yoga = createYoga({
  schema,
  logging: false,
  graphiql: false,
  plugins: [useGraphQlJit()],
  context: async ({ request }) => {
    const authorization = request.headers.get('authorization') ?? undefined;
    return { authorization, viewer: await viewerOf(authorization), loaders: createLoaders(authorization) };
  },
});

const server = createServer(yoga);
server.keepAliveTimeout = 120_000;
server.listen(0, '127.0.0.1', () => announce({ url: `http://127.0.0.1:${server.address().port}/graphql` }));
