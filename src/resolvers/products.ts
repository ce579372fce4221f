import { beginWorkflow } from './begin-workflow.ts';
import { toConnection } from './connection.ts';
import type { MutationResolvers, ProductResolvers, QueryResolvers } from './generated/types.ts';
import { toGlobalId, toRawId } from './global-id.ts';
import { catalogueFaults, keyFaults } from './input-checks.ts';

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

export const productMutations: Pick<MutationResolvers, 'importProducts'> = {
  importProducts: async (_, { input: { csv, uploadId, idempotencyKey: key } }, context) => {
    const problems = [...keyFaults(key), ...catalogueFaults(csv, uploadId)];
    if (problems.length > 0) return { problems };
    const owner = context.viewer?.id ?? '';
    const upload = uploadId ?? (await context.workflows.saveInline(owner, csv ?? ''));
    return beginWorkflow(context, 'importProducts', { uploadId: upload }, { key, wait: false });
  },
};
