import { type BackendTable, endpointOf } from '../../backends.ts';
import type { Call } from '../../call.ts';
import type { Upstream } from '../../http/upstream.ts';
import { asInput } from '../unless-problem.ts';
import type { Product, ProductBatch, ProductPage, ProductSort } from './wire/types.gen.ts';
import { zProductList, zProductPage, zUpsertedProducts } from './wire/zod.gen.ts';

/** Which products, in which order, and which page of them. */
export interface ProductSearch {
  readonly search: string | undefined;
  readonly category: string | undefined;
  readonly sort: ProductSort;
  readonly limit: number;
  readonly cursor: string | undefined;
}

/** What the products backend can be asked. */
export interface ProductsSource {
  productsByIds(call: Call, ids: readonly string[]): Promise<readonly Product[]>;
  searchProducts(call: Call, search: ProductSearch): Promise<ProductPage>;
  upsertProducts(call: Call, batch: ProductBatch, idempotencyKey: string): Promise<readonly Product[]>;
}

/** The products backend, one method an endpoint. */
export function createProductsSource(upstream: Upstream, table: BackendTable): ProductsSource {
  const productsByIds = endpointOf(table, 'products', 'productsByIds');
  const searchProducts = endpointOf(table, 'products', 'searchProducts');
  const upsertProducts = endpointOf(table, 'products', 'upsertProducts');
  return {
    productsByIds: async (call, ids) =>
      (await upstream.send(call, { endpoint: productsByIds, query: { ids }, decode: zProductList })).items,
    searchProducts: (call, search) =>
      asInput(
        upstream.send(call, { endpoint: searchProducts, query: { ...search }, decode: zProductPage }),
        'A cursor comes from a page of the same list, in the same order.',
      ),
    upsertProducts: async (call, body, idempotencyKey) =>
      (
        await upstream.send(call, {
          endpoint: upsertProducts,
          body,
          idempotencyKey,
          decode: zUpsertedProducts,
        })
      ).items,
  };
}
