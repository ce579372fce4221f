import { describe, expect, it } from 'vitest';
import { callOf, connect, errorOf, sleep, thing, until } from './rest-client.ts';
import { json, serve } from './rest-server.ts';

const requestOf = (client: ReturnType<typeof connect>) =>
  ({ endpoint: client.endpoint('thingById'), path: { id: '1' }, decode: thing }) as const;

describe('an abort', () => {
  it('destroys the connection at once', async () => {
    await using server = await serve(() => undefined);
    await using client = connect([server.url]);
    const abort = new AbortController();
    const pending = errorOf(client.upstream.send(callOf({ signal: abort.signal }), requestOf(client)));
    await until(() => server.received.length === 1);
    abort.abort();
    const abortedAt = performance.now();
    const error = await pending;
    await until(() => server.open.size === 0);
    expect(performance.now() - abortedAt).toBeLessThan(200);
    expect(error.code).toBe('DEADLINE_EXCEEDED');
  });

  it('cuts an answer that is being read', async () => {
    await using server = await serve((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('{"id":');
    });
    await using client = connect([server.url]);
    const abort = new AbortController();
    const pending = errorOf(client.upstream.send(callOf({ signal: abort.signal }), requestOf(client)));
    await until(() => server.received.length === 1);
    await sleep(20);
    abort.abort();
    await pending;
    await until(() => server.open.size === 0, 500);
  });

  it('of one call leaves the others of the same backend alone', async () => {
    await using server = await serve((_request, response) => {
      setTimeout(() => json(response, { id: '1' }), 60);
    });
    await using client = connect([server.url]);
    const abort = new AbortController();
    const gone = errorOf(client.upstream.send(callOf({ signal: abort.signal }), requestOf(client)));
    const others = [1, 2, 3].map(() => client.upstream.send(callOf(), requestOf(client)));
    await until(() => server.received.length === 4);
    abort.abort();
    await gone;
    expect(await Promise.all(others)).toEqual([{ id: '1' }, { id: '1' }, { id: '1' }]);
  });

  it('while the connection is being made sends nothing', async () => {
    let answer: (() => void) | null = null;
    await using server = await serve((_request, response) => json(response, { id: '1' }));
    await using client = connect([`http://slow.test:${server.port}`], {
      lookup: (_host, options, callback) => {
        answer = () => {
          if (options.all) callback(null, [{ address: '127.0.0.1', family: 4 }]);
          else callback(null, '127.0.0.1', 4);
        };
      },
    });
    const abort = new AbortController();
    const pending = errorOf(client.upstream.send(callOf({ signal: abort.signal }), requestOf(client)));
    await until(() => answer !== null);
    abort.abort();
    await pending;
    (answer as (() => void) | null)?.();
    await sleep(60);
    expect(server.received).toHaveLength(0);
  });
});

describe('connections', () => {
  it('are kept and used again', async () => {
    await using server = await serve((_request, response) => json(response, { id: '1' }));
    await using client = connect([server.url]);
    for (let count = 0; count < 20; count += 1) await client.upstream.send(callOf(), requestOf(client));
    expect(server.received).toHaveLength(20);
    // A connection rests for a turn of the loop before it is used again, so that calls at once take turns at two.
    expect(server.connections).toBeLessThanOrEqual(2);
  });

  it('survive an answer that could not be used', async () => {
    await using server = await serve((_request, response) => json(response, { wrong: true }));
    await using client = connect([server.url]);
    for (let count = 0; count < 4; count += 1)
      await errorOf(client.upstream.send(callOf(), requestOf(client)));
    expect(server.connections).toBeLessThanOrEqual(2);
  });
});

describe('a body', () => {
  it('may come in pieces that cut characters in two', async () => {
    const whole = Buffer.from(JSON.stringify({ id: 'Zoë 🛶 naïve' }));
    await using server = await serve((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      let at = 0;
      const drip = setInterval(() => {
        response.write(whole.subarray(at, at + 1));
        at += 1;
        if (at >= whole.length) {
          clearInterval(drip);
          response.end();
        }
      }, 1);
    });
    await using client = connect([server.url]);
    expect(await client.upstream.send(callOf(), requestOf(client))).toEqual({ id: 'Zoë 🛶 naïve' });
  });

  it('that is too long is not read to its end', async () => {
    let written = 0;
    await using server = await serve((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const flood = setInterval(() => {
        response.write('x'.repeat(16_384));
        written += 16_384;
      }, 1);
      response.on('close', () => clearInterval(flood));
    });
    await using client = connect([server.url], { numbers: { timeoutMs: 5000 } });
    const error = await errorOf(client.upstream.send(callOf({ leftMs: 5000 }), requestOf(client)));
    expect(error.code).toBe('UPSTREAM_BAD_RESPONSE');
    await until(() => server.open.size === 0);
    expect(written).toBeLessThan(4_000_000);
  });
});

describe('the record of an attempt', () => {
  it('has the times of its stages in order', async () => {
    await using server = await serve((_request, response) => {
      setTimeout(() => json(response, { id: '1' }), 30);
    });
    await using client = connect([server.url]);
    const heard: unknown[] = [];
    await client.upstream.send(callOf({ observe: (record) => heard.push(record) }), requestOf(client));
    const [record] = client.records;
    expect(heard).toEqual([record]);
    expect(record).toMatchObject({
      backend: 'things',
      method: 'GET',
      route: 'GET /things/{id}',
      status: 200,
      source: 'network',
      attempt: 1,
      bytes: 10,
      error: null,
      demand: null,
    });
    if (!record?.firstByteAt) throw new Error('no first byte was noted');
    expect(record.startedAt).toBeGreaterThanOrEqual(record.queuedAt);
    expect(record.firstByteAt - record.startedAt).toBeGreaterThan(25);
    expect(record.endedAt).toBeGreaterThanOrEqual(record.firstByteAt);
  });

  it('tells every attempt and its error', async () => {
    let count = 0;
    await using server = await serve((_request, response) => {
      count += 1;
      if (count === 1) response.socket?.destroy();
      else if (count === 2) json(response, {}, 503);
      else json(response, { id: '1' });
    });
    await using client = connect([server.url]);
    await client.upstream.send(callOf(), requestOf(client));
    expect(client.records.map(({ attempt, status, error }) => [attempt, status, error])).toEqual([
      [1, null, 'UPSTREAM_UNAVAILABLE'],
      [2, 503, 'UPSTREAM_UNAVAILABLE'],
      [3, 200, null],
    ]);
  });
});
