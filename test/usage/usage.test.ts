import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startWeir, type Weir } from '../start-weir.ts';
import { knownTo, randomQuery } from '../waterfall/operations.ts';
import { eventually } from '../workflows/eventually.ts';
import { startTestDatabase, type TestDatabase } from '../workflows/test-database.ts';
import { callsLogged, callsTold, type UsageRow, usageOf } from './usage-of.ts';

describe('usage', { timeout: 120_000 }, () => {
  let database: TestDatabase;
  let weir: Weir;
  let ada: string;
  let root: string;
  beforeAll(async () => {
    database = await startTestDatabase();
    weir = await startWeir(
      {
        DATABASE_URL: await database.fresh(),
        CACHE_MAX_BYTES: '1000000',
        MAX_UPSTREAM_CALLS: '100000',
        RATE_LIMIT: '0',
      },
      { durable: true },
    );
    ada = await weir.signIn();
    root = await weir.signIn('root@example.com');
  });
  afterEach(async () => {
    for (const backend of Object.keys(weir.backends)) await weir.fault(backend, null);
  });
  afterAll(async () => {
    await weir[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
  });

  it('adds up to what the backends have logged, route by route, with joins, caches, workflows and faults', async () => {
    const known = await knownTo(weir, ada);
    const ask = (seed: number) =>
      weir.ask(randomQuery(seed, known), { token: seed % 3 === 0 ? undefined : ada });
    for (let seed = 1; seed <= 30; seed += 1) await ask(seed);
    // Side by side, so that they share calls.
    await Promise.all(Array.from({ length: 40 }, (_, index) => ask(101 + index)));
    for (const [backend, fault] of Object.entries({
      products: { errorRate: 0.3, status: 503 },
      inventory: { errorRate: 0.3, mode: 'reset' },
      orders: { errorRate: 0.3, mode: 'truncate' },
      flights: { errorRate: 0.3, mode: 'garbage' },
      payments: { errorRate: 0.2, mode: 'after-acting' },
    })) {
      await weir.fault(backend, fault);
    }
    await Promise.all(Array.from({ length: 60 }, (_, index) => ask(201 + index)));
    const orders = Array.from({ length: 6 }, (_, index) =>
      weir.ask(
        `mutation Order { placeOrder(input: { items: [{ productId: "Product:${index + 1}", quantity: 1 }],
           paymentToken: "tok_ok", idempotencyKey: "usage-${index}" }) { workflow { status } } }`,
        { token: ada },
      ),
    );
    await Promise.all(orders);
    for (const backend of Object.keys(weir.backends)) await weir.fault(backend, null);
    await workflowsRest(weir, ada);
    // Messages are sent after the answer, and what nobody waits for any more is cut a little later.
    let rows: readonly UsageRow[] = [];
    await eventually(async () => {
      rows = await usageOf(weir, root, ['BACKEND', 'ROUTE']);
      expect(callsTold(rows)).toEqual(await callsLogged(weir));
    });
    expect(rows.some(({ errors }) => errors > 0)).toBe(true);
    // Spared by a cache or by joining.
    expect(rows.some(({ requests, upstreamCalls }) => requests > upstreamCalls)).toBe(true);

    // Whatever it is told by, it is the same.
    const total = rows.reduce((sum, { upstreamCalls }) => sum + upstreamCalls, 0);
    expect(total).toBeGreaterThan(200);
    for (const by of [[], ['CLIENT'], ['CLIENT', 'OPERATION'], ['OPERATION', 'ROUTE']] as const) {
      const others = await usageOf(weir, root, by);
      expect(
        others.reduce((sum, { upstreamCalls }) => sum + upstreamCalls, 0),
        by.join(),
      ).toBe(total);
    }
    const operations = await usageOf(weir, root, ['OPERATION']);
    const placed = operations.find(({ operation }) => operation === 'Order');
    expect(placed).toMatchObject({ requests: 6, client: null, backend: null, route: null });
    expect(
      operations.find(({ operation }) => operation === 'workflow placeOrder')?.upstreamCalls,
    ).toBeGreaterThan(20);
  });
});

async function workflowsRest(weir: Weir, token: string): Promise<void> {
  for (;;) {
    const { data } = await weir.ask('{ me { workflows(first: 100) { nodes { status } } } }', { token });
    const { nodes } = data.me.workflows;
    if (nodes.every(({ status }: { status: string }) => !['RUNNING', 'COMPENSATING'].includes(status)))
      return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
