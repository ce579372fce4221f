import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type GatewayProcess, startGateway } from '../gateway-process.ts';
import { hasRedis, startRedis } from '../http/cache/redis-server.ts';
import { startWeir, type Weir } from '../start-weir.ts';
import { eventually } from './eventually.ts';
import { ask, startTestDatabase, type TestDatabase } from './test-database.ts';
import { startReceiver } from './webhook-receiver.ts';

let database: TestDatabase;
/** The backends; what it has of a gateway is only used to sign in. */
let weir: Weir;
let ada: string;
let root: string;
const gateways: GatewayProcess[] = [];

beforeAll(async () => {
  database = await startTestDatabase();
  weir = await startWeir();
  ada = await weir.signIn();
  root = await weir.signIn('root@example.com');
});
afterEach(async () => {
  await Promise.all(gateways.splice(0).map((gateway) => gateway.end('SIGKILL')));
  for (const backend of ['inventory', 'orders', 'payments', 'products']) await weir.fault(backend, null);
});
afterAll(async () => {
  await weir[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

const start = async (url: string, settings: Readonly<Record<string, string>> = {}) => {
  const gateway = await startGateway(weir.backends, {
    DATABASE_URL: url,
    WORKFLOW_KEY: Buffer.alloc(32, 7).toString('base64'),
    ...settings,
  });
  gateways.push(gateway);
  return gateway;
};
const startAll = (url: string, count: number, settings: Readonly<Record<string, string>> = {}) =>
  Promise.all(Array.from({ length: count }, () => start(url, settings)));
const startTwo = (
  url: string,
  one: Readonly<Record<string, string>>,
  other: Readonly<Record<string, string>>,
): Promise<[GatewayProcess, GatewayProcess]> => Promise.all([start(url, one), start(url, other)]);

const placeOrder = `mutation ($key: String!, $wait: Boolean!) {
  placeOrder(input: { items: [{ productId: "Product:1", quantity: 1 }], paymentToken: "tok_ok", idempotencyKey: $key, wait: $wait }) {
    order { id status } workflow { id status } problems { __typename }
  }
}`;
const watch = `subscription ($id: ID!) { workflow(id: $id) { status revision progress { done total } problems { message } } }`;
const chargesNow = async (): Promise<number> => {
  const ledger = await (await fetch(`${weir.backends.payments}/_demo/ledger`)).json();
  return (ledger as { kind: string }[]).filter(({ kind }) => kind === 'charge.captured').length;
};
/** The rows of imports that the products backend has stored, in order. */
const bulkNow = async (): Promise<readonly string[]> => {
  const ledger = (await (await fetch(`${weir.backends.products}/_demo/ledger`)).json()) as { id: string }[];
  return ledger.map((row) => row.id).filter((one) => one.startsWith('bulk-'));
};

describe('several gateways on one database', { timeout: 120_000 }, () => {
  test('start at once on an empty one, and fifty repeats of a key on all of them are one order', async () => {
    const all = await startAll(await database.fresh(), 4);
    const before = await chargesNow();
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        all[index % all.length]?.ask(placeOrder, { variables: { key: 'one', wait: true }, token: ada }),
      ),
    );
    const orders = answers.map((answer) => answer?.data?.placeOrder?.order);
    expect(orders).toEqual(orders.map(() => ({ id: orders[0]?.id, status: 'CONFIRMED' })));
    expect(await chargesNow()).toBe(before + 1);
  });

  /** Who is told hears of each change as it comes; who only looks, every few seconds, sees no more than these. */
  const manyAtOnce = 4;

  /** Starts an order on `there`, whose payment takes a while, and follows it on `here` to its end. */
  const follow = async (
    [there, here]: readonly [GatewayProcess, GatewayProcess],
    key: string,
    meanwhile: () => Promise<unknown>,
  ) => {
    for (const backend of ['inventory', 'orders']) await weir.fault(backend, { latencyMs: 300 });
    await weir.fault('payments', { latencyMs: 1500 });
    const { data } = await there.ask(placeOrder, { variables: { key, wait: false }, token: ada });
    const { id } = data.placeOrder.workflow;
    const seen: { status: string; revision: number }[] = [];
    const listening = (async () => {
      for await (const event of here.listen(watch, { variables: { id }, token: ada }))
        seen.push(event.workflow);
    })();
    await eventually(() => expect(seen.at(-1)?.status).toBe('RUNNING'));
    await Promise.all([listening, meanwhile()]);
    expect(seen.at(-1)?.status).toBe('SUCCEEDED');
    const revisions = seen.map(({ revision }) => revision);
    expect(revisions).toEqual([...new Set(revisions)].sort((a, b) => a - b));
    // Whoever comes late, or comes again, has the state first.
    const late: unknown[] = [];
    for await (const event of there.listen(watch, { variables: { id }, token: ada }))
      late.push(event.workflow);
    expect(late).toEqual([seen.at(-1)]);
    return seen;
  };

  test('show each other’s workflows over PostgreSQL, also past a lost connection', async () => {
    const url = await database.fresh();
    const [there, here] = await startTwo(url, {}, {});
    const seen = await follow([there, here], 'seen over PostgreSQL', async () => {
      await delay(500);
      // What is told while the connection is lost has to be heard as well.
      const cut =
        "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'weir changes'";
      for (let times = 0; times < 15; times += 1) {
        await ask(url, cut);
        await delay(200);
      }
    });
    expect(seen.length).toBeGreaterThan(1);
  });

  test.skipIf(!hasRedis())(
    'show each other’s workflows over Redis, also when it dies meanwhile',
    async () => {
      await using redis = await startRedis();
      const url = await database.fresh();
      const settings = { REDIS_URL: `redis://127.0.0.1:${redis.port}` };
      const [there, here] = await startTwo(url, settings, settings);
      const listening = "select 1 from pg_stat_activity where application_name = 'weir changes'";
      expect(await ask(url, listening)).toEqual([]);
      const usual = await follow([there, here], 'seen over Redis', async () => undefined);
      expect(usual.length).toBeGreaterThan(manyAtOnce);
      await follow([there, here], 'seen while Redis dies', () => redis.kill());
      await follow([there, here], 'seen while Redis comes back', async () => {
        await delay(700);
        await redis.start();
      });
    },
  );

  test.skipIf(!hasRedis())('hear of each other where only one has Redis, as in a deploy', async () => {
    await using redis = await startRedis();
    const url = await database.fresh();
    const settings = { REDIS_URL: `redis://127.0.0.1:${redis.port}` };
    const [changed, old] = await startTwo(url, settings, {});
    await follow([changed, old], 'started on the new one', async () => undefined);
    await follow([old, changed], 'started on the old one', async () => undefined);
  });

  test.each([
    ['over PostgreSQL', false],
    ['over Redis', true],
  ])(
    'share an import of 20,000 rows among workers, one of which dies; its progress is told %s',
    async (_title, shared) => {
      if (shared && !hasRedis()) return;
      await using redis = shared ? await startRedis() : null;
      const settings = redis ? { REDIS_URL: `redis://127.0.0.1:${redis.port}` } : {};
      const url = await database.fresh();
      const [gateway, first] = await Promise.all([
        start(url, { ...settings, ROLE: 'gateway' }),
        start(url, { ...settings, ROLE: 'worker' }),
        start(url, { ...settings, ROLE: 'worker' }),
      ]);
      const storedBefore = await bulkNow();
      const rows = Array.from(
        { length: 20_000 },
        (_, index) => `bulk-${index},Thing ${index},Things,${index % 500}.50`,
      );
      rows[17] = 'bulk-17,,Things,1.00';
      const upload = await fetch(`${gateway.url}/uploads`, {
        method: 'POST',
        headers: { 'content-type': 'text/csv', authorization: `Bearer ${root}` },
        body: ['id,name,category,price', ...rows].join('\n'),
      });
      expect(upload.status).toBe(201);
      await weir.fault('products', { latencyMs: 150 });
      const { data } = await gateway.ask(
        `mutation ($input: ImportProductsInput!) { importProducts(input: $input) { workflow { id } problems { message } } }`,
        {
          variables: { input: { ...((await upload.json()) as object), idempotencyKey: `bulk ${shared}` } },
          token: root,
        },
      );
      const { id } = data.importProducts.workflow;
      const seen: { status: string; progress: { done: number; total: number } | null }[] = [];
      for await (const { workflow } of gateway.listen(watch, { variables: { id }, token: root })) {
        seen.push(workflow);
        if (workflow.progress?.done > 6000 && first.process.signalCode === null) await first.end('SIGKILL');
      }
      expect(first.process.signalCode).toBe('SIGKILL');
      expect(seen.at(-1)).toMatchObject({
        status: 'SUCCEEDED',
        progress: { done: 19_999, total: 19_999 },
        problems: [{ message: 'Line 19: name must not be empty.' }],
      });
      const done = seen.map(({ progress }) => progress?.done ?? 0);
      expect(new Set(done).size).toBeGreaterThan(10);
      expect(done).toEqual([...done].sort((a, b) => a - b));
      const workers = await ask(
        url,
        "select distinct executor_id from dbos.workflow_status where name = 'importChunk' and status = 'SUCCESS'",
      );
      expect(workers.length).toBe(2);
      const stored = (await bulkNow()).slice(storedBefore.length);
      expect(stored).toHaveLength(19_999);
      expect(new Set(stored).size).toBe(19_999);
    },
  );

  test('leave queues and webhooks to workers where they are told to', async () => {
    const url = await database.fresh();
    await using receiver = await startReceiver();
    const settings = { WEBHOOK_ALLOW: '127.0.0.1' };
    const gateway = await start(url, { ...settings, ROLE: 'gateway' });
    const registered = await gateway.ask(
      `mutation ($url: String!) { registerWebhook(input: { url: $url, events: ["workflow.succeeded"] }) { secret problems { message } } }`,
      { variables: { url: receiver.url }, token: ada },
    );
    expect(registered.data.registerWebhook.problems).toEqual([]);
    // What it starts, it runs.
    const bought = await gateway.ask(placeOrder, {
      variables: { key: 'by a gateway', wait: true },
      token: ada,
    });
    expect(bought.data.placeOrder.order.status).toBe('CONFIRMED');
    const { data } = await gateway.ask(
      `mutation ($csv: String!) { importProducts(input: { csv: $csv, idempotencyKey: "by a worker" }) { workflow { id } } }`,
      { variables: { csv: 'id,name,category,price\nqueued-1,Thing,Things,1.00' }, token: root },
    );
    const { id } = data.importProducts.workflow;
    const queued = "select status from dbos.workflow_status where name = 'importChunk'";
    await eventually(async () => expect(await ask(url, queued)).toEqual([{ status: 'ENQUEUED' }]));
    // Long enough for a queue to be looked at several times, and for a message to be sent.
    await delay(2500);
    expect(await ask(url, queued)).toEqual([{ status: 'ENQUEUED' }]);
    expect(receiver.received).toEqual([]);

    await start(url, { ...settings, ROLE: 'worker' });
    await eventually(async () => {
      const query = 'query ($id: ID!) { workflow(id: $id) { status progress { done total } } }';
      const { data: seen } = await gateway.ask(query, { variables: { id }, token: root });
      expect(seen.workflow).toEqual({ status: 'SUCCEEDED', progress: { done: 1, total: 1 } });
    });
    await eventually(() => expect(receiver.received.length).toBeGreaterThan(0));
  });

  test('live on when the database drops every one of their connections, and again', async () => {
    const url = await database.fresh();
    const gateway = await start(url);
    const dropped = new Set<string>();
    for (let times = 0; times < 5; times += 1) {
      // Each of its pools has one that nobody uses by then.
      const bought = await gateway.ask(placeOrder, {
        variables: { key: `dropped ${times}`, wait: true },
        token: ada,
      });
      expect(bought.data?.placeOrder.order.status).toBe('CONFIRMED');
      const rows = await ask(
        url,
        `select application_name as name, pg_terminate_backend(pid) from pg_stat_activity
         where datname = current_database() and pid <> pg_backend_pid()`,
      );
      for (const { name } of rows as { name: string }[]) dropped.add(name);
      await delay(300);
      expect(gateway.process.exitCode).toBe(null);
      await eventually(async () => {
        const { data } = await gateway.ask('{ me { workflows(first: 1) { totalCount } } }', { token: ada });
        expect(data.me.workflows?.totalCount).toBeGreaterThan(times);
        const ready = await (await fetch(`${gateway.url}/readyz`)).json();
        expect(ready).toMatchObject({ database: { reachable: true } });
      });
    }
    for (const pool of ['weir workflows', 'weir imports', 'weir engine', 'weir durable'])
      expect([...dropped]).toContain(pool);
  });
});
