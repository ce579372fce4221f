import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withMigrationLock } from '../../src/postgres/migration-lock.ts';
import { migrateRecords } from '../../src/records/migrations.ts';
import { migrateEngine } from '../../src/workflows/engine.ts';
import { migrateWorkflows } from '../../src/workflows/migrations.ts';
import { ask, startTestDatabase, type TestDatabase } from '../workflows/test-database.ts';

describe('the migration lock', { timeout: 60_000 }, () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await startTestDatabase();
  });
  afterAll(() => database[Symbol.asyncDispose]());

  test('lets one after the other bring an empty database up to date, and none fails', async () => {
    const url = await database.fresh();
    let within = 0;
    const most: number[] = [];
    const migrate = async (client: pg.Client): Promise<void> => {
      within += 1;
      most.push(within);
      await migrateRecords(client);
      await migrateWorkflows(client);
      await migrateEngine(url, () => undefined);
      within -= 1;
    };
    await Promise.all(Array.from({ length: 6 }, () => withMigrationLock(url, migrate)));
    expect(most).toEqual([1, 1, 1, 1, 1, 1]);
    expect(await ask(url, 'select count(*)::integer as count from weir.workflows')).toEqual([{ count: 0 }]);
  });

  test('is given up in time where another process does not come to an end', async () => {
    const url = await database.fresh();
    const release = Promise.withResolvers<void>();
    const slow = withMigrationLock(url, () => release.promise);
    await delay(200);
    await expect(withMigrationLock(url, async () => undefined, 200)).rejects.toThrow(
      /Another process has been migrating/,
    );
    release.resolve();
    await slow;
    await withMigrationLock(url, async () => undefined);
  });
});
