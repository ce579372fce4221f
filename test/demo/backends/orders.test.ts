import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenDemo, openDemo } from '../open-demo.ts';

let demo: OpenDemo;
beforeAll(async () => {
  demo = await openDemo({ only: ['users', 'orders'] });
});
afterAll(() => demo[Symbol.asyncDispose]());

const eur = (amount: number) => ({ amount, currency: 'EUR' });
const newOrder = {
  userId: '1',
  items: [
    { productId: '1', quantity: 3, unitPrice: eur(199) },
    { productId: '2', quantity: 1, unitPrice: eur(5_000) },
  ],
  reservationId: 'res_1',
};
const place = async (order: unknown = newOrder) =>
  demo.post('orders', '/orders', order, await demo.machine('1'));
const move = async (id: string, verb: string) =>
  demo.post(
    'orders',
    `/orders/${id}/${verb}`,
    verb === 'confirm' ? { paymentId: 'pay_x' } : {},
    await demo.machine('1'),
  );

describe('an order', () => {
  it('is pending when it is placed, its total the sum of its lines', async () => {
    const { status, body } = await place();
    expect(status).toBe(201);
    expect(body).toEqual({
      ...newOrder,
      id: expect.stringMatching(/^\d+$/),
      status: 'PENDING',
      placedAt: expect.stringMatching(/^\d{4}-.*Z$/),
      total: eur(5_597),
      paymentId: null,
    });
    expect((await demo.get('orders', `/orders/${body.id}`, await demo.person('ada'))).body).toEqual(body);
  });

  /** How to get a new order into each state, and what may be done then. */
  const states = {
    PENDING: { path: [], allowed: ['confirm', 'cancel'] },
    CONFIRMED: { path: ['confirm'], allowed: ['confirm', 'ship', 'cancel'] },
    SHIPPED: { path: ['confirm', 'ship'], allowed: ['ship', 'deliver'] },
    DELIVERED: { path: ['confirm', 'ship', 'deliver'], allowed: ['deliver'] },
    CANCELLED: { path: ['cancel'], allowed: ['cancel'] },
  } as const;
  const reached = {
    confirm: 'CONFIRMED',
    ship: 'SHIPPED',
    deliver: 'DELIVERED',
    cancel: 'CANCELLED',
  } as const;
  const verbs = ['confirm', 'ship', 'deliver', 'cancel'] as const;
  const cells = Object.entries(states).flatMap(([state, { path, allowed }]) =>
    verbs.map((verb) => [state, verb, path, allowed.some((one) => one === verb)] as const),
  );

  it.each(cells)('%s: %s', async (state, verb, path, allowed) => {
    const { body } = await place();
    for (const step of path) await move(body.id, step);
    const answer = await move(body.id, verb);
    if (allowed) {
      expect(answer.status).toBe(200);
      expect(answer.body.status).toBe(reached[verb]);
    } else {
      expect(answer.status).toBe(409);
      expect(answer.body).toMatchObject({
        type: 'https://weir.example/problems/invalid-transition',
        current: state,
      });
    }
    const now = await demo.get('orders', `/orders/${body.id}`, await demo.person('ada'));
    expect(now.body.status).toBe(allowed ? reached[verb] : state);
  });

  it('keeps the payment that it was confirmed with first', async () => {
    const { body } = await place();
    await move(body.id, 'confirm');
    const other = await demo.post(
      'orders',
      `/orders/${body.id}/confirm`,
      { paymentId: 'pay_y' },
      await demo.machine(),
    );
    expect(other.body.paymentId).toBe('pay_x');
    expect((await move(body.id, 'cancel')).body.paymentId).toBe('pay_x');
  });

  it.each([
    ['without lines', { ...newOrder, items: [] }],
    ['of none', { ...newOrder, items: [{ productId: '1', quantity: 0, unitPrice: eur(1) }] }],
    [
      'in two currencies',
      {
        ...newOrder,
        items: [
          ...newOrder.items,
          { productId: '3', quantity: 1, unitPrice: { amount: 1, currency: 'USD' } },
        ],
      },
    ],
    [
      'of more money than a number holds',
      {
        ...newOrder,
        items: [{ productId: '1', quantity: 1_000_000, unitPrice: eur(Number.MAX_SAFE_INTEGER) }],
      },
    ],
    ['without a reservation', { ...newOrder, reservationId: null }],
    ['for somebody with no id', { ...newOrder, userId: '' }],
  ])('%s is refused', async (_, order) => {
    expect((await place(order)).status).toBe(400);
  });

  it('cannot be placed for somebody else than the one acted for', async () => {
    expect((await place({ ...newOrder, userId: '2' })).status).toBe(403);
  });
});
