import { type BackendTable, type Endpoint, endpointOf } from '../../src/backends.ts';
import { type BatchLoader, createBatchLoader } from '../../src/datasources/batch-loader.ts';
import { type CallLoader, createCallLoader } from '../../src/datasources/call-loader.ts';
import type { LoaderScope } from '../../src/datasources/loader-scope.ts';
import type { BenchSources } from './sources.ts';
import type { Author, OrderPage, Post, Product, Row, User } from './wire.ts';

/** The endpoints that are loaded from. */
type Endpoints = Readonly<Record<keyof BenchSources, Endpoint>>;

const idOf = ({ id }: { readonly id: string }): string => id;

/** What can be loaded within one operation; each loader is made when the operation first needs it. */
export class BenchLoaders {
  readonly #sources: BenchSources;
  readonly #endpoints: Endpoints;
  readonly #scope: LoaderScope;
  #posts: CallLoader<'all', readonly Post[], void> | undefined;
  #authors: BatchLoader<string, Author, void> | undefined;
  #users: BatchLoader<string, User, void> | undefined;
  #orders: BatchLoader<string, OrderPage, number> | undefined;
  #products: BatchLoader<string, Product, void> | undefined;
  #rows: CallLoader<'all', readonly Row[], void> | undefined;

  constructor(sources: BenchSources, endpoints: Endpoints, scope: LoaderScope) {
    this.#sources = sources;
    this.#endpoints = endpoints;
    this.#scope = scope;
  }

  get posts(): CallLoader<'all', readonly Post[], void> {
    this.#posts ??= createCallLoader({
      ...this.#scope,
      endpoint: this.#endpoints.posts,
      fetch: this.#sources.posts,
    });
    return this.#posts;
  }

  get authors(): BatchLoader<string, Author, void> {
    this.#authors ??= createBatchLoader({
      ...this.#scope,
      endpoint: this.#endpoints.authorsByIds,
      fetch: this.#sources.authorsByIds,
      keyOf: idOf,
    });
    return this.#authors;
  }

  get users(): BatchLoader<string, User, void> {
    this.#users ??= createBatchLoader({
      ...this.#scope,
      endpoint: this.#endpoints.usersByIds,
      fetch: this.#sources.usersByIds,
      keyOf: idOf,
    });
    return this.#users;
  }

  /** Pages of each user's orders, by how many a page has. */
  get orders(): BatchLoader<string, OrderPage, number> {
    this.#orders ??= createBatchLoader({
      ...this.#scope,
      endpoint: this.#endpoints.ordersByUserIds,
      fetch: this.#sources.ordersByUserIds,
      keyOf: ({ userId }) => userId,
    });
    return this.#orders;
  }

  get products(): BatchLoader<string, Product, void> {
    this.#products ??= createBatchLoader({
      ...this.#scope,
      endpoint: this.#endpoints.productsByIds,
      fetch: this.#sources.productsByIds,
      keyOf: idOf,
    });
    return this.#products;
  }

  get rows(): CallLoader<'all', readonly Row[], void> {
    this.#rows ??= createCallLoader({
      ...this.#scope,
      endpoint: this.#endpoints.rows,
      fetch: this.#sources.rows,
    });
    return this.#rows;
  }
}

/** Prepares the loaders; what it returns makes them for one operation. */
export function createBenchLoaders(
  sources: BenchSources,
  table: BackendTable,
): (scope: LoaderScope) => BenchLoaders {
  const endpoints: Endpoints = {
    posts: endpointOf(table, 'blog', 'posts'),
    authorsByIds: endpointOf(table, 'blog', 'authorsByIds'),
    usersByIds: endpointOf(table, 'users', 'usersByIds'),
    ordersByUserIds: endpointOf(table, 'orders', 'ordersByUserIds'),
    productsByIds: endpointOf(table, 'products', 'productsByIds'),
    rows: endpointOf(table, 'table', 'rows'),
  };
  return (scope) => new BenchLoaders(sources, endpoints, scope);
}
