import { ask, askSteadily, countCodes, signIn } from './ask.ts';
import { type Figure, figure, note } from './figures.ts';
import { sleep } from './process.ts';
import type { WeatherWorld } from './world.ts';

export interface OutageOptions {
  readonly perSecond: number;
  readonly forMs: number;
}

/** Every operation needs one call of the orders backend, which nothing can spare: the answer is somebody's own. */
const ORDERS = '{ me { orders(first: 3) { nodes { id } } } }';
const DEADLINE_MS = 2_000;
const HEALTHY_MS = 10_000;

/** Takes a backend away for a while, in several ways, and counts what it was still asked. */
export async function outage(
  world: WeatherWorld,
  { perSecond, forMs }: OutageOptions,
): Promise<readonly Figure[]> {
  const gateway = await world.openGateway({ DEADLINE_MS: String(DEADLINE_MS) });
  const headers = await signIn(gateway.url);
  const orders = () => ask(gateway.url, { query: ORDERS, headers });
  const figures: Figure[] = [];

  for (const [name, fault] of [
    ['answers 503', { status: 503 }],
    ['tears connections down', { mode: 'reset' }],
  ] as const) {
    await askSteadily(orders, { perSecond, forMs: 1_000 });
    await world.fault('orders', fault);
    await world.forgetCalls('orders');
    const outcomes = await askSteadily(orders, { perSecond, forMs });
    const attempts = (await world.calls('orders')).length;
    await world.fault('orders', null);
    figures.push(
      note(`orders ${name}: operations`, `${outcomes.length}: ${countCodes(outcomes)}`),
      figure(`orders ${name}: attempts for each operation`, attempts / outcomes.length, {
        atMost: 1.1,
        digits: 2,
      }),
      figure('  the longest wait for an answer', Math.max(...outcomes.map(({ tookMs }) => tookMs)), {
        // The deadline, and what a busy machine adds to it.
        atMost: DEADLINE_MS + 500,
        unit: 'ms',
      }),
      figure('  healthy again after', await untilWell(orders), { atMost: HEALTHY_MS, unit: 'ms' }),
    );
  }

  await world.fault('users', { mode: 'after-acting' });
  await world.forgetCalls('users');
  const query =
    'mutation { signIn(input: { email: "ada@example.com", password: "waterfall" }) { accessToken } }';
  const write = await ask(gateway.url, { query });
  const writes = (await world.calls('users')).filter(({ method }) => method === 'POST');
  await world.fault('users', null);
  figures.push(
    note('a write without a key: its answer', write.code),
    figure('  sent', writes.length, { atMost: 1, atLeast: 1, unit: 'time(s)' }),
  );

  figures.push(...(await retryAfter(world, gateway.url)));
  await gateway.stop();
  return figures;
}

/** One read of a backend that names the time of its return: within the deadline, and after it. */
async function retryAfter(world: WeatherWorld, url: string): Promise<readonly Figure[]> {
  const once = { query: '{ airports { code } }' };
  await world.fault('flights', { status: 503, retryAfter: 1 });
  await world.forgetCalls('flights');
  await ask(url, once);
  const soon = (await world.calls('flights')).map(({ at }) => at);
  const pauses = soon.slice(1).map((at, index) => at - (soon[index] ?? at));
  await world.fault('flights', { status: 503, retryAfter: 60 });
  await world.forgetCalls('flights');
  const late = await ask(url, once);
  const lateCalls = (await world.calls('flights')).length;
  await world.fault('flights', null);
  return [
    figure('Retry-After of 1 s: attempts', soon.length, { atLeast: 2 }),
    figure('  shortest pause between them', Math.min(...pauses), { atLeast: 1_000, unit: 'ms' }),
    figure('Retry-After of 60 s: attempts', lateCalls, { atMost: 1, atLeast: 1 }),
    figure('  answered after', late.tookMs, { atMost: DEADLINE_MS, unit: 'ms' }),
  ];
}

/** Asks until the answer is good; how long that took, in milliseconds. */
export async function untilWell(next: () => Promise<{ readonly code: string }>): Promise<number> {
  const startedAt = performance.now();
  for (;;) {
    const { code } = await next();
    const tookMs = performance.now() - startedAt;
    if (code === 'ok' || tookMs > 60_000) return tookMs;
    await sleep(50);
  }
}
