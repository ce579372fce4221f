import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Credentials, type OpenDemo, openDemo } from '../open-demo.ts';

let demo: OpenDemo;
let machine: Credentials;
beforeAll(async () => {
  demo = await openDemo({ only: ['users', 'payments'] });
  machine = await demo.machine('1');
});
afterAll(() => demo[Symbol.asyncDispose]());

const charge = (subject: string, paymentToken = 'tok_ok') =>
  demo.post(
    'payments',
    '/charges',
    { userId: '1', subject, amount: { amount: 700, currency: 'EUR' }, paymentToken },
    machine,
  );
const refund = (id: string, headers: Credentials = {}) =>
  demo.post('payments', `/charges/${id}/refunds`, {}, { ...machine, ...headers });
const bySubjects = async (...subjects: readonly string[]) =>
  (await demo.get('payments', `/payments?subjects=${subjects.join(',')}`, machine)).body.items;

describe('a charge', () => {
  it('that works is a captured payment', async () => {
    const { status, body } = await charge('orders/new-1');
    expect(status).toBe(201);
    expect(body).toMatchObject({
      userId: '1',
      subject: 'orders/new-1',
      status: 'CAPTURED',
      amount: { amount: 700 },
    });
    expect((await demo.get('payments', `/payments/${body.id}`, await demo.person('ada'))).body).toEqual(body);
  });

  it.each([
    ['tok_declined', 'card-declined'],
    ['tok_whatever', 'unknown-token'],
  ])('with %s is declined, and the declined payment kept', async (token, reason) => {
    const { status, body } = await charge('orders/new-2', token);
    expect(status).toBe(402);
    expect(body).toMatchObject({ type: 'https://weir.example/problems/payment-declined', reason });
    const kept = await demo.get('payments', `/payments/${body.paymentId}`, machine);
    expect(kept.body).toMatchObject({ status: 'DECLINED', subject: 'orders/new-2' });
  });

  it('with tok_flaky counts its failures for each key apart', async () => {
    const flaky = (key: string) =>
      demo.post(
        'payments',
        '/charges',
        {
          userId: '1',
          subject: 'orders/f',
          amount: { amount: 1, currency: 'EUR' },
          paymentToken: 'tok_flaky',
        },
        { ...machine, 'idempotency-key': key },
      );
    const statuses = [];
    for (const key of ['a', 'b', 'a', 'b', 'a', 'b']) statuses.push((await flaky(key)).status);
    expect(statuses).toEqual([503, 503, 503, 503, 201, 201]);
  });

  it.each(['orders', 'users/1', 'orders/a/b', 'orders/'])('for %s is refused', async (subject) => {
    expect((await charge(subject)).status).toBe(400);
  });
});

describe('a refund', () => {
  it('gives all of it back, once', async () => {
    const { body: payment } = await charge('bookings/new-3');
    const first = await refund(payment.id, { 'idempotency-key': 'refund-1' });
    expect(first.status).toBe(201);
    expect(first.body).toMatchObject({ paymentId: payment.id, amount: payment.amount });
    expect((await demo.get('payments', `/payments/${payment.id}`, machine)).body.status).toBe('REFUNDED');
    expect((await refund(payment.id, { 'idempotency-key': 'refund-1' })).body).toEqual(first.body);
    const second = await refund(payment.id, { 'idempotency-key': 'refund-2' });
    expect(second.status).toBe(409);
    expect(second.body).toMatchObject({
      type: 'https://weir.example/problems/invalid-transition',
      current: 'REFUNDED',
    });
    const found = await demo.get('payments', '/refunds?idempotencyKey=refund-1', machine);
    expect(found.body.items).toEqual([first.body]);
  });

  it('happens once where many ask at once', async () => {
    const { body: payment } = await charge('bookings/new-4');
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => refund(payment.id, { 'idempotency-key': `many-${index}` })),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    const rows = (await demo.ledger('payments')).filter(({ subject }) => subject === 'bookings/new-4');
    expect(rows.map(({ kind }) => kind)).toEqual(['charge.captured', 'refund.created']);
  });

  it('is not to be had of a declined payment, nor of none', async () => {
    const { body } = await charge('orders/new-5', 'tok_declined');
    const declined = await refund(body.paymentId);
    expect([declined.status, declined.body.current]).toEqual([409, 'DECLINED']);
    expect((await refund('nothing')).status).toBe(404);
  });
});

describe('payments by subject', () => {
  it('are those that took money before those that did not, then the newest, in the order asked', async () => {
    const first = await charge('orders/s-1');
    await charge('orders/s-1', 'tok_declined');
    await charge('orders/s-2', 'tok_declined');
    const last = await charge('orders/s-2', 'tok_whatever');
    const items = await bySubjects('orders/s-2', 'orders/none', 'orders/s-1');
    expect(items.map(({ id }: { id: string }) => id)).toEqual([last.body.paymentId, first.body.id]);
    await refund(first.body.id);
    expect((await bySubjects('orders/s-1'))[0].status).toBe('REFUNDED');
    const newest = await charge('orders/s-1');
    expect((await bySubjects('orders/s-1'))[0].id).toBe(newest.body.id);
  });
});
