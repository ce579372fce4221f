import { toConnection } from './connection.ts';
import type { ProductResolvers, QueryResolvers } from './generated/types.ts';
import { toGlobalId, toRawId } from './global-id.ts';

export const Product: ProductResolvers = {
  id: (product) => toGlobalId('Product', product.id),
  stock: (product, _, { loaders }) => loaders.inventory.stockByProductId.load(product.id),
};

export const productQueries: Pick<QueryResolvers, 'product' | 'products'> = {
  product: (_, { id }, { loaders }) => loaders.products.byId.load(toRawId('Product', id) ?? ''),
  products: async (_, { first, after, search, category, sort }, { loaders }) =>
    toConnection(
      await loaders.products.search.load('search', {
        limit: first,
        cursor: after ?? undefined,
        search: search ?? undefined,
        category: category ?? undefined,
        sort,
      }),
      after,
    ),
};
