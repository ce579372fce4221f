import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Viewer } from '../../src/call.ts';
import { createMachineToken } from '../../src/http/machine-token.ts';
import { callOf, connect, errorOf, thing, until } from './rest-client.ts';
import { json, serve } from './rest-server.ts';

const ada: Viewer = {
  id: '17',
  scopes: new Set(),
  clientId: null,
  token: 'ada-token',
  expiresAt: Date.now() + 60_000,
};

const machineToken = () =>
  createMachineToken({
    issue: () => Promise.resolve({ token: 'machine', expiresAt: Date.now() + 3_600_000 }),
  });

const echo = () => serve((request, response) => json(response, { id: request.url }));

describe('a request', () => {
  it('fills the template, joins lists by commas and decodes the answer', async () => {
    await using server = await echo();
    await using client = connect([server.url]);
    const { upstream, endpoint } = client;
    const one = await upstream.send(callOf(), {
      endpoint: endpoint('thingById'),
      path: { id: 'a-1' },
      decode: thing,
    });
    const many = await upstream.send(callOf(), {
      endpoint: endpoint('thingsByIds'),
      query: { ids: ['a', 'b c', 'orders/12'], limit: 10, cursor: undefined, search: 'tea & milk' },
      decode: thing,
    });
    expect(one).toEqual({ id: '/things/a-1' });
    expect(many).toEqual({ id: '/things?ids=a,b%20c,orders%2F12&limit=10&search=tea%20%26%20milk' });
  });

  it('sends a write once with its key and its body as JSON', async () => {
    await using server = await echo();
    await using client = connect([server.url]);
    await client.upstream.send(callOf(), {
      endpoint: client.endpoint('createThing'),
      body: { name: 'Zoë' },
      idempotencyKey: 'key-1',
      decode: thing,
    });
    expect(server.received).toHaveLength(1);
    expect(server.received[0]).toMatchObject({ method: 'POST', url: '/things', body: '{"name":"Zoë"}' });
    expect(server.received[0]?.headers).toMatchObject({
      'content-type': 'application/json',
      'idempotency-key': 'key-1',
    });
  });

  it('keeps the path that the address of the backend has', async () => {
    await using server = await echo();
    await using client = connect([`${server.url}/v1/`]);
    const endpoint = client.endpoint('thingById');
    expect(await client.upstream.send(callOf(), { endpoint, path: { id: '1' }, decode: thing })).toEqual({
      id: '/v1/things/1',
    });
  });

  it('takes an answer without a body where the contract has none', async () => {
    await using server = await serve((_request, response) => response.writeHead(204).end());
    await using client = connect([server.url]);
    const endpoint = client.endpoint('createThing');
    expect(await client.upstream.send(callOf(), { endpoint, body: {}, decode: z.null() })).toBeNull();
  });
});

describe('the headers that a backend gets', () => {
  it('are those of the allow-list and no others', async () => {
    await using server = await echo();
    await using client = connect([server.url], { machineToken: machineToken() });
    const call = callOf({
      viewer: ada,
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    });
    await client.upstream.send(call, { endpoint: client.endpoint('ownThings'), decode: thing });
    await client.upstream.send(
      { ...call, onBehalfOf: '17' },
      {
        endpoint: client.endpoint('approveThing'),
        path: { id: '1' },
        body: {},
        idempotencyKey: 'k',
        decode: thing,
      },
    );
    const names = server.received.map(({ headers }) => Object.keys(headers).sort());
    const always = [
      'accept',
      'authorization',
      'connection',
      'host',
      'traceparent',
      'x-request-id',
      'x-timeout-ms',
    ];
    expect(names).toEqual([
      always,
      [...always, 'content-length', 'content-type', 'idempotency-key', 'x-on-behalf-of'].sort(),
    ]);
    expect(server.received[0]?.headers).toMatchObject({
      authorization: 'Bearer ada-token',
      'x-request-id': 'request-1',
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    });
  });

  it('say how much time is left', async () => {
    await using server = await echo();
    await using client = connect([server.url]);
    const endpoint = client.endpoint('thingById');
    await client.upstream.send(callOf({ leftMs: 250 }), { endpoint, path: { id: '1' }, decode: thing });
    const left = Number(server.received[0]?.headers['x-timeout-ms']);
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThanOrEqual(250);
  });

  it.each([
    {
      name: 'nobody on an endpoint for all',
      endpoint: 'thingById',
      viewer: ada,
      behalf: null,
      as: undefined,
    },
    { name: 'nobody without a token', endpoint: 'ownThings', viewer: null, behalf: null, as: undefined },
    { name: 'the viewer', endpoint: 'ownThings', viewer: ada, behalf: null, as: 'Bearer ada-token' },
    {
      name: 'the gateway for a person',
      endpoint: 'ownThings',
      viewer: ada,
      behalf: '9',
      as: 'Bearer machine',
    },
    { name: 'the gateway itself', endpoint: 'allThings', viewer: ada, behalf: null, as: 'Bearer machine' },
    {
      name: 'the gateway for a person',
      endpoint: 'allThings',
      viewer: null,
      behalf: '9',
      as: 'Bearer machine',
    },
  ] as const)('go as $name ($endpoint)', async ({ endpoint, viewer, behalf, as }) => {
    await using server = await echo();
    await using client = connect([server.url], { machineToken: machineToken() });
    await client.upstream.send(callOf({ viewer, onBehalfOf: behalf }), {
      endpoint: client.endpoint(endpoint),
      path: { id: '1' },
      decode: thing,
    });
    expect(server.received[0]?.headers.authorization).toBe(as);
    const onBehalf = as === 'Bearer machine' && behalf !== null ? behalf : undefined;
    expect(server.received[0]?.headers['x-on-behalf-of']).toBe(onBehalf);
  });

  it.each([
    ['of two lines', 'line\nbreak'],
    ['outside ASCII', 'Zoë'],
    ['that is empty', ''],
    ['that is too long', 'x'.repeat(256)],
  ])('never carry a key %s', async (_name, idempotencyKey) => {
    await using server = await echo();
    await using client = connect([server.url]);
    const request = { endpoint: client.endpoint('createThing'), body: {}, idempotencyKey, decode: thing };
    expect((await errorOf(client.upstream.send(callOf(), request))).code).toBe('BAD_USER_INPUT');
    expect(server.received).toHaveLength(0);
  });

  it('never carry a user id that is not one', async () => {
    await using server = await echo();
    await using client = connect([server.url], { machineToken: machineToken() });
    const call = callOf({ onBehalfOf: '17\r\nx-admin: 1' });
    const error = await errorOf(
      client.upstream.send(call, { endpoint: client.endpoint('allThings'), decode: thing }),
    );
    expect(error.code).toBe('BAD_USER_INPUT');
    expect(server.received).toHaveLength(0);
  });
});

describe('an object that is not there', () => {
  it('is null for find and an error for send', async () => {
    const problem = { type: 'https://weir.example/problems/not-found', title: 'Not found', status: 404 };
    await using server = await serve((_request, response) => json(response, problem, 404));
    await using client = connect([server.url]);
    const request = { endpoint: client.endpoint('thingById'), path: { id: '1' }, decode: thing };
    expect(await client.upstream.find(callOf(), request)).toBeNull();
    const error = await errorOf(client.upstream.send(callOf(), request));
    expect(error.code).toBe('UPSTREAM_ERROR');
    expect(error.detail.problem).toEqual({ type: problem.type, status: 404 });
  });

  it('is not taken from the 404 page of a proxy', async () => {
    await using server = await serve((_request, response) =>
      response.writeHead(404, { 'content-type': 'text/html; charset=utf-8' }).end('<h1>nginx</h1>'),
    );
    await using client = connect([server.url]);
    const request = { endpoint: client.endpoint('thingById'), path: { id: '1' }, decode: thing };
    expect((await errorOf(client.upstream.find(callOf(), request))).code).toBe('UPSTREAM_BAD_RESPONSE');
  });

  it.each([
    ['one up', '..'],
    ['here', '.'],
    ['nothing', ''],
    ['a slash', 'a/b'],
    ['a query', 'a?b'],
    ['a fragment', 'a#b'],
    ['an encoded slash', 'a%2fb'],
    ['a backslash', 'a\\b'],
    ['a null', 'a\u0000b'],
    ['a line break', 'a\r\nb'],
    ['half a character', '\ud800'],
    ['a novel', 'x'.repeat(300)],
  ])('is what an id of %s means, without a call', async (_name, id) => {
    await using server = await echo();
    await using client = connect([server.url]);
    const request = { endpoint: client.endpoint('thingById'), path: { id }, decode: thing };
    expect(await client.upstream.find(callOf(), request)).toBeNull();
    expect((await errorOf(client.upstream.send(callOf(), request))).code).toBe('BAD_USER_INPUT');
    expect(server.received).toHaveLength(0);
  });
});

it('refuses new calls once it is closed, and lets those under way end', async () => {
  await using server = await serve((_request, response) => {
    setTimeout(() => json(response, { id: '1' }), 100);
  });
  const client = connect([server.url]);
  const request = { endpoint: client.endpoint('thingById'), path: { id: '1' }, decode: thing };
  const underWay = client.upstream.send(callOf(), request);
  const closed = client.upstream.close();
  expect((await errorOf(client.upstream.send(callOf(), request))).code).toBe('UPSTREAM_UNAVAILABLE');
  expect(await underWay).toEqual({ id: '1' });
  await closed;
  await until(() => server.open.size === 0);
});
