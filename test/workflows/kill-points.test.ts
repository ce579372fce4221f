import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type OpenDemo, openDemo } from '../demo/open-demo.ts';
import { killAtEveryPoint } from './crash/kill-points.ts';
import { seeded } from './crash/random.ts';
import type { Scenario } from './crash/scenario.ts';
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

const doubles = 2;

const killed = async (title: string, changes: Partial<Scenario> = {}, withinMs?: number) => {
  const scenario = (await scenarios(demo.urls)).find((one) => one.title === title);
  if (!scenario) throw new Error(`no scenario ${title}`);
  return killAtEveryPoint({
    urls: demo.urls,
    fresh: database.fresh,
    scenario: { ...scenario, ...changes },
    lanes: 4,
    doubles,
    random: seeded(7),
    ...(withinMs === undefined ? {} : { withinMs }),
  });
};

describe('a process that dies', { timeout: 300_000 }, () => {
  test.each([
    ['placeOrder', 20],
    ['placeOrder, declined', 20],
    ['register', 8],
    ['fulfilOrder', 17],
  ])('at any point of %s leaves it to another one, which ends it as it should', async (title, atLeast) => {
    const runs = await killed(title);
    expect(runs.filter(({ faults }) => faults.length > 0)).toEqual([]);
    expect(runs.length).toBeGreaterThanOrEqual(atLeast);
    // One death a point: nobody else took the workflow up between the two of a double.
    expect(runs.reduce((sum, { kills }) => sum + kills, 0)).toBe(runs.length + doubles);
  });
});

describe('the judge of kill points', { timeout: 60_000 }, () => {
  test('names what does not end by itself, and tries no points of it', async () => {
    const runs = await killed('fulfilOrder', { says: new Map() }, 2000);
    expect(runs).toMatchObject([{ points: 'nobody dies', status: 'WAITING', kills: 0 }]);
    expect(runs[0]?.faults).toContain('ended WAITING, wanted SUCCEEDED');
  });

  test('names what ends otherwise than it should', async () => {
    const runs = await killed('placeOrder, declined', { status: 'SUCCEEDED' });
    expect(runs.map(({ faults }) => faults)).toEqual([
      ['ended COMPENSATED, wanted SUCCEEDED, charge: The payment was declined.'],
    ]);
  });
});
