import type { BackendCases } from './backend-cases.ts';
import { actingOn, idOf, madeBy } from './backend-cases.ts';

export const inventory: BackendCases = {
  stockByProductIds: { good: () => ({ as: 'nobody', query: { productIds: '1,2,none' } }) },
  stockByProductId: { good: () => ({ as: 'nobody', path: { productId: '1' } }) },
  reservationsByIdempotencyKey: madeBy('createReservation'),
  createReservation: {
    good: ({ next }) => ({
      as: 'machine',
      body: { items: [{ productId: '1', quantity: 1 + (next() % 7) }] },
    }),
    problems: {
      'out-of-stock': () => ({
        as: 'machine',
        body: {
          items: [
            { productId: '1', quantity: 1 },
            { productId: '2', quantity: 1_000_000 },
          ],
        },
      }),
    },
  },
  confirmReservation: {
    ...actingOn('createReservation'),
    problems: {
      'invalid-transition': async ({ make }) => {
        const id = idOf(await make('createReservation'));
        await make('releaseReservation', { path: { id } });
        return { as: 'machine', path: { id } };
      },
    },
  },
  releaseReservation: actingOn('createReservation', {}),
};
