import { type FieldNode, Kind, parse, type SelectionSetNode } from 'graphql';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Waterfall } from '../../src/waterfall/waterfall.ts';
import { startWeir, type Weir } from '../start-weir.ts';
import { wordsOfLogged, wordsOfTold } from './logged-calls.ts';
import { type Known, knownTo, randomQuery } from './operations.ts';

describe.each([
  ['without a cache', '0'],
  ['with a cache', '10000000'],
])('the waterfall of generated operations, %s,', (_, CACHE_MAX_BYTES) => {
  let weir: Weir;
  let token: string;
  let known: Known;
  /** How many answers came from a cache. */
  let spared = 0;
  beforeAll(async () => {
    weir = await startWeir({ MAX_UPSTREAM_CALLS: '100000', RATE_LIMIT: '0', CACHE_MAX_BYTES });
    token = await weir.signIn();
    known = await knownTo(weir, token);
  });
  afterEach(async () => {
    for (const backend of Object.keys(weir.backends)) await weir.fault(backend, null);
  });
  afterAll(async () => {
    await weir[Symbol.asyncDispose]();
    expect(spared > 0).toBe(CACHE_MAX_BYTES !== '0');
  });

  const trace = async (query: string, requestId: string): Promise<Waterfall> => {
    const { extensions } = await weir.ask(query, {
      token,
      headers: { 'x-weir-trace': '1', 'x-request-id': requestId },
    });
    return extensions.waterfall;
  };

  /** What the backends have logged of these requests, in words, sorted. */
  const loggedOf = async (requestIds: ReadonlySet<string>): Promise<string[]> => {
    const logs = await Promise.all(
      Object.keys(weir.backends).map(async (backend) =>
        (await weir.calls(backend))
          .filter(({ headers }) => requestIds.has(headers['x-request-id'] ?? ''))
          .map((call) => wordsOfLogged(backend, call)),
      ),
    );
    return logs.flat().toSorted();
  };

  /**
   * Fails unless what is told is what was logged, one by one. Of a call that was cut, the gateway cannot know
   * whether the backend had got it, nor what it would have answered.
   */
  const expectTold = (waterfalls: readonly Waterfall[], logged: readonly string[], query: string): number => {
    // A joined call may carry keys of several operations, of which each tells its own.
    const bare = (line: string): string => (waterfalls.length > 1 ? line.replace(/\[.*\]/, '') : line);
    const network = waterfalls.flatMap(({ calls }) => calls.filter(({ source }) => source === 'network'));
    const answered = network
      .filter(({ status }) => status !== null)
      .map(wordsOfTold)
      .map(bare);
    const rest = logged.map(bare);
    for (const line of answered) {
      expect(rest, query).toContain(line);
      rest.splice(rest.indexOf(line), 1);
    }
    const cut = network.filter(({ status, error }) => status === null && error === 'DEADLINE_EXCEEDED');
    const unsaid = cut.map(wordsOfTold).map((line) => bare(line).replace(/ null$/, ''));
    // Who is given a stale answer does not wait for its refresh: that call is nobody's.
    const refreshed = new Set(
      waterfalls.flatMap(({ calls }) =>
        calls.filter(({ source }) => source === 'stale').map(({ backend, route }) => `${backend} ${route} `),
      ),
    );
    for (const line of rest) {
      if ([...refreshed].some((start) => line.startsWith(start))) continue;
      const place = unsaid.indexOf(line.replace(/ \S+$/, ''));
      expect(place, `logged and not told: ${line}, in ${query}`).toBeGreaterThanOrEqual(0);
      unsaid.splice(place, 1);
    }
    return answered.length;
  };

  const expectSound = (waterfall: Waterfall, query: string): void => {
    const asked = pathsIn(query);
    for (const call of waterfall.calls) {
      if (call.source === 'cache' || call.source === 'stale') spared += 1;
      expect(call.paths.length, query).toBeGreaterThan(0);
      for (const path of call.paths) expect(asked, query).toContain(path);
      expect(call.queueMs + call.waitMs + call.downloadMs).toBeCloseTo(call.durationMs, 0);
      expect(call.startMs + call.durationMs).toBeLessThanOrEqual(waterfall.totalMs + 0.1);
      if (call.status === 200 && call.source === 'network') expect(call.bytes).toBeGreaterThan(0);
    }
    expect(waterfall.criticalPathMs).toBeLessThanOrEqual(waterfall.totalMs + 0.1);
    expect(waterfall.truncated).toBe(false);
  };

  it('tells each call that the backends have logged, with its keys and status, and no other', async () => {
    let told = 0;
    for (let seed = 1; seed <= 60; seed += 1) {
      const query = randomQuery(seed, known);
      const waterfall = await trace(query, `alone-${seed}`);
      expectSound(waterfall, query);
      told += expectTold([waterfall], await loggedOf(new Set([`alone-${seed}`])), query);
    }
    expect(told).toBeGreaterThan(50);
  });

  it('tells retries and failures one by one while backends are sick', async () => {
    for (const backend of ['products', 'orders', 'flights', 'inventory']) {
      await weir.fault(backend, { errorRate: 0.3, status: 503 });
    }
    let repeated = 0;
    let failed = 0;
    for (let seed = 101; seed <= 140; seed += 1) {
      const query = randomQuery(seed, known);
      const waterfall = await trace(query, `sick-${seed}`);
      expectSound(waterfall, query);
      expectTold([waterfall], await loggedOf(new Set([`sick-${seed}`])), query);
      repeated += waterfall.calls.filter(({ attempt }) => attempt > 1).length;
      failed += waterfall.calls.filter(({ error }) => error !== null).length;
    }
    expect(repeated).toBeGreaterThan(0);
    expect(failed).toBeGreaterThan(0);
  });

  it('adds up to the logs where operations run side by side and share calls', async () => {
    const seeds = Array.from({ length: 40 }, (_, index) => 201 + index);
    const requestIds = new Set(seeds.map((seed) => `beside-${seed}`));
    const waterfalls = await Promise.all(
      seeds.map((seed) => trace(randomQuery(seed, known), `beside-${seed}`)),
    );
    expect(expectTold(waterfalls, await loggedOf(requestIds), 'all of them')).toBeGreaterThan(50);
  });
});

/** Every response path of a document without named fragments. */
function pathsIn(query: string): ReadonlySet<string> {
  const paths = new Set<string>();
  const walk = ({ selections }: SelectionSetNode, above: string): void => {
    for (const selection of selections) {
      if (selection.kind === Kind.INLINE_FRAGMENT) walk(selection.selectionSet, above);
      if (selection.kind !== Kind.FIELD) continue;
      const path = `${above}${keyOf(selection)}`;
      paths.add(path);
      if (selection.selectionSet) walk(selection.selectionSet, `${path}.`);
    }
  };
  for (const definition of parse(query).definitions) {
    if (definition.kind === Kind.OPERATION_DEFINITION) walk(definition.selectionSet, '');
  }
  return paths;
}

const keyOf = ({ alias, name }: FieldNode): string => alias?.value ?? name.value;
