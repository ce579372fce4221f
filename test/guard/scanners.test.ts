import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWeir, type Weir } from '../start-weir.ts';
import { repeat } from './bombs.ts';

/** What scanners of GraphQL servers look for, such as graphql-cop, each as they ask. */
describe('a scanner finds nothing in production:', () => {
  let weir: Weir;
  beforeAll(async () => {
    weir = await startWeir({ NODE_ENV: 'production', EXPLORER: '', ADMIN_PORT: '0' });
  });
  afterAll(async () => weir?.[Symbol.asyncDispose]());

  const post = async (body: unknown, headers: Readonly<Record<string, string>> = {}, path = '/graphql') => {
    const response = await fetch(weir.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    return { status: response.status, headers: response.headers, text: await response.text() };
  };

  it.each([
    ['aliases overloading', `query cop { ${repeat(101, (i) => `alias${i}: __typename`)} }`],
    ['field duplication', `query cop { ${repeat(500, () => '__typename')} }`],
    ['directive overloading', `query cop { __typename ${repeat(110, () => '@aa')} }`],
    [
      'circular introspection',
      'query cop { __schema { types { fields { type { fields { type { fields { type { fields { name } } } } } } } } } }',
    ],
    ['introspection', 'query cop { __schema { types { name fields { name } } } }'],
    ['introspection by a type', '{ __type(name: "User") { fields { name } } }'],
    ['introspection by another name', '{ ...F } fragment F on Query { a: __schema { queryType { name } } }'],
  ])('%s', async (_, query) => {
    const { text } = await post({ query, operationName: query.startsWith('query cop') ? 'cop' : undefined });
    expect(text).toMatch(/OPERATION_TOO_COMPLEX|GRAPHQL_VALIDATION_FAILED/);
    expect(text).not.toContain('"data"');
  });

  it('batching in a list', async () => {
    const { status, text } = await post(Array.from({ length: 10 }, () => ({ query: '{ __typename }' })));
    expect([status, text.includes('BAD_USER_INPUT'), text.includes('"data"')]).toEqual([400, true, false]);
  });

  it('field suggestions', async () => {
    for (const query of [
      '{ __schem { directive } }',
      '{ produc(id: 1) { nam } }',
      '{ product(ids: "a") { id } }',
    ]) {
      expect((await post({ query })).text).not.toContain('Did you mean');
    }
  });

  it.each([
    ['a GET for a query', `/graphql?query=${encodeURIComponent('query cop { __typename }')}`, {}],
    [
      'a GET for a mutation',
      `/graphql?query=${encodeURIComponent('mutation cop { __typename }')}`,
      { 'graphql-require-preflight': '1' },
    ],
  ])('forged requests: %s', async (_, path, headers) => {
    const response = await fetch(weir.url + path, { headers });
    expect([403, 405]).toContain(response.status);
    expect(await response.text()).not.toContain('"data"');
  });

  it.each([
    'application/x-www-form-urlencoded',
    'text/plain',
    'multipart/form-data; boundary=x',
    'application/graphql',
    '',
  ])('forged requests: a POST of %s, as a form of another page sends it', async (type) => {
    for (const body of [
      '{"query":"mutation cop { __typename }"}',
      'query=mutation%20cop%20%7B__typename%7D',
    ]) {
      const { status, text } = await post(body, { 'content-type': type });
      expect([status, text.includes('"data"')]).toEqual([415, false]);
    }
  });

  it('traces, by a header or an extension that it may ask for', async () => {
    for (const headers of [
      { 'x-weir-trace': '1' },
      { 'x-weir-explain': '1' },
      { 'apollo-federation-include-trace': 'ftv1' },
    ]) {
      const { text, headers: told } = await post(
        { query: '{ product(id: "Product:1") { id } }', extensions: { tracing: true } },
        headers,
      );
      expect(JSON.parse(text)).toEqual({ data: { product: { id: 'Product:1' } } });
      expect(told.get('server-timing')).toBeNull();
    }
  });

  it('a console, at any of the addresses where others have one', async () => {
    for (const path of [
      '/graphql',
      '/graphiql',
      '/playground',
      '/console',
      '/altair',
      '/voyager',
      '/explorer/',
      '/client/',
      '/v1/graphql',
      '/api/graphql',
      '/graphql/console',
    ]) {
      const response = await fetch(weir.url + path, { headers: { accept: 'text/html' } });
      expect(await response.text()).not.toMatch(/<html|graphiql|playground|<script/i);
    }
  });

  it('what breaks, told from inside', async () => {
    for (const body of [
      '{',
      '{"query":1}',
      '{"query":"{"}',
      { query: '{ nope }' },
      { query: 'query ($a: X) { a }' },
      { query: '{ node(id: "\u0000") { id } }' },
    ]) {
      expect((await post(body)).text).not.toMatch(/node_modules|\.ts:|\.js:|at \w+ \(|stack/);
    }
  });

  it('what runs here, told in a header', async () => {
    const { headers } = await post({ query: '{ __typename }' });
    expect([headers.get('server'), headers.get('x-powered-by')]).toEqual([null, null]);
  });
});
