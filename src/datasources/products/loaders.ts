import { type BackendTable, endpointOf } from '../../backends.ts';
import { type BatchLoader, createBatchLoader } from '../batch-loader.ts';
import { type CallLoader, createCallLoader } from '../call-loader.ts';
import type { LoaderScope } from '../loader-scope.ts';
import type { ProductSearch, ProductsSource } from './source.ts';
import type { Product, ProductPage } from './wire/types.gen.ts';

/** How products are loaded within one operation. */
export interface ProductsLoaders {
  readonly byId: BatchLoader<string, Product, void>;
  /** The key is always `search`: what is searched for stands in the arguments. */
  readonly search: CallLoader<'search', ProductPage, ProductSearch>;
}

/** Prepares the loaders of products; what it returns makes them for one operation. */
export function createProductsLoaders(
  source: ProductsSource,
  table: BackendTable,
): (scope: LoaderScope) => ProductsLoaders {
  const productsByIds = endpointOf(table, 'products', 'productsByIds');
  const searchProducts = endpointOf(table, 'products', 'searchProducts');
  return (scope) => ({
    byId: createBatchLoader({
      ...scope,
      endpoint: productsByIds,
      fetch: source.productsByIds,
      keyOf: (product) => product.id,
    }),
    search: createCallLoader({
      ...scope,
      endpoint: searchProducts,
      fetch: (call, _key, search: ProductSearch) => source.searchProducts(call, search),
    }),
  });
}
