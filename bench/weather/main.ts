/**
 * `npm run weather -- outage|brown-out|overload|rolling-restart|all`: what the gateway does in bad weather.
 *
 * Starts the demo backends and gateways of its own on free ports of loopback, prints figures with what has to hold of
 * them, and ends with 1 where one does not.
 */
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brownOut } from './brown-out.ts';
import { type Figure, toTable } from './figures.ts';
import { outage } from './outage.ts';
import { overload } from './overload.ts';
import { rollingRestart } from './rolling-restart.ts';
import { openWorld, type WeatherWorld } from './world.ts';

interface Weather {
  readonly title: string;
  /** How long each call of a backend takes, in milliseconds. */
  readonly latencyMs: number;
  readonly run: (world: WeatherWorld) => Promise<readonly Figure[]>;
}

const weathers: Readonly<Record<string, Weather>> = {
  outage: {
    title: 'Outage: a backend is away for 8 s',
    latencyMs: 5,
    run: (world) => outage(world, { perSecond: 60, forMs: 8_000 }),
  },
  'brown-out': {
    title: 'Brown-out: one backend is 50 times slower',
    latencyMs: 40,
    run: (world) => brownOut(world, { perSecond: 60, forMs: 4_000, latencyMs: 40 }),
  },
  overload: {
    title: 'Overload: five times of what can be done',
    latencyMs: 5,
    run: (world) => overload(world, { forMs: 3_000, rounds: 5, times: 5 }),
  },
  'rolling-restart': {
    title: 'Rolling restart: two gateways, each SIGTERMed twice under load',
    latencyMs: 20,
    run: (world) => rollingRestart(world, { perSecond: 80, rounds: 4 }),
  },
};

const asked = process.argv.slice(2);
const names = asked.length === 0 || asked.includes('all') ? Object.keys(weathers) : asked;
const unknown = names.filter((name) => !Object.hasOwn(weathers, name));
if (unknown.length > 0) {
  console.error(
    `There is no weather ${unknown.join(', ')}; choose of ${Object.keys(weathers).join(', ')}, all.`,
  );
  process.exit(2);
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

// Seeding the stores takes longer than most of what is measured, so that it is done once.
const dataDir = await mkdtemp(join(tmpdir(), 'weir-weather-data-'));
process.once('exit', () => rmSync(dataDir, { recursive: true, force: true }));

for (const name of names) {
  const weather = weathers[name];
  if (weather === undefined) continue;
  await using world = await openWorld({ latencyMs: weather.latencyMs, dataDir });
  const figures = await weather.run(world);
  console.log(toTable(weather.title, figures));
  if (figures.some(({ holds }) => !holds)) process.exitCode = 1;
}
