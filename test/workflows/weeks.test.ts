import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type OpenDemo, openDemo } from '../demo/open-demo.ts';
import { createCustomer } from './crash/customer.ts';
import { plentiful } from './crash/scenarios.ts';
import { eventually } from './eventually.ts';
import { openShop } from './shop.ts';
import { ask, startTestDatabase, type TestDatabase } from './test-database.ts';
import { startToys, viewer } from './toy.ts';

const dayMs = 24 * 3600 * 1000;
const root = viewer('3', 'admin');
let database: TestDatabase;
let demo: OpenDemo;
let url: string;
let productId: string;

beforeAll(async () => {
  database = await startTestDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());
beforeEach(async () => {
  demo = await openDemo();
  url = await database.fresh();
  productId = await plentiful(demo.urls);
});
afterEach(() => demo[Symbol.asyncDispose]());

/** A process with the sagas as they are in production. */
const open = async () => {
  const shop = openShop({ urls: demo.urls, url, options: { sweepMs: 100, graceMs: 0 } });
  await shop.workflows.ready;
  return shop;
};
const kindsOf = async (backend: string) => (await demo.ledger(backend)).map(({ kind }) => kind);
const toWarehouse = async () =>
  (await demo.ledger('notifications')).filter(({ subject }) => subject === 'users/warehouse').length;

/** How long the workflow's newest wait is to last from now on, in days, and the way to have it last no longer. */
const timerOf = async (id: string) => {
  const [row] = (await ask(
    url,
    `select function_id, output from dbos.operation_outputs
     where workflow_uuid = $1 and function_name = 'DBOS.sleep' order by function_id desc limit 1`,
    [id],
  )) as { function_id: number; output: string }[];
  const until = /\d{13}/.exec(row?.output ?? '')?.[0] ?? '';
  return {
    days: (Number(until) - Date.now()) / dayMs,
    runOut: () =>
      ask(
        url,
        'update dbos.operation_outputs set output = replace(output, $3, $4) where workflow_uuid = $1 and function_id = $2',
        [id, row?.function_id, until, String(Date.now())],
      ),
  };
};

describe('a wait of days', { timeout: 60_000 }, () => {
  test('for a decision ends after seven, in whatever process, and the order is undone by itself', async () => {
    const { body } = await demo.get('products', '/products?sort=PRICE_DESC&limit=1');
    const dear = { id: body.items[0].id, price: body.items[0].price.amount };
    const stock = async () => (await demo.get('inventory', `/stock/${dear.id}`)).body.available;
    const before = await stock();
    let id = '';
    {
      await using shop = await open();
      const quantity = Math.ceil(500_001 / dear.price);
      const workflow = await shop.run('placeOrder', {
        items: [{ productId: dear.id, quantity }],
        paymentToken: 'tok_ok',
      });
      expect(workflow.status).toBe('WAITING');
      id = workflow.id;
    }
    const timer = await timerOf(id);
    expect(timer.days).toBeGreaterThan(6.99);
    expect(timer.days).toBeLessThan(7.01);
    await timer.runOut();
    await using later = await open();
    const ended = await later.workflows.wait(id, AbortSignal.timeout(20_000));
    expect(ended).toMatchObject({ status: 'CANCELLED', problems: [{ code: 'NOT_DECIDED' }] });
    expect(await kindsOf('orders')).toEqual(['order.created', 'order.cancelled']);
    expect(await kindsOf('payments')).toEqual([]);
    expect(await stock()).toBe(before);
    await eventually(async () => expect(await kindsOf('notifications')).toEqual(['message.sent']));
  });

  test('for the warehouse is followed by a reminder each three, past restarts, until it says something', async () => {
    const customer = await createCustomer(demo.urls);
    const orderId = await customer.buy(productId);
    let id = '';
    {
      await using shop = await open();
      const scope = { scope: 'viewer:1', key: 'follow', startedBy: '1', waitUntil: null };
      id = (await shop.workflows.start('fulfilOrder', { orderId }, scope)).workflow?.id ?? '';
      await eventually(async () => expect((await shop.workflows.byId(root, id))?.status).toBe('WAITING'));
    }
    for (const messages of [1, 2, 3]) {
      expect(await toWarehouse()).toBe(messages);
      const timer = await timerOf(id);
      expect(timer.days).toBeGreaterThan(2.99);
      expect(timer.days).toBeLessThan(3.01);
      await timer.runOut();
      await using shop = await open();
      await eventually(async () => expect((await timerOf(id)).days).toBeGreaterThan(2.99));
      await eventually(async () => expect((await shop.workflows.byId(root, id))?.status).toBe('WAITING'));
    }
    await using shop = await open();
    // Out of turn: what was said before it was waited for counts as well.
    await shop.workflows.signal(id, 'fulfilment', 'delivered', 'a');
    await shop.workflows.signal(id, 'fulfilment', 'shipped', 'b');
    const ended = await shop.workflows.wait(id, AbortSignal.timeout(20_000));
    expect(ended?.status).toBe('SUCCEEDED');
    expect((await kindsOf('orders')).slice(-2)).toEqual(['order.shipped', 'order.delivered']);
    // As the gateway, for whoever ordered: there is no viewer's token any more, and there never was one in the run.
    const ship = (await demo.calls('orders')).find(({ path }) => path.endsWith('/ship'));
    expect(ship?.headers['x-on-behalf-of']).toBe('1');
    expect(ship?.status).toBe(200);
  });
});

describe('an order that is cancelled while it is followed', { timeout: 60_000 }, () => {
  test('is not handed over where its cancellation came first', async () => {
    const orderId = await (await createCustomer(demo.urls)).buy(productId);
    await using shop = await open();
    expect((await shop.run('cancelOrder', { orderId, ownerId: '1' }))?.status).toBe('SUCCEEDED');
    expect(await shop.run('fulfilOrder', { orderId })).toMatchObject({
      status: 'CANCELLED',
      problems: [{ code: 'ORDER_CANCELLED' }],
    });
    expect(await toWarehouse()).toBe(0);
  });

  test('ends its workflow where the warehouse shipped it at the same moment', async () => {
    const orderId = await (await createCustomer(demo.urls)).buy(productId);
    await using shop = await open();
    const scope = { scope: 'viewer:1', key: 'crossing', startedBy: '1', waitUntil: null };
    const { workflow } = await shop.workflows.start('fulfilOrder', { orderId }, scope);
    const id = workflow?.id ?? '';
    await eventually(async () => expect((await shop.workflows.byId(root, id))?.status).toBe('WAITING'));
    const cancelled = await demo.post(
      'orders',
      `/orders/${orderId}/cancel`,
      {},
      {
        ...(await demo.machine('1')),
        'idempotency-key': 'cancelled behind its back',
      },
    );
    expect(cancelled.status).toBe(200);
    await shop.workflows.signal(id, 'fulfilment', 'shipped', 'a');
    expect(await shop.workflows.wait(id, AbortSignal.timeout(10_000))).toMatchObject({
      status: 'FAILED',
      problems: [{ code: 'ORDER_CANCELLED', step: 'ship' }],
    });
  });
});

describe('what has ended', { timeout: 60_000 }, () => {
  test('is kept for thirty days and then removed, page after page, and nothing else is', async () => {
    let waiting = '';
    let recent = '';
    {
      await using toys = startToys(url);
      await toys.workflows.ready;
      const old = (await toys.start({ word: 'old', secret: '' })).workflow?.id ?? '';
      recent = (await toys.start({ word: 'recent', secret: '' })).workflow?.id ?? '';
      waiting = (await toys.start({ word: 'big', secret: '' })).workflow?.id ?? '';
      await eventually(async () =>
        expect((await toys.workflows.byId(root, `${recent}-tell`))?.status).toBe('SUCCEEDED'),
      );
      await eventually(async () =>
        expect((await toys.workflows.byId(root, `${old}-tell`))?.status).toBe('SUCCEEDED'),
      );
      await copies(old, 1200);
      await age(`id like '${old}%'`, 31);
      await age(`id like '${recent}%'`, 29);
      await age(`id = '${waiting}'`, 40);
    }
    await using toys = startToys(url, { sweepMs: 100 });
    await toys.workflows.ready;
    const left = async (sql: string) => ((await ask(url, sql)) as { id: string }[]).map(({ id }) => id);
    const kept = [recent, `${recent}-tell`, waiting].sort();
    await eventually(async () =>
      expect(await left('select id from weir.workflows order by id collate "C"')).toEqual(kept),
    );
    for (const [table, column] of [
      ['workflow_status', 'workflow_uuid'],
      ['operation_outputs', 'workflow_uuid'],
    ]) {
      const sql = `select distinct ${column} as id from dbos.${table}`;
      await eventually(async () => expect((await left(sql)).sort(), table).toEqual(kept));
    }
    await toys.workflows.decide(root, waiting, true, null);
    expect((await toys.workflows.wait(waiting, AbortSignal.timeout(10_000)))?.status).toBe('SUCCEEDED');
  });

  /** More of what has ended, as its rows are. */
  const copies = async (id: string, count: number): Promise<void> => {
    for (const [table, column] of [
      ['weir.workflows', 'id'],
      ['dbos.workflow_status', 'workflow_uuid'],
    ]) {
      await ask(
        url,
        `insert into ${table} select (jsonb_populate_record(w, jsonb_build_object($2::text, $1 || '-' || n))).*
         from ${table} w, generate_series(1, $3) n where ${column} = $1`,
        [id, column, count],
      );
    }
  };
  /** Makes workflows so many days older. */
  const age = async (which: string, days: number): Promise<void> => {
    await ask(
      url,
      `update weir.workflows set started_at = started_at - $1 * interval '1 day', finished_at = finished_at - $1 * interval '1 day' where ${which}`,
      [days],
    );
    await ask(
      url,
      `update dbos.workflow_status set created_at = created_at - $1::bigint, updated_at = updated_at - $1::bigint,
         completed_at = completed_at - $1::bigint where ${which.replace(/\bid\b/, 'workflow_uuid')}`,
      [days * dayMs],
    );
  };
});
