import type { BackendCases } from './backend-cases.ts';
import { idOf, madeBy } from './backend-cases.ts';

export const notifications: BackendCases = {
  messagesByIds: {
    good: async ({ make }) => ({ as: 'ada', query: { ids: `${idOf(await make('createMessage'))},none` } }),
  },
  messagesByIdempotencyKey: madeBy('createMessage'),
  messageById: { good: async ({ make }) => ({ as: 'ada', path: { id: idOf(await make('createMessage')) } }) },
  createMessage: {
    good: ({ next }) => ({
      as: 'machineForAda',
      body: {
        userId: '1',
        template: 'order-confirmed',
        data: { orderId: `of-contract-${next()}`, lines: [1, 2] },
      },
    }),
  },
};
