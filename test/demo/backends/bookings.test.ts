import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  zBooking,
  zBookingList,
  zBookingPagesByUser,
} from '../../../src/datasources/bookings/wire/zod.gen.ts';
import { createDemoClient, type DemoClient, type Role } from '../demo-client.ts';

let client: DemoClient;

beforeAll(async () => {
  client = await createDemoClient();
});

afterAll(() => client?.[Symbol.asyncDispose]());

const zLedger = z.array(z.object({ kind: z.string(), id: z.string(), subject: z.string().nullable() }));
const flightIn = (days: number) =>
  `WR101-${new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10).replaceAll('-', '')}`;
const party = (size: number) =>
  Array.from({ length: size }, (_, seat) => ({ name: `Passenger ${seat + 1}` }));
const get = (role: Role, path: string) => client.call(role, 'bookings', path);
const post = (role: Role, path: string, body?: unknown, headers = {}) =>
  client.call(role, 'bookings', path, { method: 'POST', body, headers });
const hold = (role: Role, flightId: string, size: number, headers = {}) =>
  post(
    role,
    '/bookings',
    { userId: '1', flightId, passengers: party(size), total: { amount: 42_900 * size, currency: 'EUR' } },
    headers,
  );
const held = async (flightId: string, size = 1) =>
  zBooking.parse((await hold('machineForAda', flightId, size)).json());

describe('the bookings backend', () => {
  it('takes a booking from held to confirmed to cancelled, and says so in its ledger', async () => {
    const { id, status } = await held(flightIn(30), 2);
    expect(status).toBe('HELD');
    const confirmed = await post('machineForAda', `/bookings/${id}/confirm`, { paymentId: 'pay_1' });
    expect(zBooking.parse(confirmed.json())).toMatchObject({ status: 'CONFIRMED', paymentId: 'pay_1' });
    const again = await post('machineForAda', `/bookings/${id}/confirm`, { paymentId: 'pay_1' });
    expect(again.text).toBe(confirmed.text);
    const cancelled = await post('machineForAda', `/bookings/${id}/cancel`);
    expect(zBooking.parse(cancelled.json())).toMatchObject({ status: 'CANCELLED', paymentId: 'pay_1' });
    expect((await post('machineForAda', `/bookings/${id}/cancel`)).text).toBe(cancelled.text);
    const ledger = zLedger.parse((await get('nobody', '/_demo/ledger')).json());
    expect(ledger.filter((row) => row.id === id)).toEqual(
      ['held', 'confirmed', 'cancelled'].map((what) => ({ kind: `booking.${what}`, id, subject: 'users/1' })),
    );
  });

  it('confirms no booking that was cancelled', async () => {
    const { id } = await held(flightIn(30));
    await post('machine', `/bookings/${id}/cancel`);
    const answer = await post('machine', `/bookings/${id}/confirm`, { paymentId: 'pay_1' });
    expect(answer.json()).toMatchObject({ status: 409, current: 'CANCELLED' });
  });

  it('sells 180 seats and no more, however many want them at once, and sells those again that were given back', async () => {
    const flightId = flightIn(45);
    const answers = await Promise.all(Array.from({ length: 25 }, () => hold('machine', flightId, 9)));
    const sold = answers.filter(({ status }) => status === 201);
    expect(sold).toHaveLength(20);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(5);
    expect((await hold('machine', flightId, 1)).status).toBe(409);
    const [first] = sold;
    await post('machine', `/bookings/${zBooking.parse(first?.json()).id}/cancel`);
    expect((await hold('machine', flightId, 9)).status).toBe(201);
    expect((await hold('machine', flightId, 1)).status).toBe(409);
  });

  it('holds seats once for a key, however often it is repeated at once', async () => {
    const key = { 'idempotency-key': 'one booking' };
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => hold('machineForAda', flightIn(31), 1, key)),
    );
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    const { items } = zBookingList.parse(
      (await get('machineForAda', '/bookings?idempotencyKey=one%20booking')).json(),
    );
    expect(items).toEqual([zBooking.parse(answers[0]?.json())]);
  });

  it('gives each booking a reference of its own', async () => {
    const bookings = await Promise.all(Array.from({ length: 20 }, () => held(flightIn(32))));
    const references = new Set(bookings.map(({ reference }) => reference));
    expect(references.size).toBe(20);
    for (const reference of references) expect(reference).toMatch(/^[A-Z2-9]{6}$/);
  });

  it('shows a booking to who has it, to administrators and machines, and to nobody else', async () => {
    const { id } = await held(flightIn(33));
    const statusFor = async (role: Role) => (await get(role, `/bookings/${id}`)).status;
    const inBulkFor = async (role: Role) =>
      zBookingList.parse((await get(role, `/bookings?ids=${id}`)).json()).items.length;
    for (const role of ['ada', 'root', 'machine', 'machineForAda'] as const) {
      expect([await statusFor(role), await inBulkFor(role)], role).toEqual([200, 1]);
    }
    expect([await statusFor('grace'), await inBulkFor('grace')]).toEqual([404, 0]);
    expect(await statusFor('nobody')).toBe(401);
    const foreign = await client.call('machine', 'bookings', `/bookings/${id}/cancel`, {
      method: 'POST',
      headers: { 'x-on-behalf-of': '2' },
    });
    expect(foreign.status).toBe(404);
  });

  it('books for nobody but whom the machine acts for', async () => {
    const { status } = await hold('machine', flightIn(34), 1, { 'x-on-behalf-of': '2' });
    expect(status).toBe(403);
  });

  it('answers a page for each user that may be seen, the newest first', async () => {
    const pages = async (role: Role, query: string) =>
      zBookingPagesByUser.parse((await get(role, `/bookings?${query}`)).json()).items;
    expect((await pages('ada', 'userIds=2,1')).map(({ userId }) => userId)).toEqual(['1']);
    const [graces, nobodys] = await pages('root', 'userIds=2,none&limit=2');
    expect(graces?.total).toBeGreaterThanOrEqual(3);
    expect(graces?.items).toHaveLength(2);
    expect(nobodys).toEqual({ userId: 'none', items: [], cursors: [], nextCursor: null, total: 0 });
    const [next] = await pages('grace', `userIds=2&limit=2&cursor=${graces?.nextCursor}`);
    const turned = [...(graces?.items ?? []), ...(next?.items ?? [])];
    const made = turned.map(({ createdAt }) => createdAt);
    expect(made).toEqual(made.toSorted().reverse());
    expect(new Set(turned.map(({ id }) => id)).size).toBe(4);
    const [cancelled] = await pages('grace', 'userIds=2&status=CANCELLED');
    expect(cancelled?.items.map(({ status }) => status)).toEqual(['CANCELLED']);
    expect((await get('root', `/bookings?userIds=1,2&cursor=${graces?.nextCursor}`)).status).toBe(400);
  });

  it('holds no seats on a flight that has left', async () => {
    expect((await hold('machine', flightIn(-2), 1)).status).toBe(404);
  });
});
