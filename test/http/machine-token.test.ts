import { describe, expect, it } from 'vitest';
import { type BackendTable, endpointOf } from '../../src/backends.ts';
import { createUpstream } from '../../src/http/create-upstream.ts';
import { createMachineToken, type MachineGrant } from '../../src/http/machine-token.ts';
import { callOf, connect, errorOf, quick, thing, thingEndpoints } from './rest-client.ts';
import { json, serve } from './rest-server.ts';

/** An issuer on a clock of the test, whose grants are given by hand. */
function issuer() {
  const asked: { grant(grant: MachineGrant): void; fail(error: Error): void }[] = [];
  const clock = { now: 0 };
  const token = createMachineToken({
    now: () => clock.now,
    renewBeforeMs: 60_000,
    retryAfterMs: 5000,
    issue: () => new Promise((resolve, reject) => asked.push({ grant: resolve, fail: reject })),
  });
  return { token, asked, clock };
}

const hour = 3_600_000;

describe('the machine token', () => {
  it('is fetched once for all who want it, and then at hand', async () => {
    const { token, asked } = issuer();
    const wanted = Promise.all([token.current(), token.current(), token.current()]);
    asked[0]?.grant({ token: 'first', expiresAt: hour });
    expect(await wanted).toEqual(['first', 'first', 'first']);
    expect(token.current()).toBe('first');
    expect(asked).toHaveLength(1);
  });

  it('is renewed before its end, once, while the old one serves', async () => {
    const { token, asked, clock } = issuer();
    const first = token.current();
    asked[0]?.grant({ token: 'first', expiresAt: hour });
    await first;
    clock.now = hour - 61_000;
    expect(token.current()).toBe('first');
    expect(asked).toHaveLength(1);
    clock.now = hour - 59_000;
    expect([token.current(), token.current()]).toEqual(['first', 'first']);
    expect(asked).toHaveLength(2);
    asked[1]?.grant({ token: 'second', expiresAt: 2 * hour });
    await Promise.resolve();
    expect(token.current()).toBe('second');
  });

  it('serves on while it cannot be renewed, and asks again only after a while', async () => {
    const { token, asked, clock } = issuer();
    const first = token.current();
    asked[0]?.grant({ token: 'first', expiresAt: hour });
    await first;
    clock.now = hour - 59_000;
    expect(token.current()).toBe('first');
    asked[1]?.fail(new Error('down'));
    await new Promise((resolve) => setImmediate(resolve));
    expect(token.current()).toBe('first');
    expect(asked).toHaveLength(2);
    clock.now += 5001;
    expect(token.current()).toBe('first');
    expect(asked).toHaveLength(3);
  });

  it('is not used at its very end, and those who wait hear of a failure', async () => {
    const { token, asked, clock } = issuer();
    const first = token.current();
    asked[0]?.grant({ token: 'first', expiresAt: hour });
    await first;
    clock.now = hour - 1000;
    const late = Promise.resolve(token.current());
    asked[1]?.fail(new Error('down'));
    await expect(late).rejects.toThrow('down');
    const again = Promise.resolve(token.current());
    asked[2]?.grant({ token: 'second', expiresAt: 2 * hour });
    expect(await again).toBe('second');
  });

  it('is forgotten when a backend refuses it', async () => {
    const { token, asked } = issuer();
    const first = token.current();
    asked[0]?.grant({ token: 'first', expiresAt: hour });
    await first;
    token.forget('another');
    expect(token.current()).toBe('first');
    token.forget('first');
    expect(token.current()).toBeInstanceOf(Promise);
    asked[1]?.grant({ token: 'second', expiresAt: hour });
  });
});

describe('a call with the gateway’s own credentials', () => {
  const table: BackendTable = {
    users: {
      ...quick,
      endpoints: { createToken: { method: 'POST', path: '/tokens', credentials: 'none', usualMs: 10 } },
    },
    things: { ...quick, endpoints: thingEndpoints },
  };
  const silent = { info: () => {}, warn: () => {}, error: () => {} };

  it('fetches the token with id and secret, and a new one after a 401', async () => {
    let issued = 0;
    await using users = await serve((_request, response) => {
      issued += 1;
      const expiresAt = new Date(Date.now() + hour).toISOString();
      json(response, { accessToken: `token-${issued}`, expiresAt }, 201);
    });
    await using things = await serve((request, response) =>
      json(response, { id: '1' }, request.headers.authorization === 'Bearer token-2' ? 200 : 401),
    );
    const upstream = createUpstream({
      table,
      instances: { users: [users.url], things: [things.url] },
      client: { id: 'weir-gateway', secret: 'very secret' },
      log: silent,
      checkShapes: 'always',
    });
    const request = { endpoint: endpointOf(table, 'things', 'allThings'), decode: thing };
    const refused = await errorOf(upstream.send(callOf(), request));
    expect(refused.code).toBe('UPSTREAM_ERROR');
    expect(refused.extensions.retryable).toBe(true);
    expect(await upstream.send(callOf(), request)).toEqual({ id: '1' });
    expect(await upstream.send(callOf(), request)).toEqual({ id: '1' });
    expect(users.received.map(({ body }) => body)).toEqual(
      Array.from({ length: 2 }, () => '{"clientId":"weir-gateway","clientSecret":"very secret"}'),
    );
    await upstream.close();
  });

  it('waits for the token no longer than it may, and does not end it for others', async () => {
    let answer: (() => void) | null = null;
    await using users = await serve((_request, response) => {
      answer = () =>
        json(response, { accessToken: 'token', expiresAt: new Date(Date.now() + hour).toISOString() }, 201);
    });
    await using things = await serve((_request, response) => json(response, { id: '1' }));
    const upstream = createUpstream({
      table,
      instances: { users: [users.url], things: [things.url] },
      client: { id: 'weir-gateway', secret: 'very secret' },
      log: silent,
      checkShapes: 'always',
    });
    const request = { endpoint: endpointOf(table, 'things', 'allThings'), decode: thing };
    const patient = upstream.send(callOf(), request);
    expect((await errorOf(upstream.send(callOf({ leftMs: 50 }), request))).code).toBe('DEADLINE_EXCEEDED');
    (answer as (() => void) | null)?.();
    expect(await patient).toEqual({ id: '1' });
    expect(users.received).toHaveLength(1);
    await upstream.close();
  });

  it('cannot be made where the gateway has none', async () => {
    await using server = await serve((_request, response) => json(response, { id: '1' }));
    await using client = connect([server.url]);
    const request = { endpoint: client.endpoint('allThings'), decode: thing };
    await expect(client.upstream.send(callOf(), request)).rejects.toThrow('things.allThings');
    expect(server.received).toHaveLength(0);
  });
});
