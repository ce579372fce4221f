import { type BackendTable, endpointOf } from '../../backends.ts';
import { type BatchLoader, createBatchLoader } from '../batch-loader.ts';
import type { LoaderScope } from '../loader-scope.ts';
import type { InventorySource } from './source.ts';
import type { Stock } from './wire/types.gen.ts';

/** How stock is loaded within one operation. */
export interface InventoryLoaders {
  readonly stockByProductId: BatchLoader<string, Stock, void>;
}

/** Prepares the loaders of stock; what it returns makes them for one operation. */
export function createInventoryLoaders(
  source: InventorySource,
  table: BackendTable,
): (scope: LoaderScope) => InventoryLoaders {
  const stockByProductIds = endpointOf(table, 'inventory', 'stockByProductIds');
  return (scope) => ({
    stockByProductId: createBatchLoader({
      ...scope,
      endpoint: stockByProductIds,
      fetch: source.stockByProductIds,
      keyOf: (stock) => stock.productId,
    }),
  });
}
