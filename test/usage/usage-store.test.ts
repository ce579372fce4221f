import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { withMigrationLock } from '../../src/postgres/migration-lock.ts';
import { createQueryPool, type QueryPool } from '../../src/postgres/query-pool.ts';
import { migrateRecords } from '../../src/records/migrations.ts';
import type { Count, MinuteCount } from '../../src/usage/tally.ts';
import { createUsageStore, type UsageStore } from '../../src/usage/usage-store.ts';
import { createUsageWriter } from '../../src/usage/usage-writer.ts';
import { runWeir } from '../cli/run-weir.ts';
import { ask, startTestDatabase, type TestDatabase } from '../workflows/test-database.ts';

const writerId = '00000000-0000-4000-8000-000000000001';
const count = (changes: Partial<Count> = {}): Count => ({
  client: 'shop',
  operation: 'Page',
  backend: 'products',
  route: 'GET /products?ids',
  requests: 2,
  errors: 0.5,
  calls: 1.5,
  bytes: 3_000_000_000,
  totalMs: 20,
  latency: [0, 0, 1, 0.5],
  ...changes,
});
const minuteOf = (time: string): number => Date.parse(time) / 60_000;
const at = (time: string, changes: Partial<Count> = {}): MinuteCount => ({
  ...count(changes),
  minute: minuteOf(time),
});

describe('the store of usage', { timeout: 60_000 }, () => {
  let database: TestDatabase;
  let url: string;
  let pool: QueryPool;
  let store: UsageStore;
  beforeAll(async () => {
    database = await startTestDatabase();
  });
  beforeEach(async () => {
    await pool?.close();
    url = await database.fresh();
    await withMigrationLock(url, migrateRecords);
    pool = createQueryPool(url, 'test', 2);
    store = createUsageStore(pool);
  });
  afterAll(async () => {
    await pool.close();
    await database[Symbol.asyncDispose]();
  });
  const all = { from: new Date(0), to: new Date('2100-01-01'), per: null, limit: 100 } as const;

  it('adds what comes, and takes a batch that comes twice once', async () => {
    const counts = [at('2026-11-01T10:00:00Z'), at('2026-11-01T10:01:00Z', { latency: [1] })];
    await store.add(writerId, 1, counts);
    await store.add(writerId, 1, counts);
    await store.add(writerId, 2, counts);
    expect(await store.sums({ ...all, by: ['CLIENT', 'BACKEND'] })).toEqual([
      {
        at: null,
        client: 'shop',
        operation: null,
        backend: 'products',
        route: null,
        requests: 8,
        errors: 2,
        calls: 6,
        bytes: 12_000_000_000,
        totalMs: 80,
        latency: [2, 0, 2, 1],
      },
    ]);
  });

  it('tells minutes of the span that was asked for, and no other', async () => {
    await store.add(writerId, 1, [
      at('2026-11-01T10:00:00Z'),
      at('2026-11-01T10:59:00Z'),
      at('2026-11-01T11:00:00Z'),
    ]);
    const spanOf = (from: string, to: string) =>
      store.sums({ ...all, from: new Date(from), to: new Date(to), by: [] });
    expect((await spanOf('2026-11-01T10:00:00Z', '2026-11-01T11:00:00Z'))[0]?.calls).toBe(3);
    expect((await spanOf('2026-11-01T11:00:00Z', '2026-11-01T12:00:00Z'))[0]?.calls).toBe(1.5);
  });

  it('adds minutes of long ago up to hours, and loses nothing by it', async () => {
    const daysAgo = (days: number, minute: number): MinuteCount => {
      const hour = Math.floor((Date.now() - days * 86_400_000) / 3_600_000);
      return { ...count(), minute: hour * 60 + minute };
    };
    await store.add(writerId, 1, [
      ...[0, 1, 59].map((minute) => daysAgo(9, minute)),
      ...[0, 1].map((minute) => daysAgo(8, minute)),
      daysAgo(1, 0),
      daysAgo(500, 0),
    ]);
    const question = {
      ...all,
      from: new Date(Date.now() - 30 * 86_400_000),
      by: ['CLIENT', 'BACKEND'] as const,
    };
    const before = await store.sums(question);
    await store.tidy();
    await store.tidy();
    expect(await store.sums(question)).toEqual(before);
    const rows = (sql: string) => ask(url, sql);
    expect(await rows('select count(*)::int as count from weir.usage_minutes')).toEqual([{ count: 1 }]);
    // Those of 500 days ago are forgotten.
    expect(await rows('select count(*)::int as count from weir.usage_hours')).toEqual([{ count: 2 }]);
  });

  it('is exported as CSV by `weir usage`, for billing', async () => {
    await store.add(writerId, 1, [
      at('2026-10-01T10:00:00Z', { client: 'a "big", shop', calls: 1 / 3, errors: 0 }),
      at('2026-10-31T23:59:00Z', { client: 'app', calls: 2 / 3, errors: 0 }),
      at('2026-11-01T00:00:00Z', { client: 'app', calls: 4, errors: 0 }),
    ]);
    const run = (...args: string[]) => runWeir(['usage', ...args], { DATABASE_URL: url });
    const { code, stdout } = await run(
      ...['--csv', '--from', '2026-10-01', '--to', '2026-12-01', '--by', 'client,backend', '--per', 'month'],
    );
    expect(code).toBe(0);
    expect(stdout.split('\r\n').map((line) => line.split(',').slice(0, -1).join(','))).toEqual([
      'at,client,backend,requests,errors,upstream_calls,bytes,total_ms',
      '2026-10-01T00:00:00.000Z,app,products,2,0,1,3000000000,20',
      '2026-10-01T00:00:00.000Z,"a ""big"", shop",products,2,0,0,3000000000,20',
      '2026-11-01T00:00:00.000Z,app,products,2,0,4,3000000000,20',
      '',
    ]);
    expect((await run('--from', '2026-10-01', '--to', '2026-12-01')).stdout).toContain('upstreamCalls');
    const nothing = await runWeir(['usage'], { DATABASE_URL: await database.fresh() });
    expect(nothing.stderr).toContain('Nothing was counted yet');
    expect((await run('--by', 'nobody')).code).toBe(2);
    expect((await run('--per', 'minute; drop table weir.usage_minutes')).code).toBe(2);
    expect((await run('--from', '2026-12-01', '--to', '2026-10-01')).code).toBe(2);
  });

  it('is written twice a second, of each minute what was counted in it, and at the end', async () => {
    let counted: Count[] = [];
    // A tick after the half of a minute's last second belongs to that minute.
    const start = minuteOf('2026-11-01T10:01:00Z') * 60_000 - 300;
    const since = performance.now();
    const writer = createUsageWriter({
      take: () => counted.splice(0),
      log: () => undefined,
      now: () => start + performance.now() - since,
    });
    writer.provide(store);
    counted = [count()];
    await delay(1_400);
    const byMinute = () => store.sums({ ...all, by: ['BACKEND'], per: 'minute' });
    expect((await byMinute()).map((sum) => sum.at?.toISOString())).toEqual(['2026-11-01T10:00:00.000Z']);
    counted = [count()];
    await writer.close();
    expect((await byMinute()).map((sum) => sum.at?.toISOString())).toEqual([
      '2026-11-01T10:00:00.000Z',
      '2026-11-01T10:01:00.000Z',
    ]);
  });

  it('is spared of more rows than memory has room for while it is away, and of no count', async () => {
    let counted: Count[] = [];
    let minute = 0;
    const writer = createUsageWriter({
      take: () => counted.splice(0),
      log: () => undefined,
      now: () => Date.parse('2026-11-01T10:00:30Z') + minute * 60_000,
    });
    for (minute = 0; minute < 100; minute += 1) {
      counted = Array.from({ length: 500 }, (_, index) => count({ operation: `Op${index}`, calls: 1 }));
      await writer.flush().catch(() => undefined);
    }
    writer.provide(store);
    await writer.close();
    const [sum] = await store.sums({ ...all, by: [] });
    expect(sum?.calls).toBe(100 * 500);
    const [rows] = await ask(url, 'select count(*)::int as count from weir.usage_minutes');
    expect(rows).toEqual({ count: 20_000 });
  });
});
