import type { BackendCases } from './backend-cases.ts';
import { madeBy } from './backend-cases.ts';

export const products: BackendCases = {
  productsByIds: { good: () => ({ as: 'nobody', query: { ids: '2,1,none' } }) },
  productsByIdempotencyKey: madeBy('upsertProducts'),
  searchProducts: { good: () => ({ as: 'nobody', query: { sort: 'PRICE_DESC', limit: '3' } }) },
  productById: { good: () => ({ as: 'nobody', path: { id: '1' } }) },
  upsertProducts: {
    good: ({ next }) => ({
      as: 'machine',
      body: {
        items: [
          {
            name: `Contract lamp ${next()}`,
            description: 'It shines.',
            category: 'lamps',
            price: { amount: 4200, currency: 'EUR' },
          },
        ],
      },
    }),
  },
};
