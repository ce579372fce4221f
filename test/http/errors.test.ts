import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import type { Viewer } from '../../src/call.ts';
import { UpstreamProblem } from '../../src/http/upstream-problem.ts';
import { callOf, connect, errorOf, thing } from './rest-client.ts';
import { type Answering, json, serve } from './rest-server.ts';

const viewer: Viewer = {
  id: '17',
  scopes: new Set(),
  clientId: null,
  token: 'viewer-token',
  expiresAt: Date.now() + 60_000,
};

const secret = 'SECRET at 10.0.0.7:8080';

const problem =
  (status: number, type: string, more: object = {}): Answering =>
  (_request, response) =>
    json(response, { type, title: 'No', status, detail: secret, instance: secret, ...more }, status);

const text =
  (status: number, type: string, body: string): Answering =>
  (_request, response) =>
    response.writeHead(status, { 'content-type': type }).end(body);

const half = (response: ServerResponse): void => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
  response.write('{"id":"1",');
  setTimeout(() => response.destroy(), 20);
};

const weir = (slug: string): string => `https://weir.example/problems/${slug}`;

interface Row {
  readonly name: string;
  readonly answer: Answering;
  readonly code: string;
  readonly retryable: boolean;
  readonly problem?: { readonly type: string; readonly status: number };
  readonly retryAfter?: number;
  readonly logged?: 'warn' | 'error';
}

const rows: readonly Row[] = [
  { name: '500', answer: text(500, 'text/plain', secret), code: 'UPSTREAM_ERROR', retryable: false },
  { name: '501', answer: text(501, 'text/html', secret), code: 'UPSTREAM_ERROR', retryable: false },
  { name: '502', answer: text(502, 'text/html', secret), code: 'UPSTREAM_UNAVAILABLE', retryable: true },
  {
    name: '503 with a problem and Retry-After',
    answer: (_request, response) =>
      json(response, { type: weir('unavailable'), detail: secret }, 503, { 'retry-after': '7' }),
    code: 'UPSTREAM_UNAVAILABLE',
    retryable: true,
    problem: { type: weir('unavailable'), status: 503 },
    retryAfter: 7,
  },
  { name: '504', answer: text(504, 'text/html', secret), code: 'UPSTREAM_UNAVAILABLE', retryable: true },
  {
    name: '500 with a known problem',
    answer: problem(500, weir('internal')),
    code: 'UPSTREAM_ERROR',
    retryable: false,
    problem: { type: weir('internal'), status: 500 },
  },
  {
    name: '401',
    answer: problem(401, weir('unauthenticated')),
    code: 'UPSTREAM_ERROR',
    retryable: false,
    problem: { type: weir('unauthenticated'), status: 401 },
    logged: 'error',
  },
  {
    name: '403',
    answer: text(403, 'text/plain', ''),
    code: 'UPSTREAM_ERROR',
    retryable: false,
    logged: 'error',
  },
  {
    name: '409 with a known problem',
    answer: problem(409, weir('out-of-stock'), { productId: '7', available: 3 }),
    code: 'UPSTREAM_ERROR',
    retryable: false,
    problem: { type: weir('out-of-stock'), status: 409 },
  },
  {
    name: '409 with a problem that claims another status',
    answer: problem(409, weir('out-of-stock'), { status: 200 }),
    code: 'UPSTREAM_ERROR',
    retryable: false,
    problem: { type: weir('out-of-stock'), status: 409 },
  },
  {
    name: '400 with a problem of its own',
    answer: problem(400, `https://internal.example/${encodeURIComponent(secret)}`),
    code: 'UPSTREAM_ERROR',
    retryable: false,
  },
  {
    name: '429',
    answer: (_request, response) => response.writeHead(429, { 'retry-after': '30' }).end(secret),
    code: 'UPSTREAM_ERROR',
    retryable: true,
    retryAfter: 30,
  },
  {
    name: 'a redirect',
    answer: (_request, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/evil' }).end(),
    code: 'UPSTREAM_BAD_RESPONSE',
    retryable: false,
    logged: 'warn',
  },
  ...(
    [
      ['an HTML page', text(200, 'text/html', `<h1>${secret}</h1>`)],
      ['nothing', text(200, 'application/json', '')],
      ['garbage', text(200, 'application/json', `{"id": ${secret}`)],
      ['half an answer', (_request, response) => half(response)],
      ['JSON of another shape', text(200, 'application/json', `{"identity":"${secret}"}`)],
      ['a wrong type', text(200, 'application/json', '{"id":1}')],
      ['null', text(200, 'application/json', 'null')],
      ['a body that is too long', text(200, 'application/json', JSON.stringify({ id: 'x'.repeat(70_000) }))],
      [
        'a body that says it is too long',
        (_request, response) => {
          response.writeHead(200, { 'content-length': '99999999' });
          response.write('{');
        },
      ],
      ['something that is not HTTP', (request) => request.socket.end('SSH-2.0-OpenSSH\r\n')],
    ] as const satisfies readonly (readonly [string, Answering])[]
  ).map(
    ([name, answer]): Row => ({
      name,
      answer,
      code: 'UPSTREAM_BAD_RESPONSE',
      retryable: false,
      logged: 'warn',
    }),
  ),
  {
    name: 'a reset',
    answer: (request) => request.socket.resetAndDestroy(),
    code: 'UPSTREAM_UNAVAILABLE',
    retryable: true,
  },
  {
    name: 'a connection that is closed without an answer',
    answer: (request) => request.socket.destroy(),
    code: 'UPSTREAM_UNAVAILABLE',
    retryable: true,
  },
  { name: 'no answer', answer: () => undefined, code: 'UPSTREAM_TIMEOUT', retryable: true },
  {
    name: 'an answer a byte at a time',
    answer: (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const drip = setInterval(() => response.write(' '), 50);
      response.on('close', () => clearInterval(drip));
    },
    code: 'UPSTREAM_TIMEOUT',
    retryable: true,
  },
];

describe('a backend that answers', () => {
  it.each(rows)('$name: $code', async ({ answer, code, retryable, problem: known, retryAfter, logged }) => {
    await using server = await serve(answer);
    await using client = connect([server.url], { numbers: { attempts: 1 } });
    const request = {
      endpoint: client.endpoint('ownThings'),
      query: { id: 'id-of-somebody' },
      decode: thing,
    };
    const error = await errorOf(client.upstream.send(callOf({ viewer }), request));

    expect(error.code).toBe(code);
    expect(error.extensions).toEqual({
      code,
      retryable,
      backend: 'things',
      ...(known && { problem: known }),
      ...(retryAfter && { retryAfter }),
    });
    // Nothing of the backend's words, address or path reaches a client.
    expect(JSON.stringify(error.toJSON())).not.toMatch(
      /SECRET|127\.0\.0\.1|id-of-somebody|viewer-token|ownThings|\/own/,
    );

    const lines = client.log.filter(({ level }) => level !== 'info');
    if (logged === undefined) expect(lines).toEqual([]);
    else {
      expect(lines).toHaveLength(1);
      expect(lines[0]).toMatchObject({
        level: logged,
        fields: { backend: 'things', route: 'GET /own' },
      });
      expect(JSON.stringify(lines)).not.toMatch(/SECRET|id-of-somebody|viewer-token/);
    }
  });

  it('is not said to refuse our credentials where a person gave a wrong password', async () => {
    await using server = await serve(problem(401, weir('invalid-credentials')));
    await using client = connect([server.url]);
    const request = { endpoint: client.endpoint('createThing'), body: {}, decode: thing };
    expect((await errorOf(client.upstream.send(callOf({ viewer }), request))).code).toBe('UPSTREAM_ERROR');
    expect(client.log).toEqual([]);
  });

  it('keeps the problem document, without its prose, as the cause for workflows', async () => {
    await using server = await serve(problem(409, weir('out-of-stock'), { productId: '7', available: 3 }));
    await using client = connect([server.url]);
    const request = {
      endpoint: client.endpoint('createThing'),
      body: {},
      idempotencyKey: 'k',
      decode: thing,
    };
    const { cause } = await errorOf(client.upstream.send(callOf(), request));
    expect(cause).toBeInstanceOf(UpstreamProblem);
    expect(cause).toMatchObject({ status: 409, type: weir('out-of-stock'), title: 'No' });
    expect({ ...(cause instanceof UpstreamProblem && cause.extensions) }).toEqual({
      productId: '7',
      available: 3,
    });
  });
});

describe('a backend that cannot be reached', () => {
  it('is unavailable when nobody listens', async () => {
    const server = await serve(() => undefined);
    await server.close();
    await using client = connect([server.url], { numbers: { attempts: 1 } });
    const request = { endpoint: client.endpoint('thingById'), path: { id: '1' }, decode: thing };
    expect((await errorOf(client.upstream.send(callOf(), request))).code).toBe('UPSTREAM_UNAVAILABLE');
    expect(client.upstream.health()[0]?.lastReason).toBe('ECONNREFUSED');
  });

  it('is unavailable when its name is unknown', async () => {
    await using client = connect(['http://things.invalid:4000'], { numbers: { attempts: 1 } });
    const request = { endpoint: client.endpoint('thingById'), path: { id: '1' }, decode: thing };
    expect((await errorOf(client.upstream.send(callOf(), request))).code).toBe('UPSTREAM_UNAVAILABLE');
  });
});

describe('an operation whose time is over', () => {
  it('is told so instead of waiting for the backend', async () => {
    await using server = await serve(() => undefined);
    await using client = connect([server.url]);
    const request = { endpoint: client.endpoint('thingById'), path: { id: '1' }, decode: thing };
    const startedAt = performance.now();
    const error = await errorOf(client.upstream.send(callOf({ leftMs: 100 }), request));
    expect(error.code).toBe('DEADLINE_EXCEEDED');
    expect(error.detail.backend).toBe('things');
    expect(performance.now() - startedAt).toBeLessThan(1000);
  });

  it('sends nothing any more', async () => {
    await using server = await serve((_request, response) => json(response, { id: '1' }));
    await using client = connect([server.url]);
    const request = { endpoint: client.endpoint('thingById'), path: { id: '1' }, decode: thing };
    const aborted = callOf({ signal: AbortSignal.abort() });
    expect((await errorOf(client.upstream.send(callOf({ leftMs: -1 }), request))).code).toBe(
      'DEADLINE_EXCEEDED',
    );
    expect((await errorOf(client.upstream.send(aborted, request))).code).toBe('DEADLINE_EXCEEDED');
    expect(server.received).toHaveLength(0);
  });
});
