import { describe, expect, it } from 'vitest';
import { callOf, connect, errorOf, thing } from './rest-client.ts';
import { type Answering, json, serve } from './rest-server.ts';

/** Fails in turn as told, then answers. */
const afterFailures = (failures: readonly Answering[]): Answering => {
  let count = 0;
  return (request, response, body) => {
    const failure = failures[count];
    count += 1;
    if (failure) failure(request, response, body);
    else json(response, { id: '1' });
  };
};

const status =
  (code: number, headers: Readonly<Record<string, string>> = {}): Answering =>
  (_request, response) =>
    json(response, {}, code, headers);

const reset: Answering = (request) => request.socket.resetAndDestroy();

const garbage: Answering = (_request, response) => response.end('<html>');

const readOf = (client: ReturnType<typeof connect>) =>
  ({ endpoint: client.endpoint('thingById'), path: { id: '1' }, decode: thing }) as const;

describe('a read', () => {
  it.each([
    ['500', status(500)],
    ['502', status(502)],
    ['503', status(503)],
    ['504', status(504)],
    ['429', status(429)],
    ['a reset', reset],
    ['garbage', garbage],
  ])('is repeated after %s', async (_name, failure) => {
    await using server = await serve(afterFailures([failure, failure]));
    await using client = connect([server.url]);
    expect(await client.upstream.send(callOf(), readOf(client))).toEqual({ id: '1' });
    expect(server.received).toHaveLength(3);
  });

  it.each([400, 401, 403, 404, 409, 422])('is not repeated after %i', async (code) => {
    await using server = await serve(status(code));
    await using client = connect([server.url]);
    await errorOf(client.upstream.send(callOf(), readOf(client)));
    expect(server.received).toHaveLength(1);
  });

  it('ends with the last outcome when every attempt fails', async () => {
    await using server = await serve(afterFailures([reset, status(503), status(500), status(500)]));
    await using client = connect([server.url]);
    expect((await errorOf(client.upstream.send(callOf(), readOf(client)))).code).toBe('UPSTREAM_ERROR');
    expect(server.received).toHaveLength(3);
  });

  it('ends with what the backend said, not with the breaker that opened before the repeat', async () => {
    await using server = await serve(status(500));
    await using client = connect([server.url], {
      numbers: { breaker: { failures: 1, halfOpenAfterMs: 5000, slowMs: 1000 } },
    });
    expect((await errorOf(client.upstream.send(callOf(), readOf(client)))).code).toBe('UPSTREAM_ERROR');
    expect(server.received).toHaveLength(1);
  });

  it('that was not answered in time is not sent to the same instance again', async () => {
    await using server = await serve(() => undefined);
    await using client = connect([server.url], { numbers: { timeoutMs: 80 } });
    expect((await errorOf(client.upstream.send(callOf(), readOf(client)))).code).toBe('UPSTREAM_TIMEOUT');
    expect(server.received).toHaveLength(1);
  });

  it('that was not answered in time is sent to another instance', async () => {
    await using dead = await serve(() => undefined);
    await using alive = await serve((_request, response) => json(response, { id: '1' }));
    await using client = connect([dead.url, alive.url], { numbers: { timeoutMs: 80 } });
    const reads = Array.from({ length: 6 }, () => client.upstream.send(callOf(), readOf(client)));
    // Three repeats are free; the balance sends no more than three of six to either.
    expect(await Promise.all(reads)).toHaveLength(6);
    expect(dead.received.length).toBeGreaterThan(0);
  });
});

describe('a write', () => {
  it.each([
    ['503', status(503)],
    ['a reset', reset],
    ['garbage', garbage],
  ])('is sent once, with a key or without, whatever comes back: %s', async (_name, failure) => {
    await using server = await serve(failure);
    await using client = connect([server.url]);
    const endpoint = client.endpoint('createThing');
    await errorOf(client.upstream.send(callOf(), { endpoint, body: {}, decode: thing }));
    await errorOf(client.upstream.send(callOf(), { endpoint, body: {}, idempotencyKey: 'k', decode: thing }));
    expect(server.received).toHaveLength(2);
  });
});

describe('the wait before a repeat', () => {
  it('is random between nothing and a bound that doubles', async () => {
    await using server = await serve(afterFailures([status(503), status(503)]));
    await using client = connect([server.url], {
      random: () => 1,
      numbers: { retry: { baseMs: 60, maxMs: 1000, budget: 0.1, free: 3, saved: 3 } },
    });
    await client.upstream.send(callOf(), readOf(client));
    const [first, second, third] = server.received.map(({ at }) => at);
    if (first === undefined || second === undefined || third === undefined) throw new Error('three were due');
    expect(second - first).toBeGreaterThanOrEqual(58);
    expect(third - second).toBeGreaterThanOrEqual(118);

    await using other = await serve(afterFailures([status(503), status(503)]));
    await using eager = connect([other.url], {
      random: () => 0,
      numbers: { retry: { baseMs: 10_000, maxMs: 10_000, budget: 0.1, free: 3, saved: 3 } },
    });
    await eager.upstream.send(callOf(), readOf(eager));
    expect(other.received).toHaveLength(3);
  });

  it('honours Retry-After in seconds', async () => {
    await using server = await serve(afterFailures([status(503, { 'retry-after': '1' })]));
    await using client = connect([server.url]);
    await client.upstream.send(callOf({ leftMs: 4000 }), readOf(client));
    const [first, second] = server.received.map(({ at }) => at);
    expect((second ?? 0) - (first ?? 0)).toBeGreaterThanOrEqual(995);
  });

  it('honours Retry-After as a date', async () => {
    const date = new Date(Date.now() + 2000).toUTCString();
    await using server = await serve(afterFailures([status(503, { 'retry-after': date })]));
    await using client = connect([server.url]);
    await client.upstream.send(callOf({ leftMs: 5000 }), readOf(client));
    expect((server.received[1]?.at ?? 0) - (server.received[0]?.at ?? 0)).toBeGreaterThan(500);
  });

  it('is not begun when Retry-After outlives the deadline', async () => {
    await using server = await serve(status(503, { 'retry-after': '2' }));
    await using client = connect([server.url]);
    const startedAt = performance.now();
    const error = await errorOf(client.upstream.send(callOf({ leftMs: 1500 }), readOf(client)));
    expect(performance.now() - startedAt).toBeLessThan(1400);
    expect(error.detail.retryAfter).toBe(2);
    expect(server.received).toHaveLength(1);
  });

  it('is not begun when a call of usual length would not end before the deadline', async () => {
    await using server = await serve(status(503));
    await using client = connect([server.url]);
    const request = { endpoint: client.endpoint('slowThing'), path: { id: '1' }, decode: thing };
    await errorOf(client.upstream.send(callOf({ leftMs: 300 }), request));
    expect(server.received).toHaveLength(1);
    await errorOf(client.upstream.send(callOf({ leftMs: 2000 }), request));
    expect(server.received).toHaveLength(4);
  });

  it('learns from the calls what is usual', async () => {
    let failing = false;
    await using server = await serve((_request, response) =>
      json(response, { id: '1' }, failing ? 503 : 200),
    );
    await using client = connect([server.url]);
    const request = { endpoint: client.endpoint('slowThing'), path: { id: '1' }, decode: thing };
    // Said to take 400 ms, it takes next to nothing.
    for (let count = 0; count < 40; count += 1) await client.upstream.send(callOf(), request);
    failing = true;
    await errorOf(client.upstream.send(callOf({ leftMs: 300 }), request));
    expect(server.received).toHaveLength(43);
  });

  it('ends when the operation is cancelled', async () => {
    await using server = await serve(status(503, { 'retry-after': '1' }));
    await using client = connect([server.url]);
    const abort = new AbortController();
    const startedAt = performance.now();
    setTimeout(() => abort.abort(), 50);
    await errorOf(client.upstream.send(callOf({ signal: abort.signal, leftMs: 5000 }), readOf(client)));
    expect(performance.now() - startedAt).toBeLessThan(900);
    expect(server.received).toHaveLength(1);
  });
});

describe('the budget', () => {
  /** Without a breaker, so that nothing but the budget bounds the attempts. */
  const unbroken = {
    breaker: { failures: 1e9, halfOpenAfterMs: 1, slowMs: 1e9, ejectAfter: 1e9 },
    retry: { baseMs: 1, maxMs: 2, budget: 0.1, free: 3, saved: 10 },
  };

  it('holds a total outage at 1.10 times the demand', async () => {
    await using server = await serve(status(503));
    await using client = connect([server.url], { numbers: unbroken });
    const demand = 200;
    for (let count = 0; count < demand; count += 8) {
      await Promise.all(
        Array.from({ length: 8 }, () => errorOf(client.upstream.send(callOf(), readOf(client)))),
      );
    }
    expect(server.received.length).toBeGreaterThan(demand);
    expect(server.received.length).toBeLessThanOrEqual(1.1 * demand);
  });

  it('belongs to the backend, not to one of its instances', async () => {
    await using one = await serve(status(503));
    await using other = await serve(status(503));
    await using client = connect([one.url, other.url], { numbers: unbroken });
    const demand = 100;
    for (let count = 0; count < demand; count += 1) {
      await errorOf(client.upstream.send(callOf(), readOf(client)));
    }
    expect(one.received.length + other.received.length).toBeLessThanOrEqual(1.1 * demand);
  });

  it('keeps a little from good times, and no more', async () => {
    let failing = false;
    await using server = await serve((_request, response) =>
      json(response, { id: '1' }, failing ? 503 : 200),
    );
    await using client = connect([server.url], { numbers: unbroken });
    for (let count = 0; count < 300; count += 1) await client.upstream.send(callOf(), readOf(client));
    failing = true;
    for (let count = 0; count < 20; count += 1) await errorOf(client.upstream.send(callOf(), readOf(client)));
    // 20 calls earn 2 repeats, and 10 were saved up of the 30 that 300 good calls would have earned.
    expect(server.received.length - 300).toBeLessThanOrEqual(20 + 2 + 10);
    expect(server.received.length - 300).toBeGreaterThanOrEqual(20 + 10);
  });
});
