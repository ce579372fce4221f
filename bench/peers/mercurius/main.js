/**
 * Mercurius as its documentation has it: JIT on, lists resolved by its own loaders. REST by undici's `request`.
 *
 * The loaders' cache is off, which its documentation recommends where serialising keys costs more than it saves.
 */
import { readFileSync } from 'node:fs';
import Fastify from 'fastify';
import mercurius from 'mercurius';
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

const byId = ({ items }) => new Map(items.map((row) => [row.id, row]));
const unique = (ids) => [...new Set(ids)].join(',');
const userOf = async (id, authorization) => (await get(`/users?ids=${id}`, authorization)).items[0] ?? null;

const resolvers = {
  Query: {
    hello: () => 'world',
    posts: (_, __, { authorization }) => get('/posts', authorization),
    rows: (_, __, { authorization }) => get('/rows', authorization),
    me: (_, __, { viewer, authorization }) => (viewer === null ? null : userOf(viewer, authorization)),
    user: (_, { id }, { authorization }) => userOf(id, authorization),
  },
};

const batched = (loader) => ({ loader, opts: { cache: false } });

const loaders = {
  Post: {
    author: batched(async (queries, { authorization }) => {
      const ids = unique(queries.map(({ obj }) => obj.authorId));
      const authors = byId(await get(`/authors?ids=${ids}`, authorization));
      return queries.map(({ obj }) => authors.get(obj.authorId) ?? null);
    }),
  },
  User: {
    orders: batched(async (queries, { authorization }) => {
      const { first } = queries[0].params;
      const ids = unique(queries.map(({ obj }) => obj.id));
      const pages = await get(`/orders?userIds=${ids}&limit=${first}`, authorization);
      const items = new Map(pages.items.map((page) => [page.userId, page.items]));
      return queries.map(({ obj }) => items.get(obj.id) ?? null);
    }),
  },
  OrderItem: {
    product: batched(async (queries, { authorization }) => {
      const ids = unique(queries.map(({ obj }) => obj.productId));
      const products = byId(await get(`/products?ids=${ids}`, authorization));
      return queries.map(({ obj }) => products.get(obj.productId) ?? null);
    }),
  },
};

const app = Fastify({ keepAliveTimeout: 120_000 });
app.register(mercurius, {
  schema: readFileSync(new URL('../schema.graphql', import.meta.url), 'utf8'),
  resolvers,
  loaders,
  jit: 1,
  context: async ({ headers }) => ({
    viewer: await viewerOf(headers.authorization),
    authorization: headers.authorization,
  }),
});
announce({ url: `${await app.listen({ port: 0, host: '127.0.0.1' })}/graphql` });
