import type { Ask, BackendCases, CaseWorld } from './backend-cases.ts';
import { actingOn, idOf, madeBy } from './backend-cases.ts';

/** An order that has come as far as the last of these steps, in their order. */
async function orderAfter({ make }: CaseWorld, ...steps: readonly string[]): Promise<string> {
  const id = idOf(await make('createOrder'));
  for (const step of steps) await make(step, { path: { id } });
  return id;
}

const afterSteps =
  (...steps: readonly string[]): Ask =>
  async (world) => ({ as: 'machine', path: { id: await orderAfter(world, ...steps) } });

const confirmation = { paymentId: 'pay_of_contract' };

export const orders: BackendCases = {
  ordersByIds: { good: () => ({ as: 'root', query: { ids: '2,1,none' } }) },
  ordersByUserIds: { good: () => ({ as: 'ada', query: { userIds: '1,2', limit: '2' } }) },
  ordersByIdempotencyKey: madeBy('createOrder'),
  orderById: { good: () => ({ as: 'root', path: { id: '1' } }) },
  createOrder: {
    good: ({ next }) => ({
      as: 'machineForAda',
      body: {
        userId: '1',
        items: [{ productId: '1', quantity: 2, unitPrice: { amount: 1250, currency: 'EUR' } }],
        reservationId: `res_of_contract_${next()}`,
      },
    }),
  },
  confirmOrder: {
    ...actingOn('createOrder', confirmation),
    problems: {
      'invalid-transition': async (world) => ({
        as: 'machine',
        path: { id: await orderAfter(world, 'cancelOrder') },
        body: confirmation,
      }),
    },
  },
  shipOrder: {
    good: afterSteps('confirmOrder'),
    problems: { 'invalid-transition': afterSteps() },
  },
  deliverOrder: {
    good: afterSteps('confirmOrder', 'shipOrder'),
    problems: { 'invalid-transition': afterSteps('confirmOrder') },
  },
  cancelOrder: {
    good: afterSteps('confirmOrder'),
    problems: { 'invalid-transition': afterSteps('confirmOrder', 'shipOrder') },
  },
};
