import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { hasRedis, startRedis } from '../http/cache/redis-server.ts';
import { startWeir, type Weir } from '../start-weir.ts';
import { eventually } from './eventually.ts';
import { type GatewayProcess, startGateway } from './gateway-process.ts';
import { ask, startTestDatabase, type TestDatabase } from './test-database.ts';

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
  await Promise.all(gateways.splice(0).map((gateway) => gateway.kill()));
  await weir.fault('payments', null);
});
afterAll(async () => {
  await weir[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

const start = async (url: string, settings: Readonly<Record<string, string>> = {}) => {
  const addresses = Object.entries(weir.backends).map(([name, address]) => [
    `${name.toUpperCase()}_URL`,
    address,
  ]);
  const gateway = await startGateway({
    ...Object.fromEntries(addresses),
    DATABASE_URL: url,
    WORKFLOW_KEY: Buffer.alloc(32, 7).toString('base64'),
    ...settings,
  });
  gateways.push(gateway);
  return gateway;
};
const startAll = (url: string, count: number, settings: Readonly<Record<string, string>> = {}) =>
  Promise.all(Array.from({ length: count }, () => start(url, settings)));

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

describe('several gateways on one database', { timeout: 120_000 }, () => {
  test('start at once on an empty one, and fifty repeats of a key on all of them are one order', async () => {
    const all = await startAll(await database.fresh(), 4);
    const before = await chargesNow();
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        all[index % all.length]?.ask(placeOrder, { key: 'one', wait: true }, ada),
      ),
    );
    const orders = answers.map((answer) => answer?.data?.placeOrder?.order);
    expect(orders).toEqual(orders.map(() => ({ id: orders[0]?.id, status: 'CONFIRMED' })));
    expect(await chargesNow()).toBe(before + 1);
  });

  test.each([
    ['over PostgreSQL', false],
    ['beside Redis', true],
  ])('show each other’s workflows, %s, also past a lost connection', async (_title, shared) => {
    if (shared && !hasRedis()) return;
    await using redis = shared ? await startRedis() : null;
    const url = await database.fresh();
    const settings = redis ? { REDIS_URL: `redis://127.0.0.1:${redis.port}` } : {};
    const [here, there] = await startAll(url, 2, settings);
    await weir.fault('payments', { latencyMs: 3000 });
    const { data } = (await there?.ask(placeOrder, { key: `seen ${shared}`, wait: false }, ada)) ?? {};
    const { id } = data.placeOrder.workflow;
    const seen: { status: string; revision: number }[] = [];
    const listening = (async () => {
      for await (const event of here?.listen(watch, { id }, ada) ?? []) seen.push(event.workflow);
    })();
    await eventually(() => expect(seen.at(-1)?.status).toBe('RUNNING'));
    // What is told while the connection is lost has to be heard as well.
    const cut =
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'weir changes'";
    const cutting = (async () => {
      for (let times = 0; times < 30; times += 1) {
        await ask(url, cut);
        await delay(200);
      }
    })();
    await Promise.all([listening, cutting]);
    expect(seen.at(-1)?.status).toBe('SUCCEEDED');
    const revisions = seen.map(({ revision }) => revision);
    expect(revisions).toEqual([...new Set(revisions)].sort((a, b) => a - b));

    // Whoever comes late, or comes again, has the state first.
    const late: unknown[] = [];
    for await (const event of there?.listen(watch, { id }, ada) ?? []) late.push(event.workflow);
    expect(late).toEqual([seen.at(-1)]);
  });

  test('share an import of 20,000 rows among workers, one of which dies', async () => {
    const url = await database.fresh();
    const [gateway, first] = await Promise.all([
      start(url, { ROLE: 'gateway' }),
      start(url, { ROLE: 'worker' }),
      start(url, { ROLE: 'worker' }),
    ]);
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
    await fetch(`${weir.backends.products}/_demo/faults`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ latencyMs: 150 }),
    });
    const { data } = await gateway.ask(
      `mutation ($input: ImportProductsInput!) { importProducts(input: $input) { workflow { id } problems { message } } }`,
      { input: { ...((await upload.json()) as object), idempotencyKey: 'bulk' } },
      root,
    );
    const { id } = data.importProducts.workflow;
    const seen: { status: string; progress: { done: number; total: number } | null }[] = [];
    for await (const { workflow } of gateway.listen(watch, { id }, root)) {
      seen.push(workflow);
      if (workflow.progress?.done > 6000 && first.process.signalCode === null) await first.kill();
    }
    expect(first.process.signalCode).toBe('SIGKILL');
    expect(seen.at(-1)).toMatchObject({
      status: 'SUCCEEDED',
      progress: { done: 19_999, total: 19_999 },
      problems: [{ message: 'Line 19: name must not be empty.' }],
    });
    const done = seen.map(({ progress }) => progress?.done ?? 0);
    expect(new Set(done).size).toBeGreaterThan(5);
    expect(done).toEqual([...done].sort((a, b) => a - b));
    const workers = await ask(
      url,
      "select distinct executor_id from dbos.workflow_status where name = 'importChunk' and status = 'SUCCESS'",
    );
    expect(workers.length).toBe(2);
    const ledger = (await (await fetch(`${weir.backends.products}/_demo/ledger`)).json()) as { id: string }[];
    const stored = ledger.map((row) => row.id).filter((one) => one.startsWith('bulk-'));
    expect(stored).toHaveLength(19_999);
    expect(new Set(stored).size).toBe(19_999);
  });
});
