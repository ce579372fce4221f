import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { endpointOf } from '../../../src/backends.ts';
import { createUpstreamCache } from '../../../src/http/cache/upstream-cache.ts';
import type { Answer, Exchange, Send } from '../../../src/http/exchange.ts';
import { callOf } from '../rest-client.ts';
import { fresh, productList, shopTable } from './catalogue.ts';

const products = 500;
const readsASecond = 100;
const thinksMs = 80;

function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Draws products by Zipf's law: the nth most popular is asked for 1/n as often as the first. */
function createZipf(count: number, random: () => number): () => string {
  const upTo: number[] = [];
  let sum = 0;
  for (let rank = 1; rank <= count; rank += 1) {
    sum += 1 / rank;
    upTo.push(sum);
  }
  return () => {
    const drawn = random() * sum;
    return String(1 + upTo.findIndex((bound) => drawn < bound));
  };
}

/** A backend that thinks for a while, and says of each row when it was read. */
function createBackend() {
  let calls = 0;
  const backend: Send = (exchange: Exchange) =>
    new Promise<Answer>((resolve) => {
      calls += 1;
      const ids = new URL(exchange.url, 'http://shop').searchParams.get('ids')?.split(',') ?? [];
      const items = ids.map((id) => ({ id, name: String(Date.now()), price: 1 }));
      const timings = { queuedAt: 0, startedAt: 0, firstByteAt: 0, endedAt: 0 };
      const answer = {
        status: 200,
        headers: fresh,
        body: { items },
        bytes: 100,
        timings,
        source: 'network',
      } as const;
      setTimeout(() => resolve(answer), thinksMs);
    });
  return { backend, calls: () => calls };
}

/** Lets a moment pass on the virtual clock, and everything that it brings happen. */
async function pass(ms: number): Promise<void> {
  vi.advanceTimersByTime(ms);
  for (let turn = 0; turn < 2; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

it("answers reads drawn by Zipf's law without a call of their own", async () => {
  const { backend, calls } = createBackend();
  const cache = createUpstreamCache();
  const send = cache.layers.reduceRight<Send>((next, layer) => layer(next), backend);
  const endpoint = endpointOf(shopTable(), 'shop', 'productsByIds');
  const draw = createZipf(products, seeded(1));
  const decode = { ...productList, parse: (value: unknown) => productList.parse(value), full: productList };

  /** Reads for a minute, and counts the reads that waited for a call. */
  const minute = async (): Promise<{ waited: number; seen: Set<string>; oldestMs: number }> => {
    const seen = new Set<string>();
    const reads: Promise<void>[] = [];
    let waited = 0;
    let oldestMs = 0;
    for (let count = 0; count < 60 * readsASecond; count += 1) {
      const id = draw();
      seen.add(id);
      const call = callOf({ leftMs: 600_000 });
      const exchange: Exchange = {
        call,
        endpoint,
        url: `/products?ids=${id}`,
        headers: {},
        principal: null,
        body: null,
        decode,
        signal: call.signal,
        deadlineAt: call.deadlineAt,
      };
      reads.push(
        send(exchange).then((answer) => {
          if (answer.source === 'network' || answer.source === 'shared') waited += 1;
          const { items } = productList.parse(answer.decoded?.value ?? answer.body);
          oldestMs = Math.max(oldestMs, Date.now() - Number(items[0]?.name));
        }),
      );
      await pass(1000 / readsASecond);
    }
    await pass(thinksMs);
    await Promise.all(reads);
    return { waited, seen, oldestMs };
  };

  const all = 60 * readsASecond;
  const first = await minute();
  const callsOfFirst = calls();
  // From an empty store nobody can do better than one call for each product that is asked for at all.
  expect(first.waited).toBeLessThanOrEqual(first.seen.size + 20);
  const second = await minute();
  const callsOfSecond = calls() - callsOfFirst;
  const share = 1 - second.waited / all;
  expect(share).toBeGreaterThanOrEqual(0.95);
  // Refreshes travel together, so they are few as well.
  expect(callsOfSecond / all).toBeLessThanOrEqual(0.05);
  // Fresh for 30 s, and to be given for 300 s more while it is refreshed.
  expect(second.oldestMs).toBeLessThanOrEqual(330_000);
  const percent = (part: number): string => `${(part * 100).toFixed(1)} %`;
  console.log(
    `Zipf: of the first minute's reads ${percent(1 - first.waited / all)} waited for no call (${callsOfFirst} calls, ` +
      `${first.seen.size} products), of the second's ${percent(share)} (${callsOfSecond} calls)`,
  );
  await cache.close();
});
