import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Credentials, type OpenDemo, openDemo } from './open-demo.ts';

let demo: OpenDemo;
let machine: Credentials;
beforeAll(async () => {
  demo = await openDemo({ only: ['users', 'inventory', 'orders', 'payments'] });
  machine = await demo.machine();
});
afterAll(() => demo[Symbol.asyncDispose]());

const charge = {
  userId: '1',
  subject: 'orders/1',
  amount: { amount: 1250, currency: 'EUR' },
  paymentToken: 'tok_ok',
};
const keyed = (key: string): Credentials => ({ ...machine, 'idempotency-key': key });
const effectsOf = async (backend: string, key: string) =>
  (await demo.ledger(backend)).filter((row) => row.idempotencyKey === key);

describe('an idempotency key', () => {
  it('has one effect for 50 repeats at once, and one answer', async () => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => demo.post('payments', '/charges', charge, keyed('at-once'))),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect(answers.filter(({ headers }) => headers.get('idempotency-replayed') === 'true')).toHaveLength(49);
    expect(await effectsOf('payments', 'at-once')).toHaveLength(1);
  });

  it('is needed for that: without one each repeat acts', async () => {
    const before = (await demo.ledger('payments')).length;
    for (let time = 0; time < 3; time++) await demo.post('payments', '/charges', charge, machine);
    expect(await demo.ledger('payments')).toHaveLength(before + 3);
  });

  it('knows the same request by what it says, not by how it is written', async () => {
    const first = await demo.post('payments', '/charges', charge, keyed('order'));
    const turned = Object.fromEntries(Object.entries(charge).reverse());
    const second = await demo.post('payments', '/charges', turned, keyed('order'));
    expect(second.body).toEqual(first.body);
  });

  it.each([
    ['another amount', { ...charge, amount: { amount: 1251, currency: 'EUR' } }, {}],
    ['another payment token', { ...charge, paymentToken: 'tok_declined' }, {}],
    ['the same for somebody else', { ...charge }, { 'x-on-behalf-of': '1' }],
  ])('is refused for %s', async (name, body, headers) => {
    const key = `conflict ${name}`;
    expect((await demo.post('payments', '/charges', charge, keyed(key))).status).toBe(201);
    const other = await demo.post('payments', '/charges', body, { ...keyed(key), ...headers });
    expect(other.status).toBe(422);
    expect(other.body.type).toBe('https://weir.example/problems/idempotency-conflict');
    expect(await effectsOf('payments', key)).toHaveLength(1);
  });

  it('counts within one route, and there for one address', async () => {
    const order = {
      userId: '1',
      items: [{ productId: '1', quantity: 1, unitPrice: { amount: 100, currency: 'EUR' } }],
      reservationId: 'res_1',
    };
    const one = await demo.post('orders', '/orders', order, keyed('shared'));
    const two = await demo.post('orders', '/orders', order, keyed('other'));
    const cancelled = await demo.post('orders', `/orders/${one.body.id}/cancel`, {}, keyed('shared'));
    const another = await demo.post('orders', `/orders/${two.body.id}/cancel`, {}, keyed('shared'));
    expect([one.status, cancelled.status, another.status]).toEqual([201, 200, 422]);
  });

  it('keeps a refusal, even when the reason is gone', async () => {
    const stock = (await demo.get('inventory', '/stock/14')).body.available;
    const takeAll = { items: [{ productId: '14', quantity: stock }] };
    const held = await demo.post('inventory', '/reservations', takeAll, machine);
    const refused = await demo.post('inventory', '/reservations', takeAll, keyed('refused'));
    await demo.post('inventory', `/reservations/${held.body.id}/release`, {}, machine);
    const again = await demo.post('inventory', '/reservations', takeAll, keyed('refused'));
    expect([refused.status, again.status]).toEqual([409, 409]);
    expect(again.body).toEqual(refused.body);
    expect(again.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect((await demo.post('inventory', '/reservations', takeAll, keyed('anew'))).status).toBe(201);
  });

  it('keeps of a refused write nothing but the refusal', async () => {
    const before = (await demo.get('inventory', '/stock/8')).body.available;
    const items = [
      { productId: '8', quantity: 1 },
      { productId: '13', quantity: 1 },
    ];
    for (let time = 0; time < 2; time++) {
      expect((await demo.post('inventory', '/reservations', { items }, keyed('half'))).status).toBe(409);
    }
    expect((await demo.get('inventory', '/stock/8')).body.available).toBe(before);
    expect(await effectsOf('inventory', 'half')).toEqual([]);
  });

  it('keeps no answer of 500 or more: a repeat acts', async () => {
    const flaky = { ...charge, paymentToken: 'tok_flaky' };
    const answers = [];
    for (let time = 0; time < 4; time++) {
      answers.push(await demo.post('payments', '/charges', flaky, keyed('flaky')));
    }
    expect(answers.map(({ status }) => status)).toEqual([503, 503, 201, 201]);
    expect(answers[0]?.headers.get('retry-after')).toBe('0');
    expect(answers[3]?.body).toEqual(answers[2]?.body);
    expect(await effectsOf('payments', 'flaky')).toHaveLength(1);
  });

  it('keeps no answer to a request that was not understood or not allowed', async () => {
    expect((await demo.post('payments', '/charges', { ...charge, amount: -1 }, keyed('typo'))).status).toBe(
      400,
    );
    const foreign = { ...keyed('typo'), authorization: 'Bearer nonsense' };
    expect((await demo.post('payments', '/charges', charge, foreign)).status).toBe(401);
    expect((await demo.post('payments', '/charges', charge, keyed('typo'))).status).toBe(201);
  });

  it('outlives a restart, and so does the count of a flaky card', async () => {
    const flaky = { ...charge, paymentToken: 'tok_flaky' };
    const first = await demo.post('payments', '/charges', charge, keyed('restart'));
    await demo.post('payments', '/charges', flaky, keyed('flaky restart'));
    await demo.restart();
    const second = await demo.post('payments', '/charges', charge, keyed('restart'));
    expect(second.body).toEqual(first.body);
    expect(second.headers.get('idempotency-replayed')).toBe('true');
    expect(await effectsOf('payments', 'restart')).toHaveLength(1);
    const statuses = [];
    for (let time = 0; time < 2; time++) {
      statuses.push((await demo.post('payments', '/charges', flaky, keyed('flaky restart'))).status);
    }
    expect(statuses).toEqual([503, 201]);
  });

  it.each([
    ['empty', ''],
    ['of 256 characters', 'k'.repeat(256)],
    ['not printable', 'a\tb'],
  ])('that is %s is refused', async (_, key) => {
    const answer = await demo.post('payments', '/charges', charge, keyed(key));
    expect(answer.status).toBe(400);
  });

  it('finds again what it made, a declined payment too, and nothing of others', async () => {
    const declined = await demo.post(
      'payments',
      '/charges',
      { ...charge, paymentToken: 'tok_declined' },
      keyed('made'),
    );
    const made = await demo.get('payments', '/charges?idempotencyKey=made', machine);
    expect(made.headers.get('cache-control')).toBe('no-store');
    expect(made.body.items).toMatchObject([{ id: declined.body.paymentId, status: 'DECLINED' }]);
    const forGrace = { ...machine, 'x-on-behalf-of': '2' };
    expect((await demo.get('payments', '/charges?idempotencyKey=made', forGrace)).body.items).toEqual([]);
    expect((await demo.get('payments', '/charges?idempotencyKey=unused', machine)).body.items).toEqual([]);
    expect((await demo.get('payments', '/refunds?idempotencyKey=made', machine)).body.items).toEqual([]);
    const ada = await demo.person('ada');
    expect((await demo.get('payments', '/charges?idempotencyKey=made', ada)).status).toBe(403);
  });
});
