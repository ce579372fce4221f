import { describe, expect, it } from 'vitest';
import type { Answer, Exchange, Layer } from '../../src/http/exchange.ts';
import { callOf, connect, errorOf, thing, until } from './rest-client.ts';
import { json, serve } from './rest-server.ts';

const readOf = (client: ReturnType<typeof connect>) =>
  ({ endpoint: client.endpoint('thingById'), path: { id: '1' }, decode: thing }) as const;

/** A layer that notes what passes it. */
function noting() {
  const asked: Exchange[] = [];
  const answered: Answer[] = [];
  const layer: Layer = (next) => async (exchange) => {
    asked.push(exchange);
    const answer = await next(exchange);
    answered.push(answer);
    return answer;
  };
  return { asked, answered, layer };
}

describe('the order of the policies', () => {
  it('the deadline comes before the layers', async () => {
    await using server = await serve((_request, response) => json(response, { id: '1' }));
    const { asked, layer } = noting();
    await using client = connect([server.url], { layers: [layer] });
    expect((await errorOf(client.upstream.send(callOf({ leftMs: -1 }), readOf(client)))).code).toBe(
      'DEADLINE_EXCEEDED',
    );
    expect(asked).toEqual([]);
  });

  it('the layers come before the retries: they ask once, and get every status', async () => {
    let count = 0;
    await using server = await serve((_request, response) => {
      count += 1;
      json(response, {}, count < 3 ? 503 : 404);
    });
    const { asked, answered, layer } = noting();
    await using client = connect([server.url], { layers: [layer] });
    expect(await client.upstream.find(callOf(), readOf(client))).toBeNull();
    expect(asked).toHaveLength(1);
    expect(answered.map(({ status }) => status)).toEqual([404]);
    expect(server.received).toHaveLength(3);
  });

  it('the first layer is the outermost', async () => {
    await using server = await serve((_request, response) => json(response, { id: '1' }));
    const order: string[] = [];
    const named =
      (name: string): Layer =>
      (next) =>
      (exchange) => {
        order.push(name);
        return next(exchange);
      };
    await using client = connect([server.url], { layers: [named('cache'), named('joining')] });
    await client.upstream.send(callOf(), readOf(client));
    expect(order).toEqual(['cache', 'joining']);
  });

  it('each repeat chooses its instance anew', async () => {
    await using bad = await serve((_request, response) => json(response, {}, 503));
    await using well = await serve((_request, response) => json(response, { id: '1' }));
    await using client = connect([bad.url, well.url], { random: () => 0, numbers: { attempts: 2 } });
    await client.upstream.send(callOf(), readOf(client));
    expect([bad.received.length, well.received.length]).toEqual([1, 1]);
  });

  it('what an open breaker refuses takes no slot and no place in the queue', async () => {
    await using server = await serve((request) => request.socket.destroy());
    await using client = connect([server.url], {
      numbers: { attempts: 1, breaker: { failures: 2, halfOpenAfterMs: 5000, slowMs: 1000 } },
    });
    for (let count = 0; count < 2; count += 1) await errorOf(client.upstream.send(callOf(), readOf(client)));
    const refused = Array.from({ length: 30 }, () => errorOf(client.upstream.send(callOf(), readOf(client))));
    expect(client.upstream.health()[0]).toMatchObject({ state: 'open', inFlight: 0, waiting: 0 });
    // With slots (8) and queue (8) taken by them, some would say that the queue is full.
    for (const error of await Promise.all(refused)) expect(error.detail.limit).toBeUndefined();
  });
});

describe('a layer', () => {
  it('may answer by itself, and the answer is decoded like any other', async () => {
    await using server = await serve(() => undefined);
    const kept: Answer = {
      status: 200,
      headers: {},
      body: { id: 'kept' },
      bytes: 0,
      timings: { queuedAt: 0, startedAt: 0, firstByteAt: 0, endedAt: 0 },
      source: 'cache',
    };
    await using client = connect([server.url], { layers: [() => () => Promise.resolve(kept)] });
    expect(await client.upstream.send(callOf(), readOf(client))).toEqual({ id: 'kept' });
    expect(server.received).toHaveLength(0);
  });

  it('may hand on a decoded value, which is not decoded again', async () => {
    await using server = await serve((_request, response) => json(response, { id: '1' }));
    const layer: Layer = (next) => async (exchange) => {
      const answer = await next(exchange);
      return { ...answer, body: null, decoded: { value: exchange.decode.parse(answer.body) } };
    };
    await using client = connect([server.url], { layers: [layer] });
    expect(await client.upstream.send(callOf(), readOf(client))).toEqual({ id: '1' });
  });

  it('may add validators, and gets the 304', async () => {
    await using server = await serve((_request, response) => response.writeHead(304, { etag: '"a"' }).end());
    let seen: Answer | null = null;
    const layer: Layer = (next) => async (exchange) => {
      const answer = await next({ ...exchange, headers: { ...exchange.headers, 'if-none-match': '"a"' } });
      seen = answer;
      return { ...answer, status: 200, body: { id: 'kept' } };
    };
    await using client = connect([server.url], { layers: [layer] });
    expect(await client.upstream.send(callOf(), readOf(client))).toEqual({ id: 'kept' });
    expect(server.received[0]?.headers['if-none-match']).toBe('"a"');
    expect(seen).toMatchObject({ status: 304, body: null, headers: { etag: '"a"' } });
  });

  it('may give the call an end of its own', async () => {
    await using server = await serve(() => undefined);
    const own = new AbortController();
    const layer: Layer = (next) => (exchange) =>
      next({ ...exchange, signal: own.signal, deadlineAt: performance.now() + 5000 });
    await using client = connect([server.url], { layers: [layer], numbers: { timeoutMs: 5000 } });
    const pending = errorOf(client.upstream.send(callOf({ leftMs: 20 }), readOf(client)));
    await until(() => server.received.length === 1);
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(server.open.size).toBe(1);
    own.abort();
    await pending;
    await until(() => server.open.size === 0);
  });

  it('sees whose eyes an answer is for', async () => {
    await using server = await serve((_request, response) => json(response, { id: '1' }));
    const { asked, layer } = noting();
    const machineToken = { current: () => 'machine', forget: () => {} };
    await using client = connect([server.url], { layers: [layer], machineToken });
    const viewer = { id: '17', scopes: new Set<string>(), clientId: null, token: 't', expiresAt: 0 };
    const own = { endpoint: client.endpoint('ownThings'), decode: thing };
    const all = { endpoint: client.endpoint('allThings'), decode: thing };
    await client.upstream.send(callOf({ viewer }), readOf(client));
    await client.upstream.send(callOf(), own);
    await client.upstream.send(callOf({ viewer }), own);
    await client.upstream.send(callOf({ viewer, onBehalfOf: '9' }), own);
    await client.upstream.send(callOf({ viewer }), all);
    expect(asked.map(({ principal }) => principal)).toEqual([null, null, 'viewer:17', 'behalf:9', 'machine']);
    for (const { principal, headers } of asked) expect('authorization' in headers).toBe(principal !== null);
  });
});
