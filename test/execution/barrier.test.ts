import { createServer } from 'node:http';
import { execute, getOperationAST, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { createEstimates } from '../../src/execution/estimates.ts';
import { createPlanner } from '../../src/execution/plan.ts';
import { createScheduler } from '../../src/execution/scheduler.ts';
import { type Ask, weirLoaders } from './engine/loaders.ts';
import { createRows } from './engine/rows.ts';
import { worldSchemas } from './engine/run.ts';
import { type Args, table, type WorldContext } from './engine/world.ts';

/**
 * A real backend that answers nobody until as many calls have arrived as it was told to expect, wave by wave.
 * A batch that is split, or a call that waits for one of its own wave, is never answered.
 */
async function createBarrier(waves: readonly number[]) {
  const rows = createRows();
  const arrived: string[][] = [[]];
  let waiting: (() => void)[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://barrier');
    const endpoint = url.pathname.slice(1);
    const keys = url.searchParams.get('keys')?.split(',') ?? [];
    const args = JSON.parse(url.searchParams.get('args') ?? 'null') ?? undefined;
    const wave = arrived.at(-1);
    wave?.push(endpoint);
    waiting.push(() => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(keys.map((key) => rows.find(endpoint, key, args))));
    });
    if (waiting.length < (waves[arrived.length - 1] ?? Number.POSITIVE_INFINITY)) return;
    const open = waiting;
    waiting = [];
    arrived.push([]);
    for (const answer of open) answer();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const ask: Ask = async (endpoint: string, keys: readonly string[], args: Args) => {
    const query = new URLSearchParams({ keys: keys.join(','), args: JSON.stringify(args ?? null) });
    const response = await fetch(`http://127.0.0.1:${port}/${endpoint}?${query}`);
    return response.json();
  };
  return {
    ask,
    waves: () => arrived.filter((wave) => wave.length > 0).map((wave) => wave.toSorted()),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

describe('over real HTTP', () => {
  it('makes each wave of calls together and waits for nothing else', async () => {
    await using barrier = await createBarrier([5, 4, 1]);
    const document = parse(`{
      a: shelf(name: "a") { products { name maker { name } } }
      b: shelf(name: "bb") { products { name } }
      feed(first: 2) { ... on Book { subject { name } author { name } } ... on Disc { subject { name } } }
      person(id: "5") { name reviews { nodes { product { stock { available } } } } }
    }`);
    const operation = getOperationAST(document);
    if (!operation) throw new Error('no operation');
    const planner = createPlanner({ schema: worldSchemas.instrumented, table });
    const scheduler = createScheduler(planner.planOperation(document, operation), {
      variables: {},
      estimates: createEstimates(),
      strict: true,
    });
    const contextValue: WorldContext = {
      ...weirLoaders(scheduler, barrier.ask),
      scheduler,
      work: () => Promise.resolve(),
      write: () => Promise.resolve(),
    };
    const result = await execute({ schema: worldSchemas.instrumented, document, contextValue });
    expect(result.errors).toBeUndefined();
    expect(barrier.waves()).toEqual([
      ['feed', 'peopleByIds', 'reviewsByPersonIds', 'shelf', 'shelf'],
      ['editionsByIds', 'peopleByIds', 'productsByIds', 'stockByProductIds'],
      ['makersByIds'],
    ]);
    expect(scheduler.audit()).toEqual({ outstanding: 0, pending: 0, held: 0, inFlight: 0, timers: 0 });
    scheduler.finish();
  });
});
