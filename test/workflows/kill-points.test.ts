import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type OpenDemo, openDemo } from '../demo/open-demo.ts';
import { killAtEveryPoint } from './crash/kill-points.ts';
import { seeded } from './crash/random.ts';
import { scenarios } from './crash/scenarios.ts';
import { startTestDatabase, type TestDatabase } from './test-database.ts';

let database: TestDatabase;
let demo: OpenDemo;

beforeAll(async () => {
  database = await startTestDatabase();
  demo = await openDemo();
});
afterAll(async () => {
  await demo[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

describe('a process that dies', { timeout: 300_000 }, () => {
  test.each(['placeOrder', 'placeOrder, declined'])(
    'at any point of %s leaves it to another one, which ends it as it should',
    async (title) => {
      const scenario = (await scenarios(demo.urls)).find((one) => one.title === title);
      if (!scenario) throw new Error(`no scenario ${title}`);
      const runs = await killAtEveryPoint({
        urls: demo.urls,
        fresh: database.fresh,
        scenario,
        lanes: 4,
        doubles: 2,
        random: seeded(7),
      });
      expect(runs.length).toBeGreaterThanOrEqual(20);
      expect(runs.filter(({ faults }) => faults.length > 0)).toEqual([]);
      expect(runs.filter(({ kills }) => kills === 0).map(({ points }) => points)).toEqual([]);
    },
  );
});
