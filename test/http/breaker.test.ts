import { describe, expect, it } from 'vitest';
import type { BreakerChange } from '../../src/http/breaker.ts';
import { atOnce, callOf, connect, errorOf, type RestClientOptions, sleep, thing } from './rest-client.ts';
import { type Answering, json, serve } from './rest-server.ts';

const readOf = (client: ReturnType<typeof connect>) =>
  ({ endpoint: client.endpoint('thingById'), path: { id: '1' }, decode: thing }) as const;

const numbers = { attempts: 1, breaker: { failures: 3, halfOpenAfterMs: 400, slowMs: 200, ejectAfter: 3 } };

/** A backend that can be switched, its client, and what the breaker did. */
async function world(answer: Answering, options: RestClientOptions = {}) {
  const state = { answer };
  const changes: BreakerChange[] = [];
  const server = await serve((request, response, body) => state.answer(request, response, body));
  const client = connect([server.url], {
    numbers,
    events: { breaker: (_instance, change) => changes.push(change) },
    ...options,
  });
  const read = () => client.upstream.send(callOf(), readOf(client));
  return {
    server,
    client,
    state,
    changes,
    read,
    [Symbol.asyncDispose]: async () => {
      await client.upstream.close();
      await server.close();
    },
  };
}

const good: Answering = (_request, response) => json(response, { id: '1' });
const failing: Answering = (_request, response) => json(response, {}, 503);

describe('the breaker', () => {
  it.each([
    ['503', failing, 'status 503'],
    ['500', (_request, response) => json(response, {}, 500), 'status 500'],
    ['resets', (request) => request.socket.resetAndDestroy(), 'ECONNRESET'],
    ['garbage', (_request, response) => response.end('<html>'), 'unreadable'],
    ['slow answers', (_request, response) => setTimeout(() => json(response, { id: '1' }), 230), 'slow'],
  ] as const satisfies readonly (readonly [string, Answering, string])[])(
    'opens after so many failures in a row: %s',
    async (_name, answer, reason) => {
      await using it = await world(answer);
      for (let count = 0; count < 3; count += 1) await it.read().catch(() => undefined);
      expect(it.changes).toEqual([{ from: 'closed', to: 'open', ejected: false, reason }]);
      expect(it.client.upstream.health()[0]).toMatchObject({
        state: 'open',
        lastReason: reason,
        failuresInRow: 3,
      });

      const error = await atOnce(errorOf(it.read()));
      expect(error.code).toBe('UPSTREAM_UNAVAILABLE');
      expect(error.detail.retryAfter).toBe(1);
      expect(it.server.received).toHaveLength(3);
    },
  );

  it('opens after time-outs', async () => {
    await using it = await world(() => undefined, { numbers: { ...numbers, timeoutMs: 60 } });
    await Promise.all([1, 2, 3].map(() => errorOf(it.read())));
    expect(it.changes).toEqual([{ from: 'closed', to: 'open', ejected: false, reason: 'timeout' }]);
  });

  it('stays closed while a good answer comes in between', async () => {
    let count = 0;
    await using it = await world((request, response, body) => {
      count += 1;
      (count % 3 === 0 ? good : failing)(request, response, body);
    });
    for (let calls = 0; calls < 12; calls += 1) await it.read().catch(() => undefined);
    expect(it.changes).toEqual([]);
  });

  it.each([400, 401, 404, 409, 429])('does not count %i', async (status) => {
    await using it = await world((_request, response) => json(response, {}, status));
    for (let count = 0; count < 6; count += 1) await errorOf(it.read());
    expect(it.changes).toEqual([]);
  });

  it('does not let callers in a hurry make a healthy backend look sick', async () => {
    await using it = await world((_request, response) => setTimeout(() => json(response, { id: '1' }), 60));
    for (let count = 0; count < 6; count += 1) {
      await errorOf(it.client.upstream.send(callOf({ leftMs: 20 }), readOf(it.client)));
    }
    expect(it.changes).toEqual([]);
    expect(await it.read()).toEqual({ id: '1' });
  });

  it('lets one probe through when half open, and closes when it succeeds', async () => {
    await using it = await world(failing);
    for (let count = 0; count < 3; count += 1) await errorOf(it.read());
    it.state.answer = (_request, response) => setTimeout(() => json(response, { id: '1' }), 40);
    await sleep(420);
    expect(it.client.upstream.health()[0]?.state).toBe('half-open');

    const outcomes = await Promise.allSettled([1, 2, 3, 4, 5].map(() => it.read()));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(it.server.received).toHaveLength(4);
    expect(it.changes.map(({ from, to }) => `${from} -> ${to}`)).toEqual([
      'closed -> open',
      'half-open -> closed',
    ]);
    expect(await Promise.all([1, 2, 3].map(() => it.read()))).toHaveLength(3);
  });

  it('opens again when the probe fails', async () => {
    await using it = await world(failing);
    for (let count = 0; count < 3; count += 1) await errorOf(it.read());
    await sleep(420);
    await errorOf(it.read());
    expect(it.server.received).toHaveLength(4);
    await errorOf(it.read());
    expect(it.server.received).toHaveLength(4);
    expect(it.changes.map(({ from, to }) => `${from} -> ${to}`)).toEqual([
      'closed -> open',
      'half-open -> open',
    ]);
  });

  it('takes the next call as the probe when one was cancelled', async () => {
    await using it = await world(failing);
    for (let count = 0; count < 3; count += 1) await errorOf(it.read());
    it.state.answer = (_request, response) => setTimeout(() => json(response, { id: '1' }), 60);
    await sleep(420);
    await errorOf(it.client.upstream.send(callOf({ leftMs: 20 }), readOf(it.client)));
    expect(it.client.upstream.health()[0]?.state).toBe('half-open');
    expect(await it.read()).toEqual({ id: '1' });
    expect(it.client.upstream.health()[0]?.state).toBe('closed');
  });

  it('is not opened again by calls of before', async () => {
    await using it = await world(() => undefined, { numbers: { ...numbers, timeoutMs: 900 } });
    const hung = [1, 2, 3, 4].map(() => errorOf(it.read()));
    await sleep(20);
    it.state.answer = failing;
    for (let count = 0; count < 3; count += 1) await errorOf(it.read());
    it.state.answer = good;
    await sleep(420);
    expect(await it.read()).toEqual({ id: '1' });
    await Promise.all(hung);
    expect(it.client.upstream.health()[0]).toMatchObject({ state: 'closed', failuresInRow: 0 });
  });

  it('tells the operator when it opens and when it closes', async () => {
    await using it = await world(failing);
    for (let count = 0; count < 3; count += 1) await errorOf(it.read());
    it.state.answer = good;
    await sleep(420);
    await it.read();
    expect(it.client.log.map(({ level, fields }) => [level, fields.instance, fields.to])).toEqual([
      ['warn', 'things#1', 'open'],
      ['info', 'things#1', 'closed'],
    ]);
  });
});
