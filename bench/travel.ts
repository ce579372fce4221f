/**
 * The travel case: finding and booking a flight as a program that makes the REST calls, through a plain gateway, and
 * through Weir, over the demo's backends with their usual latencies and 50 ms from client to gateway.
 *
 * `npm run bench:travel -- [--runs 5]`
 *
 * Prints what was measured beside the critical path: what the backends and the way take when nothing waits without
 * need. Ends with 1 where Weir takes more than 1.05 of it.
 */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createDemoWorld } from '../demo/world.ts';
import { startServer } from './measure/server-process.ts';
import { median } from './measure/statistics.ts';
import { createDelayProxy } from './travel/delay-proxy.ts';
import { dayFromNow, EMAIL, FLIGHTS, PASSWORD, seeds, type Traveller, WAY_MS } from './travel/journey.ts';
import { openRestBackends } from './travel/rest-backends.ts';
import { createPlainTraveller, createRestTraveller, createWeirTraveller } from './travel/travellers.ts';
import { countMessages, sentMessages, signIn, toEnvironment } from './travel/world.ts';

const { values } = parseArgs({ options: { runs: { type: 'string', default: '5' } } });
const runs = Math.max(1, Number(values.runs) || 5);
const TARGET = 1.05;

const { signIn: signInMs, search, offer, hold, pay, confirm, message } = seeds;
const booked = hold + pay + confirm;
/** By traveller: the longest chain of calls it has to wait for, as it goes about it. */
const paths = {
  rest: { search: signInMs + search + FLIGHTS * offer, book: booked + message },
  plain: { search: WAY_MS + signInMs + search + offer, book: WAY_MS + booked + message },
  weir: { search: WAY_MS + search + offer, book: WAY_MS + booked },
} as const;

const scratch = mkdtempSync(join(tmpdir(), 'weir-travel-'));
// The database runs as another account where this one is root.
chmodSync(scratch, 0o755);
const opened = new AsyncDisposableStack();
try {
  console.error('starting the demo, a plain gateway and Weir');
  const world = await createDemoWorld({ portBase: 0, dataDir: scratch, latency: 'realistic' });
  opened.defer(() => world.close());
  const output = join(scratch, 'servers.log');
  const servers = join(import.meta.dirname, 'travel');
  const plain = opened.use(
    await startServer({
      main: join(servers, 'plain-gateway.ts'),
      core: null,
      output,
      env: { BENCH_DEMO_URLS: JSON.stringify(world.urls) },
    }),
  );
  const weir = opened.use(
    await startServer({
      main: join(servers, 'weir.ts'),
      core: null,
      output,
      env: toEnvironment(world.urls, scratch),
    }),
  );
  const toPlain = opened.use(await createDelayProxy(plain.url, WAY_MS));
  const toWeir = opened.use(await createDelayProxy(weir.url, WAY_MS));
  const token = await signIn(world.urls, EMAIL, PASSWORD);
  const travellers: Readonly<Record<keyof typeof paths, Traveller>> = {
    rest: createRestTraveller(await openRestBackends(world.urls)),
    plain: createPlainTraveller(toPlain.url),
    weir: createWeirTraveller(toWeir.url, token),
  };
  const titles = { rest: 'REST, call by call', plain: 'a plain gateway', weir: 'Weir' } as const;

  console.log(
    `from client to gateway ${WAY_MS} ms, ${FLIGHTS} flights priced, the middle of ${runs} runs after one to warm up\n`,
  );
  console.log(
    `${''.padEnd(20)}${'search'.padStart(12)}${'its path'.padStart(10)}${'book'.padStart(12)}${'its path'.padStart(10)}`,
  );
  for (const who of ['rest', 'plain', 'weir'] as const) {
    const sentBefore = await countMessages(world.urls);
    const { search: searchMs, book: bookMs } = await travel(travellers[who], who);
    const cells = [searchMs, paths[who].search, bookMs, paths[who].book].map((ms) => `${ms.toFixed(0)} ms`);
    console.log(
      titles[who].padEnd(20) + cells.map((cell, index) => cell.padStart(index % 2 === 0 ? 12 : 10)).join(''),
    );
    if (who !== 'weir') continue;
    const searchRatio = searchMs / paths.weir.search;
    const bookRatio = bookMs / paths.weir.book;
    console.log(
      `\nWeir over its critical path: search ${searchRatio.toFixed(3)}, book ${bookRatio.toFixed(3)} (target ${TARGET})`,
    );
    const sent = await sentMessages(world.urls, runs + 1, sentBefore);
    console.log(`Messages that Weir has sent, after its answers: ${sent} of ${runs + 1}`);
    if (searchRatio > TARGET || bookRatio > TARGET || sent !== runs + 1) process.exitCode = 1;
  }
} finally {
  await opened.disposeAsync();
  rmSync(scratch, { recursive: true, force: true });
}

/** One run to warm connections, keys and code up, then as many as are counted, each on another day's flights. */
async function travel(
  traveller: Traveller,
  who: string,
): Promise<{ readonly search: number; readonly book: number }> {
  const searchMs: number[] = [];
  const bookMs: number[] = [];
  for (let run = 0; run <= runs; run += 1) {
    const startedAt = performance.now();
    const offers = await traveller.search(dayFromNow(2 + run));
    const foundAt = performance.now();
    const [first] = offers;
    if (offers.length !== FLIGHTS || !first) throw new Error(`${who} found ${offers.length} flights`);
    await traveller.book(first, `travel-${who}-${run}`);
    const bookedAt = performance.now();
    if (run === 0) continue;
    searchMs.push(foundAt - startedAt);
    bookMs.push(bookedAt - foundAt);
  }
  return { search: median(searchMs), book: median(bookMs) };
}
