import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type OpenDemo, openDemo } from '../demo/open-demo.ts';
import { type GatewayProcess, startGateway } from '../gateway-process.ts';
import { createDatabaseGate } from '../tcp-gate.ts';
import { eventually } from '../workflows/eventually.ts';
import { ask as askDatabase, startTestDatabase, type TestDatabase } from '../workflows/test-database.ts';
import { type ClientTokens, startClientTokens } from './client-tokens.ts';
import { type UsageRow, usageOf } from './usage-of.ts';

/** What may be lost when a process dies at once. */
const LOST_MS = 1_000;

describe('usage of several gateways', { timeout: 120_000 }, () => {
  let database: TestDatabase;
  let demo: OpenDemo;
  let clients: ClientTokens;
  let root: string;
  const started: GatewayProcess[] = [];
  beforeAll(async () => {
    [database, demo, clients] = await Promise.all([startTestDatabase(), openDemo(), startClientTokens()]);
    root = await clients.token('console', 'admin');
  });
  afterEach(async () => {
    await Promise.all(started.splice(0).map((gateway) => gateway.end('SIGKILL')));
    await demo.clearFaults('products');
  });
  afterAll(async () => {
    await clients[Symbol.asyncDispose]();
    await demo[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
  });

  const start = async (url: string): Promise<GatewayProcess> => {
    const gateway = await startGateway(demo.urls, {
      EXPLORER: 'false',
      CACHE_MAX_BYTES: '0',
      RATE_LIMIT: '0',
      DATABASE_URL: url,
      DATA_DIR: demo.dataDir,
      JWKS_URL: clients.jwksUrl,
    });
    started.push(gateway);
    return gateway;
  };
  const rowOf = (rows: readonly UsageRow[], found: Partial<UsageRow>): UsageRow | undefined =>
    rows.find((row) => Object.entries(found).every(([name, value]) => Reflect.get(row, name) === value));
  const read = (name: string, id: number): string =>
    `query ${name} { product(id: "Product:${id}") { name } }`;
  /** What the backend was asked of since, when, in milliseconds since the epoch. */
  const asked = async (since: number): Promise<number[]> =>
    (await demo.calls('products')).map(({ at }) => at).filter((at) => at >= since);

  it('adds up, and each tells it of all', async () => {
    const url = await database.fresh();
    const [one, two] = [await start(url), await start(url)];
    const [shop, app] = [await clients.token('shop'), await clients.token('app')];
    const since = Date.now();
    const answered = new Map<string, number>();
    const work = async (worker: number): Promise<void> => {
      const token = worker % 4 < 3 ? shop : app;
      for (let id = 1; id <= 20; id += 1) {
        const { data } = await (worker % 2 === 0 ? one : two).ask(read('Read', worker * 20 + id), { token });
        // A machine that has too much to do refuses some, which are counted apart.
        if (data) answered.set(token, (answered.get(token) ?? 0) + 1);
      }
    };
    await Promise.all([0, 1, 2, 3, 4, 5, 6, 7].map(work));
    expect(answered.get(app)).toBeGreaterThan(0);
    await eventually(async () => {
      for (const gateway of [one, two]) {
        const rows = await usageOf(gateway, root, ['CLIENT', 'OPERATION']);
        expect(rowOf(rows, { client: 'shop', operation: 'Read' })?.requests).toBe(answered.get(shop));
        expect(rowOf(rows, { client: 'app', operation: 'Read' })?.requests).toBe(answered.get(app));
        const [all] = await usageOf(gateway, root, ['BACKEND']);
        expect(all).toMatchObject({ backend: 'products', upstreamCalls: (await asked(since)).length });
      }
    });
  });

  it('shares a call out among the clients that it served', async () => {
    const url = await database.fresh();
    const gateway = await start(url);
    const names = ['shop', 'app', 'kiosk'];
    const tokens = await Promise.all(names.map((name) => clients.token(name)));
    await demo.setFaults('products', { latencyMs: 300 });
    const since = Date.now();
    const answers = await Promise.all(tokens.map((token) => gateway.ask(read('Joined', 400), { token })));
    expect(answers.map(({ data }) => data.product.name)).toHaveLength(3);
    expect(await asked(since)).toHaveLength(1);
    // One call, its bytes and its time, in whole numbers too.
    const rows = await usageOf(gateway, root, ['CLIENT', 'ROUTE']);
    expect(rows.reduce((sum, { upstreamCalls }) => sum + upstreamCalls, 0)).toBe(1);
    for (const name of names) expect(rowOf(rows, { client: name })?.requests).toBe(1);
    const shares = await askDatabase(
      url,
      `select client, calls::numeric(4, 3)::text as calls, bytes * 3 = sum(bytes) over () as fair
       from weir.usage where backend = 'products' order by client`,
    );
    expect(shares).toEqual(names.toSorted().map((client) => ({ client, calls: '0.333', fair: true })));
  });

  it('loses at most the last second of a gateway that is killed, and nothing of one that is ended', async () => {
    const url = await database.fresh();
    const watcher = await start(url);
    let killed = 0;
    for (const [round, signal] of (['SIGKILL', 'SIGTERM', 'SIGKILL', 'SIGKILL'] as const).entries()) {
      const gateway = await start(url);
      const name = `Round${round}`;
      const answeredAt: number[] = [];
      const since = Date.now();
      const work = async (worker: number): Promise<void> => {
        for (let id = 1; ; id += 1) {
          const { data } = await gateway.ask(read(name, ((id * 4 + worker) % 500) + 1));
          if (data) answeredAt.push(Date.now());
        }
      };
      const working = Promise.all([0, 1, 2, 3].map(work)).catch(() => undefined);
      await delay(1700 + 330 * round);
      const endedAt = Date.now();
      await gateway.end(signal);
      await working;
      const kept = signal === 'SIGTERM' ? Number.POSITIVE_INFINITY : endedAt - LOST_MS;
      const rows = await usageOf(watcher, root, ['OPERATION']);
      const counted = rowOf(rows, { operation: name });
      expect(counted?.requests).toBeGreaterThanOrEqual(answeredAt.filter((at) => at <= kept).length);
      const made = await asked(since);
      expect(counted?.upstreamCalls).toBeGreaterThanOrEqual(made.filter((at) => at < kept - 50).length);
      expect(counted?.upstreamCalls).toBeLessThanOrEqual(made.length);
      expect(answeredAt.length).toBeGreaterThan(10);
      if (signal === 'SIGKILL') killed += answeredAt.length - (counted?.requests ?? 0);
    }
    // A process that dies cannot have written everything: otherwise nothing was tested.
    expect(killed).toBeGreaterThan(0);
  });

  it('counts while the database is away, and once what may have been written twice', async () => {
    const url = await database.fresh();
    await using gate = await createDatabaseGate(url);
    const gateway = await start(gate.url);
    const since = Date.now();
    let asks = 0;
    const askSome = async (): Promise<void> => {
      for (let id = 1; id <= 40; id += 1) {
        const { data } = await gateway.ask(read('Away', ((id * 7) % 500) + 1));
        if (data) asks += 1;
        await delay(5);
      }
    };
    await askSome();
    for (let cut = 0; cut < 4; cut += 1) {
      // In the middle of whatever it is saying.
      gate.cut();
      await askSome();
      const away = await gateway.ask(
        '{ usage(from: "2000-01-01T00:00:00Z", to: "2100-01-01T00:00:00Z") { requests } }',
        {
          token: root,
        },
      );
      expect(away.errors[0]?.extensions).toMatchObject({ code: 'WORKFLOWS_UNAVAILABLE', retryable: true });
      gate.open();
      await askSome();
    }
    await eventually(async () => {
      const rows = await usageOf(gateway, root, ['OPERATION']);
      expect(rowOf(rows, { operation: 'Away' })).toMatchObject({
        requests: asks,
        upstreamCalls: (await asked(since)).length,
      });
    }, 20_000);
  });
});
