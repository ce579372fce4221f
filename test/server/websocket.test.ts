import { once } from 'node:events';
import { type Client, createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import WebSocket from 'ws';
import { type LiveWorld, startLiveWorld } from './live-world.ts';

let world: LiveWorld;
beforeAll(async () => {
  world = await startLiveWorld();
});
afterAll(async () => world?.[Symbol.asyncDispose]());

const address = (): string => `${world.url.replace('http', 'ws')}/graphql`;
const connect = (token?: string): Client =>
  createClient({
    url: address(),
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    connectionParams: token === undefined ? {} : { authorization: `Bearer ${token}` },
  });

/** Whatever the client is told, to the end. */
async function all(
  client: Client,
  query: string,
  variables: Record<string, unknown> = {},
): Promise<unknown[]> {
  const results: unknown[] = [];
  for await (const result of client.iterate({ query, variables })) results.push(result);
  return results;
}

/** Subscribes by events, and reads to their end. */
const listen = async (query: string, token?: string): Promise<string> => {
  const response = await fetch(`${world.url}/graphql`, {
    method: 'POST',
    headers: {
      accept: 'text/event-stream',
      'content-type': 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({ query }),
  });
  expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
  return response.text();
};

describe('graphql-ws', () => {
  it('answers queries for whoever the token speaks of', async () => {
    expect(await all(connect(await world.tokenFor(60)), '{ who }')).toEqual([{ data: { who: '17' } }]);
    expect(await all(connect(), '{ who }')).toEqual([{ data: { who: 'nobody' } }]);
  });

  it('tells each event of a subscription, and its end', async () => {
    const client = connect(await world.tokenFor(60));
    const events = await all(client, 'subscription { count(to: 3) { revision who } }');
    expect(events).toEqual([1, 2, 3].map((revision) => ({ data: { count: { revision, who: '17' } } })));
    await vi.waitFor(() => expect(world.open()).toBe(0));
  });

  it('refuses by the same checks as HTTP, and tells the same errors', async () => {
    const client = connect();
    await expect(all(client, '{ whose }')).rejects.toMatchObject([
      { extensions: { code: 'GRAPHQL_VALIDATION_FAILED', requestId: expect.any(String) } },
    ]);
    const [masked] = await all(client, 'subscription { count(to: 1) { revision secret } }');
    expect(masked).toMatchObject({ errors: [{ extensions: { code: 'INTERNAL' } }] });
    expect(JSON.stringify(masked)).not.toContain('10.0.0.7');
    const broken = JSON.stringify(await all(client, 'subscription { broken { revision } }'));
    expect(broken).toContain('"revision":1');
    expect(broken).toContain('INTERNAL');
    expect(broken).not.toContain('10.0.0.8');
  });

  it.each(['Bearer forged', 7, { a: 1 }, 'Basic eDp5'])(
    'closes a connection that says it is %j with 4401',
    async (authorization) => {
      const socket = new WebSocket(address(), 'graphql-transport-ws');
      await once(socket, 'open');
      socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization } }));
      const [code, reason] = await once(socket, 'close');
      expect([code, String(reason)]).toEqual([4401, 'UNAUTHENTICATED']);
    },
  );

  it('ends streams and the connection when the token has ended', async () => {
    const closed = Promise.withResolvers<unknown>();
    const client = createClient({
      url: address(),
      webSocketImpl: WebSocket,
      retryAttempts: 0,
      connectionParams: { authorization: `Bearer ${await world.tokenFor(2)}` },
      on: { closed: closed.resolve },
      lazy: false,
      onNonLazyError: () => {},
    });
    const startedAt = performance.now();
    const events = await all(client, 'subscription { count(to: 100000) { revision } }');
    expect(events.at(-1)).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
    expect(await closed.promise).toMatchObject({ code: 4401 });
    expect(performance.now() - startedAt).toBeLessThan(7_000);
    await vi.waitFor(() => expect(world.open()).toBe(0));
  });

  it.each(['WebSocket', 'events'])('ends streams in which nothing happens as well: %s', async (way) => {
    const token = await world.tokenFor(2);
    const query = 'subscription { quiet { revision } }';
    const startedAt = performance.now();
    const text =
      way === 'events' ? await listen(query, token) : JSON.stringify(await all(connect(token), query));
    expect(text).toContain('UNAUTHENTICATED');
    expect(performance.now() - startedAt).toBeLessThan(7_000);
    await vi.waitFor(() => expect(world.open()).toBe(0));
  });

  it('ends the source of a subscription that nobody listens to any more', async () => {
    const client = connect();
    for await (const _ of client.iterate({ query: 'subscription { count(to: 100000) { revision } }' })) break;
    await vi.waitFor(() => expect(world.open()).toBe(0));
    const socket = new WebSocket(address(), 'graphql-transport-ws');
    await once(socket, 'open');
    socket.send(JSON.stringify({ type: 'connection_init' }));
    await once(socket, 'message');
    const query = 'subscription { count(to: 100000) { revision } }';
    socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query } }));
    await vi.waitFor(() => expect(world.open()).toBe(1));
    socket.terminate();
    await vi.waitFor(() => expect(world.open()).toBe(0));
  });

  it('reads no message that is too long, and goes on with others', async () => {
    const socket = new WebSocket(address(), 'graphql-transport-ws');
    await once(socket, 'open');
    socket.send('x'.repeat(2 * 1024 * 1024));
    const [code] = await once(socket, 'close');
    expect(code).toBe(1009);
    expect(await all(connect(), '{ who }')).toHaveLength(1);
  });

  it('takes fifty operations at once on a connection, and no more', async () => {
    const socket = new WebSocket(address(), 'graphql-transport-ws');
    const told: string[] = [];
    socket.on('message', (message) => told.push(String(message)));
    await once(socket, 'open');
    socket.send(JSON.stringify({ type: 'connection_init' }));
    await vi.waitFor(() => expect(told).toHaveLength(1));
    const payload = { query: 'subscription { count(to: 100000) { revision } }' };
    for (let id = 1; id <= 51; id++) socket.send(JSON.stringify({ id: `${id}`, type: 'subscribe', payload }));
    await vi.waitFor(() => expect(told.join()).toContain('OVERLOADED'));
    expect(told.filter((text) => text.includes('"error"'))).toHaveLength(1);
    expect(told.join()).toContain('"limit":50');
    await vi.waitFor(() => expect(world.open()).toBe(50));
    socket.terminate();
    await vi.waitFor(() => expect(world.open()).toBe(0));
  });

  it('closes a connection that never says who it is, within six seconds', async () => {
    const startedAt = performance.now();
    const socket = new WebSocket(address(), 'graphql-transport-ws');
    await once(socket, 'open');
    expect((await once(socket, 'close'))[0]).toBe(4408);
    expect(performance.now() - startedAt).toBeLessThan(6_000);
  });

  it('is at /graphql only', async () => {
    const socket = new WebSocket(`${address()}/elsewhere`, 'graphql-transport-ws');
    const [error] = await once(socket, 'error');
    expect(String(error)).toContain('404');
  });

  it('ends with the gateway', async () => {
    const other = await startLiveWorld();
    const socket = new WebSocket(`${other.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    await once(socket, 'open');
    const closing = once(socket, 'close');
    await other[Symbol.asyncDispose]();
    expect((await closing)[0]).toBe(1001);
  });
});

describe('graphql-sse', () => {
  it('tells each event, and the end', async () => {
    const text = await listen('subscription { count(to: 2) { revision } }');
    expect(text.match(/"revision":\d/g)).toEqual(['"revision":1', '"revision":2']);
    expect(text).toMatch(/event: complete\ndata:[^\n]*\n\n$/);
  });

  it('ends with the token', async () => {
    const startedAt = performance.now();
    const text = await listen('subscription { count(to: 100000) { revision } }', await world.tokenFor(2));
    expect(text).toContain('UNAUTHENTICATED');
    expect(performance.now() - startedAt).toBeLessThan(7_000);
    await vi.waitFor(() => expect(world.open()).toBe(0));
  });

  it('is what a subscription needs: plain JSON has one answer only', async () => {
    const response = await fetch(`${world.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: 'subscription { count(to: 2) { revision } }' }),
    });
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
  });
});
