import { type BackendTable, endpointOf } from '../../src/backends.ts';
import type { Call } from '../../src/call.ts';
import type { Upstream } from '../../src/http/upstream.ts';
import {
  type Author,
  type OrderPage,
  type Post,
  type Product,
  type Row,
  type User,
  zAuthors,
  zOrderPages,
  zPosts,
  zProducts,
  zRows,
  zUsers,
} from './wire.ts';

/** What the bench's backends can be asked, one method an endpoint. */
export interface BenchSources {
  posts(call: Call): Promise<readonly Post[]>;
  authorsByIds(call: Call, ids: readonly string[]): Promise<readonly Author[]>;
  usersByIds(call: Call, ids: readonly string[]): Promise<readonly User[]>;
  ordersByUserIds(call: Call, userIds: readonly string[], limit: number): Promise<readonly OrderPage[]>;
  productsByIds(call: Call, ids: readonly string[]): Promise<readonly Product[]>;
  rows(call: Call): Promise<readonly Row[]>;
}

/** All sources over the gateway's own REST client. */
export function createBenchSources(upstream: Upstream, table: BackendTable): BenchSources {
  const posts = endpointOf(table, 'blog', 'posts');
  const authorsByIds = endpointOf(table, 'blog', 'authorsByIds');
  const usersByIds = endpointOf(table, 'users', 'usersByIds');
  const ordersByUserIds = endpointOf(table, 'orders', 'ordersByUserIds');
  const productsByIds = endpointOf(table, 'products', 'productsByIds');
  const rows = endpointOf(table, 'table', 'rows');
  return {
    posts: (call) => upstream.send(call, { endpoint: posts, decode: zPosts }),
    authorsByIds: async (call, ids) =>
      (await upstream.send(call, { endpoint: authorsByIds, query: { ids }, decode: zAuthors })).items,
    usersByIds: async (call, ids) =>
      (await upstream.send(call, { endpoint: usersByIds, query: { ids }, decode: zUsers })).items,
    ordersByUserIds: async (call, userIds, limit) =>
      (
        await upstream.send(call, {
          endpoint: ordersByUserIds,
          query: { userIds, limit },
          decode: zOrderPages,
        })
      ).items,
    productsByIds: async (call, ids) =>
      (await upstream.send(call, { endpoint: productsByIds, query: { ids }, decode: zProducts })).items,
    rows: (call) => upstream.send(call, { endpoint: rows, decode: zRows }),
  };
}
