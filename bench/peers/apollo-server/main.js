/** Apollo Server, standalone, with its own REST data source and a DataLoader a request in it. */
import { readFileSync } from 'node:fs';
import { RESTDataSource } from '@apollo/datasource-rest';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import DataLoader from 'dataloader';
import { announce, backendUrl } from '../../ready.ts';
import { createViewerOf } from '../../viewer.ts';

const backend = backendUrl();
const viewerOf = createViewerOf(backend);

class BackendApi extends RESTDataSource {
  baseURL = backend;

  constructor({ authorization, cache }) {
    super({ cache });
    this.authorization = authorization;
    this.users = this.byIds('users');
    this.authors = this.byIds('authors');
    this.products = this.byIds('products');
    this.orders = new DataLoader((keys) => this.ordersOf(keys), {
      cacheKeyFn: ({ userId, first }) => `${userId} ${first}`,
    });
  }

  willSendRequest(_path, request) {
    if (this.authorization) request.headers.authorization = this.authorization;
  }

  byIds(path) {
    return new DataLoader(async (ids) => {
      const { items } = await this.get(path, { params: { ids: ids.join(',') } });
      const found = new Map(items.map((row) => [row.id, row]));
      return ids.map((id) => found.get(id) ?? null);
    });
  }

  async ordersOf(keys) {
    const [{ first }] = keys;
    const ids = keys.map(({ userId }) => userId);
    const pages = await this.get('orders', { params: { userIds: ids.join(','), limit: String(first) } });
    const items = new Map(pages.items.map((page) => [page.userId, page.items]));
    return ids.map((id) => items.get(id) ?? null);
  }
}

const server = new ApolloServer({
  typeDefs: readFileSync(new URL('../schema.graphql', import.meta.url), 'utf8'),
  resolvers: {
    Query: {
      hello: () => 'world',
      posts: (_, __, { api }) => api.get('posts'),
      rows: (_, __, { api }) => api.get('rows'),
      me: (_, __, { viewer, api }) => (viewer === null ? null : api.users.load(viewer)),
      user: (_, { id }, { api }) => api.users.load(id),
    },
    Post: { author: (post, _, { api }) => api.authors.load(post.authorId) },
    User: { orders: (user, { first }, { api }) => api.orders.load({ userId: user.id, first }) },
    OrderItem: { product: (item, _, { api }) => api.products.load(item.productId) },
  },
});

const { url } = await startStandaloneServer(server, {
  listen: { port: 0, host: '127.0.0.1' },
  context: async ({ req }) => {
    const { authorization } = req.headers;
    return {
      viewer: await viewerOf(authorization),
      api: new BackendApi({ authorization, cache: server.cache }),
    };
  },
});
announce({ url });
