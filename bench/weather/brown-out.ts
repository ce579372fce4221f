import { ask, askSteadily, countCodes, type Outcome, quantile, signIn } from './ask.ts';
import { type Figure, figure, note } from './figures.ts';
import { untilWell } from './outage.ts';
import type { WeatherWorld } from './world.ts';

export interface BrownOutOptions {
  readonly perSecond: number;
  readonly forMs: number;
  /** The usual time of a call, in milliseconds. */
  readonly latencyMs: number;
}

const SLOWER = 50;
const DEADLINE_MS = 1_000;
/** What a client that gives its deadline may have to wait beyond it on a busy machine. */
const LATE_MS = 300;
const HEALTHY_MS = 10_000;

/** Needs the backend that becomes slow. */
const SICK = '{ me { orders(first: 3) { nodes { id } } } }';
/** Needs another one, and nothing that could be kept. */
const WELL = '{ me { bookings(first: 3) { nodes { id } } } }';

/** Makes one backend fifty times slower and looks at the operations that do not use it, and at those that do. */
export async function brownOut(
  world: WeatherWorld,
  { perSecond, forMs, latencyMs }: BrownOutOptions,
): Promise<readonly Figure[]> {
  const gateway = await world.openGateway();
  const headers = { ...(await signIn(gateway.url)), 'x-weir-timeout-ms': String(DEADLINE_MS) };
  const sick = () => ask(gateway.url, { query: SICK, headers });
  const well = () => ask(gateway.url, { query: WELL, headers });
  const both = () =>
    Promise.all([
      askSteadily(well, { perSecond, forMs }),
      askSteadily(sick, { perSecond: perSecond / 2, forMs }),
    ]);

  // The first calls open connections and compile; they belong to neither side.
  await both();
  const before: (readonly Outcome[])[] = [];
  const during: (readonly Outcome[])[] = [];
  const sickOnes: Outcome[] = [];
  let healthyAfterMs = 0;
  // In turns, so that what else the machine does falls on both sides alike.
  for (let round = 0; round < 4; round += 1) {
    before.push((await both())[0]);
    await world.fault('orders', { latencyMs: latencyMs * SLOWER });
    const [others, slowed] = await both();
    during.push(others);
    sickOnes.push(...slowed);
    await world.fault('orders', null);
    healthyAfterMs = Math.max(healthyAfterMs, await untilWell(sick));
  }
  await gateway.stop();

  const p99 = (rounds: readonly (readonly Outcome[])[]): number =>
    quantile(
      rounds.map((round) =>
        quantile(
          round.map(({ tookMs }) => tookMs),
          0.99,
        ),
      ),
      0.5,
    );
  const others = during.flat();
  const isEven = (_: unknown, index: number): boolean => index % 2 === 0;
  const control = p99(before.filter(isEven)) / p99(before.filter((_, index) => !isEven(_, index)));
  return [
    note('operations without the slow backend', `${others.length}: ${countCodes(others)}`),
    note('  p99 before and during', `${p99(before).toFixed(1)} ms, ${p99(during).toFixed(1)} ms`),
    note('  p99 before, of before (1.00 on a quiet machine)', control.toFixed(2)),
    figure('  p99 during, of before', p99(during) / p99(before), { atMost: 1.2, digits: 2 }),
    figure('  that failed', others.filter(({ code }) => code !== 'ok').length, { atMost: 0 }),
    note('operations with it', `${sickOnes.length}: ${countCodes(sickOnes)}`),
    figure('  without a typed answer', sickOnes.filter(({ status }) => status !== 200).length, { atMost: 0 }),
    figure('  the longest wait for an answer', Math.max(...sickOnes.map(({ tookMs }) => tookMs)), {
      atMost: DEADLINE_MS + LATE_MS,
      unit: 'ms',
    }),
    figure('  healthy again after', healthyAfterMs, { atMost: HEALTHY_MS, unit: 'ms' }),
  ];
}
