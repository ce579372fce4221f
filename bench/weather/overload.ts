import { type Connection, openConnection, toRequest } from '../load/connection.ts';
import { countCodes, type Outcome, quantile, signIn } from './ask.ts';
import { type Figure, figure, note } from './figures.ts';
import { sleep } from './process.ts';
import type { WeatherWorld } from './world.ts';

export interface OverloadOptions {
  /** How long each part of a round takes. */
  readonly forMs: number;
  readonly rounds: number;
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
const WARM_UP_MS = 3_000;
const RECOVERED_MS = 5_000;

/** What was done in one part of a round. */
interface Part {
  readonly outcomes: readonly Outcome[];
  /** Good answers a second. */
  readonly rate: number;
  /** Good answers for each second that the gateway's process was on a processor; NaN where that cannot be seen. */
  readonly perCpuSecond: number;
  /** Which part of one processor it had. */
  readonly cpuShare: number;
}

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

/**
 * Finds the best rate, then sends several times of it, in turns: what else the machine does falls on both alike, and
 * each flood is compared with what was done before and after it. Then sends half of it, and looks who is refused.
 */
export async function overload(
  world: WeatherWorld,
  { forMs, rounds, times }: OverloadOptions,
): Promise<readonly Figure[]> {
  const gateway = await world.openGateway();
  const request = toRequest(gateway.url, BODY, await signIn(gateway.url));
  const idle: Connection[] = [];
  /** Only when they are needed: a connection that says nothing is cut. */
  const connect = async (clients: number): Promise<void> => {
    while (idle.length < clients) idle.push(await openConnection(gateway.url));
  };

  const measured = async (run: () => Promise<readonly Outcome[]>): Promise<Part> => {
    const startedAt = performance.now();
    const cpuBefore = gateway.cpuMs();
    const outcomes = await run();
    const cpuMs = gateway.cpuMs() - cpuBefore;
    const tookMs = performance.now() - startedAt;
    const done = good(outcomes).length;
    return {
      outcomes,
      rate: (done * 1000) / tookMs,
      perCpuSecond: (done * 1000) / cpuMs,
      cpuShare: cpuMs / tookMs,
    };
  };

  /** As many as go with so many clients that each wait for their answer. */
  const atBest = (clients: number, ms: number): Promise<Part> =>
    measured(async () => {
      const until = performance.now() + ms;
      const outcomes: Outcome[] = [];
      const client = async (connection: Connection): Promise<void> => {
        while (performance.now() < until) outcomes.push(await toOutcome(connection, request));
      };
      await Promise.all(idle.slice(0, clients).map(client));
      return outcomes;
    });

  /** So many a second, whatever becomes of them. */
  const atRate = (perSecond: number, ms: number): Promise<Part> =>
    measured(async () => {
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
    });

  await connect(CLIENTS);
  await atBest(CALM_CLIENTS, WARM_UP_MS);
  const best = [await atBest(CALM_CLIENTS, forMs)];
  const floods: Part[] = [];
  let afterStart = 0;
  let calm: readonly Outcome[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const rate = best.at(-1)?.rate ?? 0;
    if (rate === 0) throw new Error('not one operation was answered well: there is no rate to go by');
    await connect(CLIENTS);
    floods.push(await atRate(rate * times, forMs));
    if (round === rounds - 1) {
      afterStart = performance.now();
      calm = (await atRate(rate / 2, 2 * RECOVERED_MS)).outcomes;
    }
    best.push(await atBest(CALM_CLIENTS, forMs));
  }
  for (const connection of idle) connection.close();
  await gateway.stop();

  /** Each flood beside what was best before and after it; the median of all. */
  const ofBest = (read: (part: Part) => number): number =>
    median(
      floods.map(
        (flood, round) => (2 * read(flood)) / (read(best[round] ?? flood) + read(best[round + 1] ?? flood)),
      ),
    );
  const all = floods.flatMap(({ outcomes }) => outcomes);
  const refused = all.filter(({ code }) => code === 'OVERLOADED');
  const others = all.filter(({ code }) => code !== 'OVERLOADED' && code !== 'ok');
  const lastBad = calm.filter(({ code }) => code !== 'ok').at(-1);
  const rates = best.map(({ rate }) => rate.toFixed(0)).join(', ');
  return [
    note('best rate, round by round', `${rates} a second`),
    note('  of two in a row (1.00 on a quiet machine)', spread(best.map(({ rate }) => rate))),
    note(
      `came, of the best rate`,
      `${ofBest(({ outcomes, rate }) => (outcomes.length / Math.max(1, good(outcomes).length)) * rate).toFixed(1)} times`,
    ),
    note('  done, refused', `${good(all).length}, ${refused.length}`),
    figure('  neither done nor refused', others.length, { atMost: 0 }),
    ...(others.length > 0 ? [note('    which were', countCodes(others))] : []),
    figure(
      '  done, of the best rate',
      ofBest(({ rate }) => rate),
      { atLeast: 0.7, digits: 2 },
    ),
    note(
      '  done in a second of its processor, of the best',
      ofBest(({ perCpuSecond }) => perCpuSecond).toFixed(2),
    ),
    note(
      '  its processor, best and in the flood',
      [best, floods].map((parts) => median(parts.map(({ cpuShare }) => cpuShare)).toFixed(2)).join(' and '),
    ),
    note('  a refusal took, p50 and p99', `${times99(refused)} ms`),
    note('  an answer took, p50 and p99', `${times99(good(all))} ms`),
    note('half of the best rate, right after', countCodes(calm)),
    figure('recovered: the last refusal after', lastBad === undefined ? 0 : lastBad.at - afterStart, {
      atMost: RECOVERED_MS,
      unit: 'ms',
    }),
  ];
}

const good = (outcomes: readonly Outcome[]): readonly Outcome[] =>
  outcomes.filter(({ code }) => code === 'ok');

const median = (values: readonly number[]): number => quantile(values, 0.5);

const times99 = (outcomes: readonly Outcome[]): string => {
  const took = outcomes.map(({ tookMs }) => tookMs);
  return `${quantile(took, 0.5).toFixed(0)} and ${quantile(took, 0.99).toFixed(0)}`;
};

/** The least and the most that one is of the one before. */
function spread(values: readonly number[]): string {
  const ratios = values.slice(1).map((value, index) => value / (values[index] ?? value));
  return `${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}`;
}
