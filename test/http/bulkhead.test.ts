import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { endpointOf } from '../../src/backends.ts';
import { createUpstream } from '../../src/http/create-upstream.ts';
import {
  atOnce,
  callOf,
  connect,
  errorOf,
  quick,
  sleep,
  thing,
  thingEndpoints,
  until,
} from './rest-client.ts';
import { json, serve } from './rest-server.ts';

const readOf = (client: ReturnType<typeof connect>, id = '1') =>
  ({ endpoint: client.endpoint('thingById'), path: { id }, decode: thing }) as const;

/** A backend that answers only when it is told to. */
async function heldServer() {
  const held: { readonly url: string; readonly response: ServerResponse }[] = [];
  const server = await serve((request, response) => held.push({ url: request.url ?? '', response }));
  const release = (): void => {
    for (const { response } of held.splice(0)) json(response, { id: '1' });
  };
  return Object.assign(server, { held, release });
}

const numbers = { concurrency: 3, queue: 2, attempts: 1 };

describe('the bulkhead', () => {
  it('sends so many at once, lets so many wait, and refuses the rest at once', async () => {
    await using server = await heldServer();
    await using client = connect([server.url], { numbers });
    const calls = ['a', 'b', 'c', 'd', 'e'].map((id) => client.upstream.send(callOf(), readOf(client, id)));
    await until(() => server.held.length === 3);

    const refused = await atOnce(errorOf(client.upstream.send(callOf(), readOf(client, 'f'))));
    expect(refused.code).toBe('UPSTREAM_UNAVAILABLE');
    expect(refused.detail).toMatchObject({ backend: 'things', limit: 5, actual: 6 });
    expect(client.upstream.health()[0]).toMatchObject({ inFlight: 3, waiting: 2, state: 'closed' });
    expect(server.received).toHaveLength(3);

    server.release();
    await until(() => server.held.length === 2);
    server.release();
    expect(await Promise.all(calls)).toHaveLength(5);
    expect(server.received.map(({ url }) => url)).toEqual(
      ['a', 'b', 'c', 'd', 'e'].map((id) => `/things/${id}`),
    );
    expect(client.upstream.health()[0]).toMatchObject({ inFlight: 0, waiting: 0 });
  });

  it('does not repeat what it refused', async () => {
    await using server = await heldServer();
    await using client = connect([server.url], { numbers: { ...numbers, attempts: 3 } });
    const calls = [1, 2, 3, 4, 5].map(() => client.upstream.send(callOf(), readOf(client)));
    await errorOf(client.upstream.send(callOf(), readOf(client)));
    expect(client.records.map(({ attempt }) => attempt)).toEqual([1]);
    await until(() => server.held.length === 3);
    server.release();
    await until(() => server.held.length === 2);
    server.release();
    await Promise.all(calls);
  });

  it('lets go of those who wait when their time is over', async () => {
    await using server = await heldServer();
    await using client = connect([server.url], { numbers });
    const held = [1, 2, 3].map(() => client.upstream.send(callOf(), readOf(client)));
    const abort = new AbortController();
    const late = errorOf(client.upstream.send(callOf({ leftMs: 60 }), readOf(client)));
    const gone = errorOf(client.upstream.send(callOf({ signal: abort.signal }), readOf(client)));
    abort.abort();
    expect((await gone).code).toBe('DEADLINE_EXCEEDED');
    expect((await late).code).toBe('DEADLINE_EXCEEDED');
    expect(client.upstream.health()[0]).toMatchObject({ inFlight: 3, waiting: 0 });
    server.release();
    await Promise.all(held);
    await sleep(20);
    expect(server.received).toHaveLength(3);
  });

  it('sends nobody to an instance whose breaker opened while they waited', async () => {
    await using server = await serve((request) => {
      setTimeout(() => request.socket.destroy(), 30);
    });
    await using client = connect([server.url], {
      numbers: {
        concurrency: 2,
        queue: 20,
        attempts: 1,
        breaker: { failures: 2, halfOpenAfterMs: 5000, slowMs: 1000, ejectAfter: 2 },
      },
    });
    const errors = await Promise.all(
      Array.from({ length: 22 }, () => errorOf(client.upstream.send(callOf(), readOf(client)))),
    );
    expect(new Set(errors.map(({ code }) => code))).toEqual(new Set(['UPSTREAM_UNAVAILABLE']));
    // Two fill the slots; one of those who wait takes the first slot before the second failure opens the breaker.
    expect(server.received.length).toBeLessThanOrEqual(3);
    expect(client.upstream.health()[0]).toMatchObject({ inFlight: 0, waiting: 0 });
  });

  it('keeps a stuck backend from slowing another', async () => {
    await using stuck = await heldServer();
    await using well = await serve((_request, response) => json(response, { id: '1' }));
    const row = { ...quick, ...numbers, endpoints: thingEndpoints };
    const table = { stuck: row, well: row };
    const silent = { info: () => {}, warn: () => {}, error: () => {} };
    const upstream = createUpstream({
      table,
      instances: { stuck: [stuck.url], well: [well.url] },
      log: silent,
      checkShapes: 'always',
    });
    const read = (backend: string) =>
      upstream.send(callOf(), {
        endpoint: endpointOf(table, backend, 'thingById'),
        path: { id: '1' },
        decode: thing,
      });
    const waiting = Array.from({ length: 20 }, () => errorOf(read('stuck')));
    for (let count = 0; count < 20; count += 1) expect(await read('well')).toEqual({ id: '1' });
    expect(upstream.health().map(({ backend, inFlight, waiting }) => [backend, inFlight, waiting])).toEqual([
      ['stuck', 3, 2],
      ['well', 0, 0],
    ]);
    await Promise.all(waiting);
    await upstream.close();
  });
});
