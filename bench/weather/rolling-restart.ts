import { Agent, request } from 'node:http';
import { askSteadily, countCodes, type Outcome } from './ask.ts';
import { type Figure, figure, note } from './figures.ts';
import { sleep } from './process.ts';
import type { Gateway, WeatherWorld } from './world.ts';

const BODY = JSON.stringify({ query: '{ product(id: "Product:1") { name } airports { code } }' });

/** How often the balancer asks who is ready, in milliseconds. */
const POLL_MS = 200;
/** How long a gateway may take to end. */
const END_MS = 20_000;

/** A balancer as small as can be: it asks who is ready, keeps connections, and repeats nothing. */
function createBalancer() {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const known = new Set<Gateway>();
  const ready = new Set<Gateway>();
  let turn = 0;
  const look = async (gateway: Gateway): Promise<void> => {
    const status = await fetch(new URL('/readyz', gateway.url)).then(
      ({ status }) => status,
      () => 0,
    );
    if (status === 200 && known.has(gateway)) ready.add(gateway);
    else ready.delete(gateway);
  };
  const timer = setInterval(() => void Promise.all([...known].map(look)), POLL_MS);

  return {
    async add(gateway: Gateway): Promise<void> {
      known.add(gateway);
      while (!ready.has(gateway)) await look(gateway);
    },
    remove(gateway: Gateway): void {
      known.delete(gateway);
      ready.delete(gateway);
    },
    /** Sends one operation to one of those that are ready. */
    next(): Promise<Outcome> {
      const choice = [...ready];
      const gateway = choice[turn++ % choice.length];
      return gateway === undefined ? Promise.resolve(lost(performance.now())) : post(gateway.url, agent);
    },
    close(): void {
      clearInterval(timer);
      agent.destroy();
    },
  };
}

const lost = (at: number): Outcome => ({ status: 0, code: 'lost', at, tookMs: performance.now() - at });

/** One POST on a kept connection, which the server may end with its answer; never sent twice. */
function post(url: string, agent: Agent): Promise<Outcome> {
  const at = performance.now();
  return new Promise((resolve) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(BODY) };
    const sent = request(url, { method: 'POST', agent, headers }, (response) => {
      let text = '';
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('error', () => resolve(lost(at)));
      response.on('end', () => {
        const status = response.statusCode ?? 0;
        const code = status === 200 && !text.includes('"errors"') ? 'ok' : `status ${status}`;
        resolve({ status, code, at, tookMs: performance.now() - at });
      });
    });
    sent.on('error', () => resolve(lost(at)));
    sent.end(BODY);
  });
}

export interface RollingRestartOptions {
  readonly perSecond: number;
  readonly rounds: number;
}

/** Restarts two gateways in turn, by SIGTERM under load, and counts what was lost. */
export async function rollingRestart(
  world: WeatherWorld,
  { perSecond, rounds }: RollingRestartOptions,
): Promise<readonly Figure[]> {
  const balancer = createBalancer();
  const running = [await world.openGateway(), await world.openGateway()];
  for (const gateway of running) await balancer.add(gateway);

  let over = false;
  const outcomes: Outcome[] = [];
  const load = (async () => {
    while (!over) outcomes.push(...(await askSteadily(balancer.next, { perSecond, forMs: 500 })));
  })();

  const ends: { readonly code: number | null; readonly tookMs: number }[] = [];
  for (let round = 0; round < rounds; round += 1) {
    await sleep(500);
    const old = running.shift();
    if (old === undefined) break;
    ends.push(await old.stop());
    balancer.remove(old);
    const fresh = await world.openGateway();
    await balancer.add(fresh);
    running.push(fresh);
  }
  await sleep(500);
  over = true;
  await load;
  balancer.close();
  await Promise.all(running.map((gateway) => gateway.stop()));

  return [
    figure('restarts', ends.length, { atLeast: rounds }),
    note('requests', `${outcomes.length}: ${countCodes(outcomes)}`),
    figure('failed requests', outcomes.filter(({ code }) => code !== 'ok').length, { atMost: 0 }),
    figure('gateways that did not end with 0', ends.filter(({ code }) => code !== 0).length, { atMost: 0 }),
    figure('longest end', Math.max(...ends.map(({ tookMs }) => tookMs)), { atMost: END_MS, unit: 'ms' }),
  ];
}
