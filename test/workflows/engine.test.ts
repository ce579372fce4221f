import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withMigrationLock } from '../../src/postgres/migration-lock.ts';
import type { Durable } from '../../src/workflows/durable.ts';
import { isEngineError, launchEngine, migrateEngine } from '../../src/workflows/engine.ts';
import { migrateWorkflows } from '../../src/workflows/migrations.ts';
import { ask, startTestDatabase, type TestDatabase } from './test-database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await startTestDatabase();
}, 60_000);
afterAll(() => database[Symbol.asyncDispose]());

const quiet = (): void => undefined;

describe('an engine that was shut down', { timeout: 60_000 }, () => {
  test.each([
    ['a step', (durable: Durable) => durable.run('late', async () => 'done')],
    ['another workflow', (durable: Durable) => durable.start('late', 'late')],
    ['a piece of a fan-out', (durable: Durable) => durable.enqueue('queue', 'late', 'late')],
    ['a message', (durable: Durable) => durable.receive('topic', 1000)],
    ['a pause', (durable: Durable) => durable.sleep(1)],
    ['a change', (durable: Durable) => durable.isPatched('change')],
  ])('stops a run that asks it for %s, and is no failure of the run', async (_title, asksFor) => {
    const url = await database.fresh();
    await withMigrationLock(url, async (client) => {
      await migrateWorkflows(client);
      await migrateEngine(url, quiet);
    });
    const begun = Promise.withResolvers<void>();
    const over = Promise.withResolvers<void>();
    const met = Promise.withResolvers<unknown>();
    const engine = await launchEngine({
      url,
      executorId: randomUUID(),
      version: '1',
      functions: {
        early: async (durable) => {
          begun.resolve();
          await over.promise;
          try {
            met.resolve(await asksFor(durable));
          } catch (error) {
            met.resolve(error);
            throw error;
          }
        },
        late: async () => undefined,
      },
      queues: [],
      takesFromQueues: false,
      log: quiet,
    });
    await engine.start('early', 'early');
    await begun.promise;
    await engine.close();
    over.resolve();
    const error = await met.promise;
    expect(isEngineError(error), String(error)).toBe(true);
    const rows = await ask(url, 'select workflow_uuid as id, status from dbos.workflow_status');
    expect(rows).toEqual([{ id: 'early', status: 'PENDING' }]);
  });
});
