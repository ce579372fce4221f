import { type Connection, openConnection, toRequest } from '../load/connection.ts';
import { countCodes, type Outcome, quantile, signIn } from './ask.ts';
import { type Figure, figure, note } from './figures.ts';
import { sleep } from './process.ts';
import type { WeatherWorld } from './world.ts';

export interface OverloadOptions {
  readonly forMs: number;
  /** How many times of the best rate comes. */
  readonly times: number;
}

/** The order page: what most operations are like. */
const BODY = JSON.stringify({
  query: `{ me { name bookings(first: 5) { nodes { reference } } orders(first: 10) { nodes { total { amount }
    items { quantity product { name price { amount } } } } } } }`,
});

/** Connections of the flood. What cannot be sent because none is free is sent when one is. */
const CLIENTS = 600;
/** As many as keep the gateway at work without a queue to speak of. */
const CALM_CLIENTS = 32;
const RECOVERED_MS = 5_000;

const toOutcome = async (connection: Connection, request: Buffer): Promise<Outcome> => {
  const at = performance.now();
  try {
    const { status, body } = await connection.exchange(request);
    const code = /"code":"(\w+)"/.exec(body)?.[1] ?? (status === 200 ? 'ok' : `status ${status}`);
    return { status, code, at, tookMs: performance.now() - at };
  } catch {
    return { status: 0, code: 'lost', at, tookMs: performance.now() - at };
  }
};

/** Finds the best rate, sends several times of it, then half of it, and looks at what is still done. */
export async function overload(
  world: WeatherWorld,
  { forMs, times }: OverloadOptions,
): Promise<readonly Figure[]> {
  const gateway = await world.openGateway();
  const request = toRequest(gateway.url, BODY, await signIn(gateway.url));
  const idle: Connection[] = [];
  /** Only when they are needed: a connection that says nothing is cut. */
  const connect = async (clients: number): Promise<void> => {
    while (idle.length < clients) idle.push(await openConnection(gateway.url));
  };

  /** As many as go with so many clients that each wait for their answer. */
  const atBest = async (clients: number, ms: number): Promise<readonly Outcome[]> => {
    const until = performance.now() + ms;
    const outcomes: Outcome[] = [];
    const client = async (connection: Connection): Promise<void> => {
      while (performance.now() < until) outcomes.push(await toOutcome(connection, request));
    };
    await Promise.all(idle.slice(0, clients).map(client));
    return outcomes;
  };

  /** So many a second, whatever becomes of them. */
  const atRate = async (perSecond: number, ms: number): Promise<readonly Outcome[]> => {
    const startedAt = performance.now();
    const outcomes: Outcome[] = [];
    const running = new Set<Promise<void>>();
    let sent = 0;
    for (let now = startedAt; now < startedAt + ms; now = performance.now()) {
      const due = ((now - startedAt) * perSecond) / 1000;
      for (let connection = sent < due ? idle.shift() : undefined; connection !== undefined; ) {
        const used = connection;
        sent += 1;
        const one: Promise<void> = toOutcome(used, request).then((outcome) => {
          outcomes.push(outcome);
          running.delete(one);
          if (used.open) idle.push(used);
        });
        running.add(one);
        connection = sent < due ? idle.shift() : undefined;
      }
      await sleep(2);
    }
    await Promise.all(running);
    return outcomes;
  };

  const good = (outcomes: readonly Outcome[]): readonly Outcome[] =>
    outcomes.filter(({ code }) => code === 'ok');
  const rate = (outcomes: readonly Outcome[], ms: number): number => (good(outcomes).length * 1000) / ms;

  await connect(CALM_CLIENTS);
  await atBest(CALM_CLIENTS, 2_000);
  const first = rate(await atBest(CALM_CLIENTS, forMs), forMs);
  if (first === 0) throw new Error('not one operation was answered well: there is no rate to go by');
  await connect(CLIENTS);
  const flood = await atRate(first * times, forMs);
  const afterStart = performance.now();
  const calm = await atRate(first / 2, 2 * RECOVERED_MS);
  const second = rate(await atBest(CALM_CLIENTS, forMs), forMs);
  for (const connection of idle) connection.close();
  await gateway.stop();

  const best = (first + second) / 2;
  const refused = flood.filter(({ code }) => code === 'OVERLOADED');
  const others = flood.filter(({ code }) => code !== 'OVERLOADED' && code !== 'ok');
  const lastBad = calm.filter(({ code }) => code !== 'ok').at(-1);
  const times99 = (outcomes: readonly Outcome[]): string =>
    [0.5, 0.99]
      .map((share) =>
        quantile(
          outcomes.map(({ tookMs }) => tookMs),
          share,
        ).toFixed(0),
      )
      .join(' and ');
  return [
    note('best rate, before and after', `${first.toFixed(0)} and ${second.toFixed(0)} a second`),
    figure(`came, of the best rate`, (flood.length * 1000) / forMs / best, { digits: 1, unit: 'times' }),
    note('  done, refused', `${good(flood).length}, ${refused.length}`),
    figure('  neither done nor refused', others.length, { atMost: 0 }),
    figure('  done, of the best rate', rate(flood, forMs) / best, { atLeast: 0.7, digits: 2 }),
    note('  a refusal took, p50 and p99', `${times99(refused)} ms`),
    note('  an answer took, p50 and p99', `${times99(good(flood))} ms`),
    note('half of the best rate, right after', countCodes(calm)),
    figure('recovered: the last refusal after', lastBad === undefined ? 0 : lastBad.at - afterStart, {
      atMost: RECOVERED_MS,
      unit: 'ms',
    }),
  ];
}
