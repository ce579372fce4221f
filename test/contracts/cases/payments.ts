import type { BackendCases } from './backend-cases.ts';
import { actingOn, idOf, madeBy } from './backend-cases.ts';

const chargeOf = (paymentToken: string, subject: string) => ({
  userId: '1',
  subject,
  amount: { amount: 2500, currency: 'EUR' },
  paymentToken,
});

export const payments: BackendCases = {
  paymentsByIds: {
    good: async ({ make }) => ({ as: 'ada', query: { ids: `${idOf(await make('createCharge'))},none` } }),
  },
  paymentsBySubjects: {
    good: async ({ make }) => {
      const { subject } = await make('createCharge');
      return { as: 'ada', query: { subjects: `${subject},orders/none` } };
    },
  },
  paymentById: { good: async ({ make }) => ({ as: 'ada', path: { id: idOf(await make('createCharge')) } }) },
  chargesByIdempotencyKey: madeBy('createCharge'),
  createCharge: {
    good: ({ next }) => ({
      as: 'machineForAda',
      body: chargeOf('tok_ok', `orders/of-contract-${next()}`),
    }),
    problems: {
      'payment-declined': () => ({
        as: 'machine',
        body: chargeOf('tok_declined', 'bookings/of-contract'),
      }),
    },
  },
  createRefund: {
    ...actingOn('createCharge'),
    problems: {
      'invalid-transition': async ({ make }) => {
        const id = idOf(await make('createCharge'));
        await make('createRefund', { path: { id } });
        return { as: 'machine', path: { id } };
      },
    },
  },
  refundsByIdempotencyKey: madeBy('createRefund'),
};
