import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { WorkflowState } from '../../src/workflows/state.ts';
import { type OpenDemo, openDemo } from '../demo/open-demo.ts';
import { eventually } from './eventually.ts';
import { openShop } from './shop.ts';
import { startTestDatabase, type TestDatabase } from './test-database.ts';
import { viewer } from './toy.ts';

let database: TestDatabase;
let demo: OpenDemo;
let shop: ReturnType<typeof openShop>;

beforeAll(async () => {
  database = await startTestDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());
beforeEach(async () => {
  demo = await openDemo();
  shop = openShop({ urls: demo.urls, url: await database.fresh(), sagas: { remindMs: 400 } });
  await shop.workflows.ready;
});
afterEach(async () => {
  await shop[Symbol.asyncDispose]();
  await demo[Symbol.asyncDispose]();
});

const kindsOf = async (...backends: string[]) => {
  const ledgers = await Promise.all(backends.map((backend) => demo.ledger(backend)));
  return ledgers.flat().map(({ kind }) => kind);
};
const stepsOf = (workflow: WorkflowState) =>
  workflow.steps.map(({ name, status, attempts }) => `${name} ${status} ${attempts}`);
const stockOf = async (productId: string): Promise<number> =>
  (await demo.get('inventory', `/stock/${productId}`)).body.available;
/** A product, from the cheap or the dear end, of which there is a lot. */
const plenty = async (sort: 'PRICE_ASC' | 'PRICE_DESC' = 'PRICE_ASC') => {
  const { body } = await demo.get('products', `/products?sort=${sort}&limit=100`);
  for (const { id, price } of body.items) if ((await stockOf(id)) > 1000) return { id, price: price.amount };
  throw new Error('there is no such product');
};

describe('placeOrder', () => {
  test('reserves, orders, charges and confirms, and then tells the customer and the warehouse', async () => {
    const { id, price } = await plenty();
    const before = await stockOf(id);
    const workflow = await shop.run('placeOrder', {
      items: [{ productId: id, quantity: 2 }],
      paymentToken: 'tok_ok',
    });
    expect(workflow).toMatchObject({ status: 'SUCCEEDED', subject: { type: 'Order' }, problems: [] });
    expect(workflow.result).toMatchObject({ status: 'CONFIRMED', userId: '1', total: { amount: 2 * price } });
    expect(stepsOf(workflow)).toEqual([
      'priceItems SUCCEEDED 1',
      'reserveStock SUCCEEDED 1',
      'createOrder SUCCEEDED 1',
      'approve SKIPPED 0',
      'charge SUCCEEDED 1',
      'confirmReservation SUCCEEDED 1',
      'confirmOrder SUCCEEDED 1',
    ]);
    expect(await stockOf(id)).toBe(before - 2);
    expect(await kindsOf('inventory', 'orders', 'payments')).toEqual([
      'reservation.held',
      'reservation.confirmed',
      'order.created',
      'order.confirmed',
      'charge.captured',
    ]);
    await eventually(async () => {
      const told = await demo.ledger('notifications');
      expect(told.map(({ subject }) => subject).sort()).toEqual(['users/1', 'users/warehouse']);
    });
  });

  test('tries a flaky payment three times', async () => {
    const { id } = await plenty();
    const workflow = await shop.run('placeOrder', {
      items: [{ productId: id, quantity: 1 }],
      paymentToken: 'tok_flaky',
    });
    expect(workflow.status).toBe('SUCCEEDED');
    expect(stepsOf(workflow)).toContain('charge SUCCEEDED 3');
    expect(await kindsOf('payments')).toEqual(['charge.captured']);
  });

  test('undoes order and reservation when the payment is declined', async () => {
    const { id } = await plenty();
    const before = await stockOf(id);
    const workflow = await shop.run('placeOrder', {
      items: [{ productId: id, quantity: 3 }],
      paymentToken: 'tok_declined',
    });
    expect(workflow).toMatchObject({
      status: 'COMPENSATED',
      result: null,
      problems: [{ type: 'PaymentDeclined', code: 'PAYMENT_DECLINED', reason: 'card-declined' }],
    });
    expect(stepsOf(workflow)).toEqual([
      'priceItems SUCCEEDED 1',
      'reserveStock COMPENSATED 1',
      'createOrder COMPENSATED 1',
      'approve SKIPPED 0',
      'charge FAILED 1',
      'confirmReservation SKIPPED 0',
      'confirmOrder SKIPPED 0',
    ]);
    expect(await stockOf(id)).toBe(before);
    expect(await kindsOf('orders', 'payments')).toEqual([
      'order.created',
      'order.cancelled',
      'charge.declined',
    ]);
  });

  test('undoes the reservation when the order cannot be made after its retries', async () => {
    const { id } = await plenty();
    const before = await stockOf(id);
    await demo.setFaults('orders', { status: 503 });
    const workflow = await shop.run('placeOrder', {
      items: [{ productId: id, quantity: 1 }],
      paymentToken: 'tok_ok',
    });
    expect(workflow).toMatchObject({
      status: 'COMPENSATED',
      problems: [{ type: 'StepFailed', step: 'createOrder' }],
    });
    expect(stepsOf(workflow)[2]).toBe('createOrder FAILED 3');
    expect(await stockOf(id)).toBe(before);
    expect(await kindsOf('orders', 'payments')).toEqual([]);
  });

  test('goes on with an order whose answer was lost', async () => {
    const { id } = await plenty();
    await demo.setFaults('orders', { mode: 'after-acting' });
    setTimeout(() => demo.clearFaults('orders'), 300);
    const workflow = await shop.run('placeOrder', {
      items: [{ productId: id, quantity: 1 }],
      paymentToken: 'tok_ok',
    });
    const kinds = await kindsOf('orders');
    expect(kinds.filter((kind) => kind === 'order.created')).toHaveLength(1);
    expect(kinds.at(-1)).toBe(workflow.status === 'SUCCEEDED' ? 'order.confirmed' : 'order.cancelled');
  });

  test('says what is out of stock, and what is not sold, with nothing done', async () => {
    const { id } = await plenty();
    const short = await shop.run('placeOrder', {
      items: [{ productId: id, quantity: 900_000 }],
      paymentToken: 'tok_ok',
    });
    expect(short).toMatchObject({
      status: 'FAILED',
      problems: [{ type: 'OutOfStock', productId: id, path: ['items', '0', 'productId'] }],
    });
    const unknown = await shop.run('placeOrder', {
      items: [{ productId: 'none', quantity: 1 }],
      paymentToken: 'tok_ok',
    });
    expect(unknown).toMatchObject({ status: 'FAILED', problems: [{ type: 'NotFound' }] });
    expect(await kindsOf('inventory', 'orders', 'payments')).toEqual([]);
  });

  test('waits for an administrator above 5,000 EUR, and charges only then', async () => {
    const { id, price } = await plenty('PRICE_DESC');
    const quantity = Math.ceil(500_001 / price);
    const workflow = await shop.run('placeOrder', {
      items: [{ productId: id, quantity }],
      paymentToken: 'tok_ok',
    });
    expect(workflow).toMatchObject({ status: 'WAITING', result: { status: 'PENDING' } });
    expect(await kindsOf('payments')).toEqual([]);
    const { workflow: decided } = await shop.workflows.decide(viewer('3', 'admin'), workflow.id, true, null);
    expect(decided?.status).not.toBe('WAITING');
    const ended = await shop.workflows.wait(workflow.id, AbortSignal.timeout(5000));
    expect(ended).toMatchObject({ status: 'SUCCEEDED', result: { status: 'CONFIRMED' } });
    expect(await kindsOf('payments')).toEqual(['charge.captured']);
  });
});

describe('fulfilOrder', () => {
  test('follows the warehouse, reminds it when it is silent, and ends with the delivery', async () => {
    const { id } = await plenty();
    const { subject } = await shop.run('placeOrder', {
      items: [{ productId: id, quantity: 1 }],
      paymentToken: 'tok_ok',
    });
    const followed = `fulfil-${subject?.id}`;
    const root = viewer('3', 'admin');
    await eventually(async () => {
      expect((await shop.workflows.byId(root, followed))?.waitingFor).toBe('the warehouse to ship the order');
      const templates = (await demo.ledger('notifications')).filter(
        (row) => row.subject === 'users/warehouse',
      );
      expect(templates.length).toBeGreaterThan(2);
    });
    expect(await shop.workflows.signal(followed, 'fulfilment', 'shipped', 'event-1')).toBe(true);
    await eventually(async () => expect(await kindsOf('orders')).toContain('order.shipped'));
    await shop.workflows.signal(followed, 'fulfilment', 'shipped', 'event-1');
    await shop.workflows.signal(followed, 'fulfilment', 'delivered', 'event-2');
    const ended = await shop.workflows.wait(followed, AbortSignal.timeout(5000));
    expect(ended?.status).toBe('SUCCEEDED');
    expect((await kindsOf('orders')).slice(-2)).toEqual(['order.shipped', 'order.delivered']);
    expect(await shop.workflows.signal(followed, 'fulfilment', 'delivered', 'event-3')).toBe(false);
    expect(await shop.workflows.signal('fulfil-none', 'fulfilment', 'shipped', 'event-4')).toBe(false);
  });
});

describe('cancelOrder', () => {
  test('cancels, refunds and restocks, and stops the fulfilment', async () => {
    const { id } = await plenty();
    const before = await stockOf(id);
    const { subject } = await shop.run('placeOrder', {
      items: [{ productId: id, quantity: 1 }],
      paymentToken: 'tok_ok',
    });
    const orderId = subject?.id ?? '';
    await eventually(async () =>
      expect((await shop.workflows.byId(viewer('1'), `fulfil-${orderId}`))?.status).toBe('WAITING'),
    );
    const workflow = await shop.run('cancelOrder', { orderId, ownerId: '1' });
    expect(workflow).toMatchObject({ status: 'SUCCEEDED', result: { status: 'CANCELLED' } });
    expect(await stockOf(id)).toBe(before);
    expect(await kindsOf('payments')).toEqual(['charge.captured', 'refund.created']);
    const followed = await shop.workflows.wait(`fulfil-${orderId}`, AbortSignal.timeout(5000));
    expect(followed?.status).toBe('CANCELLED');

    const again = await shop.run('cancelOrder', { orderId, ownerId: '1' });
    expect(again).toMatchObject({ status: 'FAILED', problems: [{ type: 'NotCancellable' }] });
    expect(await kindsOf('payments')).toEqual(['charge.captured', 'refund.created']);
  });

  test('refuses an order that is on its way, with nothing done', async () => {
    const { id } = await plenty();
    const { subject } = await shop.run('placeOrder', {
      items: [{ productId: id, quantity: 1 }],
      paymentToken: 'tok_ok',
    });
    const orderId = subject?.id ?? '';
    await eventually(async () =>
      expect(await shop.workflows.signal(`fulfil-${orderId}`, 'fulfilment', 'shipped', 'e')).toBe(true),
    );
    await eventually(async () => expect(await kindsOf('orders')).toContain('order.shipped'));
    const workflow = await shop.run('cancelOrder', { orderId, ownerId: '1' });
    expect(workflow).toMatchObject({ status: 'FAILED', problems: [{ type: 'NotCancellable' }] });
    expect(await kindsOf('payments')).toEqual(['charge.captured']);
  });
});

describe('bookFlight', () => {
  const offerFor = async (passengers = 1) => {
    const day = new Date(Date.now() + 3 * 24 * 3600 * 1000).toISOString().slice(0, 10);
    const flights = await demo.get('flights', `/flights?origin=LHR&destination=JFK&date=${day}`);
    const flightId: string = flights.body.items[0].id;
    const { body } = await demo.get('pricing', `/offers/${flightId}?passengers=${passengers}`);
    return { flightId, offerToken: String(body.token), price: body.price };
  };
  const passengers = [{ name: 'Ada Lovelace' }];

  test('holds, charges and confirms at the price of the offer', async () => {
    const { price, ...offer } = await offerFor();
    const workflow = await shop.run('bookFlight', { ...offer, passengers, paymentToken: 'tok_ok' });
    expect(workflow).toMatchObject({
      status: 'SUCCEEDED',
      subject: { type: 'Booking' },
      result: { status: 'CONFIRMED', total: price },
    });
    expect(await kindsOf('bookings', 'payments')).toEqual([
      'booking.held',
      'booking.confirmed',
      'charge.captured',
    ]);

    const cancelled = await shop.run('cancelBooking', {
      bookingId: workflow.subject?.id ?? '',
      ownerId: '1',
    });
    expect(cancelled).toMatchObject({ status: 'SUCCEEDED', result: { status: 'CANCELLED' } });
    expect(await kindsOf('payments')).toEqual(['charge.captured', 'refund.created']);
  });

  test('gives the seats back when the payment is declined', async () => {
    const { price: _price, ...offer } = await offerFor();
    const workflow = await shop.run('bookFlight', { ...offer, passengers, paymentToken: 'tok_declined' });
    expect(workflow).toMatchObject({ status: 'COMPENSATED', problems: [{ type: 'PaymentDeclined' }] });
    expect(await kindsOf('bookings')).toEqual(['booking.held', 'booking.cancelled']);
  });

  test('believes no offer that is forged, changed, or for something else', async () => {
    const { price: _price, flightId, offerToken } = await offerFor();
    const book = (input: { flightId?: string; offerToken?: string; seats?: number }) =>
      shop.run('bookFlight', {
        flightId: input.flightId ?? flightId,
        offerToken: input.offerToken ?? offerToken,
        passengers: Array.from({ length: input.seats ?? 1 }, () => ({ name: 'Ada' })),
        paymentToken: 'tok_ok',
      });
    const [head, claims, signature] = offerToken.split('.');
    const cheaper = JSON.parse(Buffer.from(claims ?? '', 'base64url').toString());
    const changed = Buffer.from(JSON.stringify({ ...cheaper, amount: 1 })).toString('base64url');
    expect(await book({ offerToken: `${head}.${changed}.${signature}` })).toMatchObject({
      status: 'FAILED',
      problems: [{ type: 'InvalidInput', path: ['offerToken'] }],
    });
    expect(await book({ offerToken: 'nonsense' })).toMatchObject({ problems: [{ type: 'InvalidInput' }] });
    expect(await book({ flightId: 'WR999-20261125' })).toMatchObject({
      problems: [{ type: 'OfferExpired' }],
    });
    expect(await book({ seats: 2 })).toMatchObject({ problems: [{ type: 'OfferExpired', passengers: 2 }] });
    expect(await kindsOf('bookings', 'payments')).toEqual([]);
  });
});
