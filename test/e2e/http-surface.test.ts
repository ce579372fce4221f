import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWeir, type Weir } from '../start-weir.ts';

describe('what the gateway serves', () => {
  let weir: Weir;
  beforeAll(async () => {
    weir = await startWeir({ MAX_BODY_BYTES: '10000' });
  });
  afterAll(async () => weir[Symbol.asyncDispose]());

  const post = (
    body: string | Uint8Array<ArrayBuffer>,
    headers: Record<string, string> = {},
  ): Promise<Response> =>
    fetch(`${weir.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    });
  const codeOf = async (response: Response): Promise<unknown> => {
    const body = (await response.json()) as { errors?: { extensions: { code: string } }[] };
    return body.errors?.[0]?.extensions.code;
  };

  it('is alive, ready and at home', async () => {
    const alive = await fetch(`${weir.url}/healthz`);
    expect([alive.status, await alive.json()]).toEqual([200, { status: 'alive' }]);
    expect((await fetch(`${weir.url}/readyz`)).status).toBe(200);
    const home = await fetch(weir.url);
    expect(home.headers.get('content-type')).toContain('text/html');
    expect(await home.text()).toContain('GraphiQL');
  });

  it.each(['/nothing', '/graphql/', '/explorer/../package.json', '/.git/config', '/healthz/x'])(
    'has nothing at %s',
    async (path) => {
      expect((await fetch(`${weir.url}${path}`)).status).toBe(404);
    },
  );

  it('answers in the media type that was asked for', async () => {
    const query = JSON.stringify({ query: '{ __typename }' });
    const plain = await post(query);
    expect(plain.headers.get('content-type')).toBe('application/json; charset=utf-8');
    const modern = await post(query, { accept: 'application/graphql-response+json' });
    expect(modern.headers.get('content-type')).toBe('application/graphql-response+json; charset=utf-8');
    expect(await modern.json()).toEqual({ data: { __typename: 'Query' } });
  });

  it('gives each answer a request id: the one it was sent, or a new one', async () => {
    const sent = await post(JSON.stringify({ query: '{ nope }' }), { 'x-request-id': 'abc-1' });
    expect(sent.headers.get('x-request-id')).toBe('abc-1');
    expect(await sent.text()).toContain('"requestId":"abc-1"');
    const made = await post(JSON.stringify({ query: '{ __typename }' }), { 'x-request-id': 'a b\tc' });
    expect(made.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it.each([
    ['GET', '/'],
    ['GET', '/nothing'],
    ['GET', '/healthz'],
    ['GET', '/readyz'],
    ['GET', '/metrics'],
    ['GET', '/graphql'],
    ['GET', '/graphql?query={__typename}'],
    ['GET', '/explorer/nothing.js'],
    ['POST', '/graphql'],
    ['PUT', '/graphql'],
    ['POST', '/uploads'],
    ['POST', '/webhooks/orders'],
  ])('gives it to answers that are no operation’s too: %s %s', async (method, path) => {
    const ask = (headers: Record<string, string>) =>
      fetch(`${weir.url}${path}`, { method, headers: { accept: 'text/html', ...headers } });
    expect((await ask({ 'x-request-id': 'mine-1' })).headers.get('x-request-id')).toBe('mine-1');
    expect((await ask({})).headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it.each([
    ['no JSON', '{', 400, 'BAD_USER_INPUT'],
    ['no object', '"x"', 400, 'BAD_USER_INPUT'],
    ['a batch', '[{"query":"{__typename}"}]', 400, 'BAD_USER_INPUT'],
    ['no query', '{}', 400, 'BAD_USER_INPUT'],
    ['variables of the wrong kind', '{"query":"{__typename}","variables":[]}', 400, 'BAD_USER_INPUT'],
    [
      'too much',
      JSON.stringify({ query: `{__typename #${'x'.repeat(20_000)}\n}` }),
      413,
      'PAYLOAD_TOO_LARGE',
    ],
    ['no GraphQL', '{"query":"{"}', 200, 'GRAPHQL_PARSE_FAILED'],
    ['an unknown field', '{"query":"{ nope }"}', 200, 'GRAPHQL_VALIDATION_FAILED'],
    ['a page too long', '{"query":"{ products(first: 101) { totalCount } }"}', 200, 'BAD_USER_INPUT'],
    ['a page of none', '{"query":"{ products(first: 0) { totalCount } }"}', 200, 'BAD_USER_INPUT'],
    [
      'too many ids',
      JSON.stringify({
        query: 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }',
        variables: { ids: Array.from({ length: 101 }, (_, index) => `Product:${index}`) },
      }),
      200,
      'BAD_USER_INPUT',
    ],
    [
      'a wrong variable',
      JSON.stringify({
        query: 'query ($first: Int!) { products(first: $first) { totalCount } }',
        variables: { first: 'x' },
      }),
      200,
      'BAD_USER_INPUT',
    ],
    [
      'too deep',
      JSON.stringify({ query: `${'{a'.repeat(60)}${'}'.repeat(60)}` }),
      200,
      'OPERATION_TOO_COMPLEX',
    ],
  ])('refuses %s', async (_, body, status, code) => {
    const response = await post(body);
    expect([response.status, await codeOf(response)]).toEqual([status, code]);
  });

  it('refuses bytes that are not UTF-8', async () => {
    const response = await post(new Uint8Array([0x22, 0xff, 0xfe, 0x22]));
    expect([response.status, await codeOf(response)]).toEqual([400, 'BAD_USER_INPUT']);
  });

  it('refuses other media types, compressed bodies and other methods', async () => {
    const text = await post('{ __typename }', { 'content-type': 'text/plain' });
    expect([text.status, await codeOf(text)]).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE']);
    const zipped = await post('{}', { 'content-encoding': 'gzip' });
    expect([zipped.status, await codeOf(zipped)]).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE']);
    const put = await fetch(`${weir.url}/graphql`, { method: 'PUT', body: '{}' });
    expect([put.status, put.headers.get('allow'), await codeOf(put)]).toEqual([
      405,
      'GET, POST',
      'METHOD_NOT_ALLOWED',
    ]);
  });

  it('reads by GET only what a script has asked for', async () => {
    const url = `${weir.url}/graphql?query=${encodeURIComponent('{ product(id: "Product:1") { id } }')}`;
    const bare = await fetch(url);
    expect([bare.status, await codeOf(bare)]).toEqual([403, 'CSRF_REJECTED']);
    const meant = await fetch(url, { headers: { 'graphql-require-preflight': '1' } });
    expect(await meant.json()).toEqual({ data: { product: { id: 'Product:1' } } });
    const write = await fetch(
      `${weir.url}/graphql?query=${encodeURIComponent('mutation { signIn(input: { email: "a", password: "b" }) { accessToken } }')}`,
      { headers: { 'apollo-require-preflight': '1' } },
    );
    expect([write.status, await codeOf(write)]).toEqual([405, 'METHOD_NOT_ALLOWED']);
  });

  it('streams an answer to who asks for events', async () => {
    const response = await post(JSON.stringify({ query: '{ product(id: "Product:1") { id } }' }), {
      accept: 'text/event-stream',
    });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    const text = await response.text();
    expect(text).toContain('event: next');
    expect(text).toContain('{"data":{"product":{"id":"Product:1"}}}');
    expect(text).toContain('event: complete');
  });

  it('takes a shorter budget from a client, and refuses one that is no number', async () => {
    const response = await post(JSON.stringify({ query: '{ __typename }' }), { 'x-weir-timeout-ms': 'soon' });
    expect(await codeOf(response)).toBe('BAD_USER_INPUT');
    await weir.fault('products', { mode: 'hang' });
    const startedAt = performance.now();
    const hurried = await post(
      JSON.stringify({ query: '{ product(id: "Product:1") { id } airports { code } }' }),
      {
        'x-weir-timeout-ms': '300',
      },
    );
    const answer = (await hurried.json()) as {
      data: { product: null; airports: unknown[] };
      errors: unknown[];
    };
    expect(performance.now() - startedAt).toBeLessThan(600);
    expect(answer.data.product).toBeNull();
    expect(answer.data.airports.length).toBeGreaterThan(0);
    expect(answer.errors).toHaveLength(1);
    await weir.fault('products', null);
  });
});
