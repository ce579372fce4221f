import { endpointOf } from '../../src/backends.ts';
import { type BatchLoader, createBatchLoader } from '../../src/datasources/batch-loader.ts';
import { type CallLoader, createCallLoader } from '../../src/datasources/call-loader.ts';
import type { LoaderScope } from '../../src/datasources/loader-scope.ts';
import type { BenchSources } from './sources.ts';
import { benchTable } from './table.ts';
import type { Author, OrderPage, Post, Product, Row, User } from './wire.ts';

const posts = endpointOf(benchTable, 'blog', 'posts');
const authorsByIds = endpointOf(benchTable, 'blog', 'authorsByIds');
const usersByIds = endpointOf(benchTable, 'users', 'usersByIds');
const ordersByUserIds = endpointOf(benchTable, 'orders', 'ordersByUserIds');
const productsByIds = endpointOf(benchTable, 'products', 'productsByIds');
const rows = endpointOf(benchTable, 'table', 'rows');

const idOf = ({ id }: { readonly id: string }): string => id;

/** What can be loaded within one operation; each loader is made when the operation first needs it. */
export class BenchLoaders {
  readonly #sources: BenchSources;
  readonly #scope: LoaderScope;
  #posts: CallLoader<'all', readonly Post[], void> | undefined;
  #authors: BatchLoader<string, Author, void> | undefined;
  #users: BatchLoader<string, User, void> | undefined;
  #orders: BatchLoader<string, OrderPage, number> | undefined;
  #products: BatchLoader<string, Product, void> | undefined;
  #rows: CallLoader<'all', readonly Row[], void> | undefined;

  constructor(sources: BenchSources, scope: LoaderScope) {
    this.#sources = sources;
    this.#scope = scope;
  }

  get posts(): CallLoader<'all', readonly Post[], void> {
    this.#posts ??= createCallLoader({ ...this.#scope, endpoint: posts, fetch: this.#sources.posts });
    return this.#posts;
  }

  get authors(): BatchLoader<string, Author, void> {
    this.#authors ??= createBatchLoader({
      ...this.#scope,
      endpoint: authorsByIds,
      fetch: this.#sources.authorsByIds,
      keyOf: idOf,
    });
    return this.#authors;
  }

  get users(): BatchLoader<string, User, void> {
    this.#users ??= createBatchLoader({
      ...this.#scope,
      endpoint: usersByIds,
      fetch: this.#sources.usersByIds,
      keyOf: idOf,
    });
    return this.#users;
  }

  /** Pages of each user's orders, by how many a page has. */
  get orders(): BatchLoader<string, OrderPage, number> {
    this.#orders ??= createBatchLoader({
      ...this.#scope,
      endpoint: ordersByUserIds,
      fetch: this.#sources.ordersByUserIds,
      keyOf: ({ userId }) => userId,
    });
    return this.#orders;
  }

  get products(): BatchLoader<string, Product, void> {
    this.#products ??= createBatchLoader({
      ...this.#scope,
      endpoint: productsByIds,
      fetch: this.#sources.productsByIds,
      keyOf: idOf,
    });
    return this.#products;
  }

  get rows(): CallLoader<'all', readonly Row[], void> {
    this.#rows ??= createCallLoader({ ...this.#scope, endpoint: rows, fetch: this.#sources.rows });
    return this.#rows;
  }
}
