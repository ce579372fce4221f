import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startGateway } from '../gateway-process.ts';
import { startWeir, type Weir } from '../start-weir.ts';
import { eventually } from './eventually.ts';
import { startTestDatabase, type TestDatabase } from './test-database.ts';

let database: TestDatabase;
let weir: Weir;
let ada: string;
let root: string;
/** A product that there is a lot of, and so many of it that an administrator has to say yes. */
let product: { readonly id: string; readonly quantity: number };

beforeAll(async () => {
  database = await startTestDatabase();
  weir = await startWeir({ DATABASE_URL: await database.fresh() }, { durable: true });
  ada = await weir.signIn();
  root = await weir.signIn('root@example.com');
  const { data } = await weir.ask(
    '{ products(first: 100, sort: PRICE_DESC) { nodes { id price { amount } stock { available } } } }',
  );
  const { id, price } = data.products.nodes.find(
    (node: { stock: { available: number } | null }) => (node.stock?.available ?? 0) > 1000,
  );
  product = { id, quantity: Math.ceil(5001 / Number(price.amount)) };
}, 60_000);
afterAll(async () => {
  await weir[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

type Door = Pick<Weir, 'ask'>;
const state = 'id status problems { code message } steps { name status }';

let keys = 0;
const newKey = (): string => {
  keys += 1;
  return `cancel-waiting-${keys}`;
};

/** Ada orders for more than she may without a yes. */
async function orderDear(door: Door): Promise<{ readonly orderId: string; readonly workflowId: string }> {
  const { data } = await door.ask(
    `mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) { order { id status } workflow { id status } } }`,
    {
      token: ada,
      variables: {
        input: {
          items: [{ productId: product.id, quantity: product.quantity }],
          paymentToken: 'tok_ok',
          idempotencyKey: newKey(),
        },
      },
    },
  );
  expect(data.placeOrder).toMatchObject({ order: { status: 'PENDING' }, workflow: { status: 'WAITING' } });
  return { orderId: data.placeOrder.order.id, workflowId: data.placeOrder.workflow.id };
}

const cancel = async (door: Door, orderId: string, token: string, idempotencyKey = newKey()) => {
  const { data } = await door.ask(
    `mutation ($input: CancelOrderInput!) { cancelOrder(input: $input) { order { status } workflow { ${state} } problems { code } } }`,
    { token, variables: { input: { orderId, idempotencyKey } } },
  );
  return data?.cancelOrder;
};
const sayYes = async (door: Door, workflowId: string) => {
  const { data } = await door.ask(
    `mutation ($input: DecideInput!) { decide(input: $input) { workflow { ${state} } problems { __typename } } }`,
    { token: root, variables: { input: { workflowId, approve: true } } },
  );
  return data.decide;
};
const workflowOf = async (door: Door, id: string) => {
  const query = `query ($id: ID!) { workflow(id: $id) { ${state} } }`;
  return (await door.ask(query, { token: ada, variables: { id } })).data.workflow;
};

interface Entry {
  readonly kind: string;
  readonly id: string;
  readonly subject: string;
}
const ledger = async (backend: string): Promise<readonly Entry[]> =>
  (await fetch(`${weir.backends[backend]}/_demo/ledger`)).json() as Promise<readonly Entry[]>;
const kindsOf = async (backend: string, since: number): Promise<readonly string[]> =>
  (await ledger(backend)).slice(since).map(({ kind }) => kind);
const available = async (): Promise<number> => {
  const query = 'query ($id: ID!) { product(id: $id) { stock { available } } }';
  return (await weir.ask(query, { variables: { id: product.id } })).data.product.stock.available;
};

/** What the backends have written so far. */
const mark = async () => {
  const [payments, inventory, orders, notifications] = await Promise.all(
    ['payments', 'inventory', 'orders', 'notifications'].map(async (one) => (await ledger(one)).length),
  );
  return { payments, inventory, orders, notifications, available: await available() } as Record<
    'payments' | 'inventory' | 'orders' | 'notifications' | 'available',
    number
  >;
};

/** Nothing was paid, and everything is where it was. */
const nothingBought = async (before: Awaited<ReturnType<typeof mark>>): Promise<void> => {
  expect(await kindsOf('payments', before.payments)).toEqual([]);
  expect(await kindsOf('inventory', before.inventory)).toEqual(['reservation.held', 'reservation.released']);
  expect(await kindsOf('orders', before.orders)).toEqual(['order.created', 'order.cancelled']);
  expect(await available()).toBe(before.available);
};

const calledOff = {
  status: 'CANCELLED',
  problems: [{ code: 'ORDER_CANCELLED', message: 'The order was cancelled.' }],
};

describe('an order that waits for an administrator and is cancelled', { timeout: 60_000 }, () => {
  test.each([
    ['its customer', () => ada],
    ['an administrator', () => root],
  ])('by %s ends its placement; a later yes finds nothing to approve', async (_by, token) => {
    const before = await mark();
    const { orderId, workflowId } = await orderDear(weir);
    expect(await cancel(weir, orderId, token())).toMatchObject({
      order: { status: 'CANCELLED' },
      workflow: { status: 'SUCCEEDED' },
      problems: [],
    });
    await eventually(async () => expect(await workflowOf(weir, workflowId)).toMatchObject(calledOff));
    expect((await workflowOf(weir, workflowId)).steps).toMatchObject([
      { name: 'priceItems', status: 'SUCCEEDED' },
      { name: 'reserveStock', status: 'COMPENSATED' },
      { name: 'createOrder', status: 'COMPENSATED' },
      { name: 'approve', status: 'FAILED' },
      { name: 'charge', status: 'SKIPPED' },
      { name: 'confirmReservation', status: 'SKIPPED' },
      { name: 'confirmOrder', status: 'SKIPPED' },
    ]);
    expect(await sayYes(weir, workflowId)).toMatchObject({
      workflow: calledOff,
      problems: [{ __typename: 'InvalidInput' }],
    });
    await nothingBought(before);
    // Told once, by whoever cancelled it.
    await eventually(async () =>
      expect(await kindsOf('notifications', before.notifications)).toEqual(['message.sent']),
    );
  });

  test('behind the back of its placement is not charged by a later yes', async () => {
    const before = await mark();
    const { orderId, workflowId } = await orderDear(weir);
    // The word that it was cancelled does not come: here it was never sent.
    const machine = await fetch(`${weir.backends.users}/tokens`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ clientId: 'weir-gateway', clientSecret: 'weir-demo-secret' }),
    });
    const { accessToken } = (await machine.json()) as { accessToken: string };
    const cancelled = await fetch(`${weir.backends.orders}/orders/${orderId.split(':')[1]}/cancel`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${accessToken}`,
        'x-on-behalf-of': '1',
        'idempotency-key': newKey(),
      },
    });
    expect(cancelled.status).toBe(200);
    await sayYes(weir, workflowId);
    await eventually(async () => expect(await workflowOf(weir, workflowId)).toMatchObject(calledOff));
    await nothingBought(before);
  });

  test('at the very moment of the yes is paid for by nobody, whichever comes first', async () => {
    for (let round = 0; round < 8; round += 1) {
      const before = await mark();
      const { orderId, workflowId } = await orderDear(weir);
      const early = round % 2 === 0 ? sayYes(weir, workflowId) : cancel(weir, orderId, ada);
      await new Promise((resolve) => setTimeout(resolve, (round >> 1) * 8));
      await Promise.all([early, round % 2 === 0 ? cancel(weir, orderId, ada) : sayYes(weir, workflowId)]);
      await eventually(async () => {
        expect((await workflowOf(weir, workflowId)).status).toMatch(/^(SUCCEEDED|COMPENSATED|CANCELLED)$/);
        const paid = await kindsOf('payments', before.payments);
        expect(paid.filter((kind) => kind === 'charge.captured')).toHaveLength(
          paid.filter((kind) => kind === 'refund.created').length,
        );
        expect(await kindsOf('orders', before.orders)).toContain('order.cancelled');
        expect(await available()).toBe(before.available);
      });
    }
  });

  test('by a process that dies in the middle ends its placement all the same', async () => {
    const before = await mark();
    const settings = {
      DATABASE_URL: await database.fresh(),
      WORKFLOW_KEY: Buffer.alloc(32, 7).toString('base64'),
    };
    let placed: Awaited<ReturnType<typeof orderDear>>;
    {
      await using dying = await startGateway(weir.backends, settings);
      placed = await orderDear(dying);
      // It is cancelled, and comes no further: its placement has not heard of it.
      await weir.fault('inventory', { status: 503 });
      const asked = cancel(dying, placed.orderId, ada).catch(() => null);
      await eventually(async () =>
        expect(await kindsOf('orders', before.orders)).toContain('order.cancelled'),
      );
      await dying.end('SIGKILL');
      await asked;
    }
    await weir.fault('inventory', null);
    await using next = await startGateway(weir.backends, settings);
    await eventually(
      async () => expect(await workflowOf(next, placed.workflowId)).toMatchObject(calledOff),
      30_000,
    );
    await nothingBought(before);
  });
});
