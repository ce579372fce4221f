import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type Figure, toTable } from '../../bench/weather/figures.ts';
import { outage } from '../../bench/weather/outage.ts';
import { rollingRestart } from '../../bench/weather/rolling-restart.ts';
import { openWorld, type WeatherWorld } from '../../bench/weather/world.ts';

const failing = (figures: readonly Figure[]): readonly Figure[] => figures.filter(({ holds }) => !holds);

/** The short versions of `npm run weather`: those that count, with processes as an operator starts them. */
describe('bad weather', () => {
  let dataDir: string;
  let world: WeatherWorld;
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'weir-weather-'));
    await cp(inject('seededDataDir'), dataDir, { recursive: true });
    world = await openWorld({ latencyMs: 2, dataDir });
  });
  afterAll(async () => {
    await world?.[Symbol.asyncDispose]();
    await rm(dataDir, { recursive: true, force: true });
  });

  it('a rolling restart under load fails no request', { timeout: 60_000 }, async () => {
    const figures = await rollingRestart(world, { perSecond: 40, rounds: 2 });
    expect(failing(figures), toTable('rolling restart', figures)).toEqual([]);
  });

  it('an outage costs no more calls than it is asked for, and repeats no write', {
    timeout: 60_000,
  }, async () => {
    const figures = await outage(world, { perSecond: 30, forMs: 1_500 });
    expect(failing(figures), toTable('outage', figures)).toEqual([]);
  });
});
