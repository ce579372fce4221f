import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { callOf, connect, errorOf, sleep, thing, until } from './rest-client.ts';
import { type Answering, json, type RestServer, serve } from './rest-server.ts';

const readOf = (client: ReturnType<typeof connect>) =>
  ({ endpoint: client.endpoint('thingById'), path: { id: '1' }, decode: thing }) as const;

const writeOf = (client: ReturnType<typeof connect>) =>
  ({ endpoint: client.endpoint('createThing'), body: {}, decode: thing }) as const;

const good: Answering = (_request, response) => json(response, { id: '1' });
const failing: Answering = (_request, response) => json(response, {}, 503);

/** Instances whose behaviour can be switched. */
async function cluster(size: number) {
  const answers: Answering[] = Array.from({ length: size }, () => good);
  const servers: RestServer[] = [];
  for (let index = 0; index < size; index += 1) {
    servers.push(await serve((request, response, body) => answers[index]?.(request, response, body)));
  }
  return {
    answers,
    servers,
    urls: servers.map(({ url }) => url),
    counts: () => servers.map(({ received }) => received.length),
    [Symbol.asyncDispose]: async () => {
      await Promise.all(servers.map((server) => server.close()));
    },
  };
}

const numbers = { attempts: 1, breaker: { failures: 6, halfOpenAfterMs: 500, slowMs: 1000, ejectAfter: 3 } };

describe('several instances', () => {
  it('share the calls evenly when they are alike', async () => {
    await using it = await cluster(3);
    await using client = connect(it.urls);
    for (let round = 0; round < 30; round += 1) {
      await Promise.all(Array.from({ length: 6 }, () => client.upstream.send(callOf(), readOf(client))));
    }
    for (const count of it.counts()) expect(count).toBeGreaterThan(30);
  });

  it('get fewer calls while they are slow', async () => {
    await using it = await cluster(2);
    it.answers[0] = (_request, response) => {
      setTimeout(() => json(response, { id: '1' }), 80);
    };
    await using client = connect(it.urls);
    const worker = async () => {
      for (let count = 0; count < 30; count += 1) await client.upstream.send(callOf(), readOf(client));
    };
    await Promise.all([worker(), worker(), worker(), worker()]);
    const [slow = 0, fast = 0] = it.counts();
    expect(slow + fast).toBe(120);
    expect(slow).toBeLessThan(fast / 2);
  });

  it('are passed over while their queue is full and another has room', async () => {
    const held: ServerResponse[] = [];
    await using it = await cluster(2);
    for (const index of [0, 1]) it.answers[index] = (_request, response) => held.push(response);
    await using client = connect(it.urls, { numbers: { ...numbers, concurrency: 1, queue: 1 } });
    const calls = [1, 2, 3, 4].map(() => client.upstream.send(callOf(), readOf(client)));
    expect((await errorOf(client.upstream.send(callOf(), readOf(client)))).detail).toMatchObject({
      limit: 2,
    });
    expect(client.upstream.health().map(({ inFlight, waiting }) => [inFlight, waiting])).toEqual([
      [1, 1],
      [1, 1],
    ]);
    await until(() => held.length === 2);
    for (const response of held.splice(0)) json(response, { id: '1' });
    await until(() => held.length === 2);
    for (const response of held.splice(0)) json(response, { id: '1' });
    await Promise.all(calls);
  });

  it('take over a read that failed elsewhere', async () => {
    await using it = await cluster(2);
    it.answers[0] = failing;
    await using client = connect(it.urls, { numbers: { attempts: 2 } });
    for (let count = 0; count < 6; count += 1) {
      expect(await client.upstream.send(callOf(), readOf(client))).toEqual({ id: '1' });
    }
  });
});

describe('an instance that fails', () => {
  it('is left out soon, and comes back by one probe', async () => {
    await using it = await cluster(2);
    it.answers[0] = failing;
    await using client = connect(it.urls, { numbers });
    for (let count = 0; count < 40; count += 1) {
      await client.upstream.send(callOf(), readOf(client)).catch(() => null);
    }
    expect(it.counts()[0]).toBe(3);
    expect(client.upstream.health().map(({ state, ejected }) => [state, ejected])).toEqual([
      ['open', true],
      ['closed', false],
    ]);

    it.answers[0] = good;
    await sleep(520);
    const before = it.counts()[0] ?? 0;
    for (let count = 0; count < 40; count += 1) await client.upstream.send(callOf(), readOf(client));
    expect(it.counts()[0]).toBeGreaterThan(before + 5);
    expect(client.upstream.health().map(({ state }) => state)).toEqual(['closed', 'closed']);
  });

  it('stays out while its probes fail, which costs one call a time', async () => {
    await using it = await cluster(2);
    it.answers[0] = failing;
    await using client = connect(it.urls, { numbers });
    for (let count = 0; count < 20; count += 1) {
      await client.upstream.send(callOf(), readOf(client)).catch(() => null);
    }
    await sleep(520);
    let failed = 0;
    for (let count = 0; count < 20; count += 1) {
      await client.upstream.send(callOf(), readOf(client)).catch(() => {
        failed += 1;
      });
    }
    expect(failed).toBe(1);
    expect(it.counts()[0]).toBe(4);
  });

  it('is not probed with a write while another can take it', async () => {
    await using it = await cluster(2);
    it.answers[0] = failing;
    await using client = connect(it.urls, { numbers });
    for (let count = 0; count < 20; count += 1) {
      await client.upstream.send(callOf(), readOf(client)).catch(() => null);
    }
    await sleep(520);
    for (let count = 0; count < 20; count += 1) await client.upstream.send(callOf(), writeOf(client));
    expect(it.counts()[0]).toBe(3);
  });
});

describe('when all fail', () => {
  it('never more than half are left out early; the others until their breaker opens', async () => {
    await using it = await cluster(4);
    it.answers.fill(failing);
    await using client = connect(it.urls, { numbers });
    let most = 0;
    for (let count = 0; count < 60; count += 1) {
      await errorOf(client.upstream.send(callOf(), readOf(client)));
      most = Math.max(most, client.upstream.health().filter(({ ejected }) => ejected).length);
    }
    expect(most).toBe(2);
    expect(it.counts().sort((a, b) => a - b)).toEqual([3, 3, 6, 6]);
  });

  it('one instance alone is never left out early', async () => {
    await using it = await cluster(1);
    it.answers.fill(failing);
    await using client = connect(it.urls, { numbers });
    for (let count = 0; count < 5; count += 1) await errorOf(client.upstream.send(callOf(), readOf(client)));
    expect(it.counts()).toEqual([5]);
    expect(client.upstream.health()[0]).toMatchObject({ state: 'closed', ejected: false });
  });
});
