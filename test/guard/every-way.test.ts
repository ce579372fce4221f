import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWeir, type Weir } from '../start-weir.ts';
import { repeat } from './bombs.ts';
import { type Outcome, type Request, type Way, wayNames, ways } from './ways.ts';

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');
const TRUSTED = '{ product(id: "Product:1") { id } }';
const SOMEBODY = 'eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.';
const guess = (email: string): string =>
  `signIn(input: { email: "${email}", password: "wrong" }) { problems { code } }`;

/** A rule, how it is broken, and what is answered then. */
interface Rule {
  readonly name: string;
  readonly request: Request;
  readonly code: string;
  /** Ways on which the rule shows itself otherwise, or has nothing to hold. */
  readonly but?: Readonly<Partial<Record<Way, string>>>;
  /** HTTP's status with `application/json` and with `application/graphql-response+json`. */
  readonly statuses: readonly [number, number];
}

/** Those of a gateway as it starts, in the order in which they are checked. */
const rules: readonly Rule[] = [
  {
    name: 'the size of a request',
    request: { query: `{ __typename } #${'x'.repeat(12_000)}` },
    code: 'PAYLOAD_TOO_LARGE',
    // A long address is a long header; what is in it is text like any other.
    but: { GET: 'ok', WebSocket: 'closed 1009' },
    statuses: [413, 413],
  },
  {
    name: 'what a request is made of',
    request: { query: '{ __typename }', variables: [] as never },
    code: 'BAD_USER_INPUT',
    but: { WebSocket: 'closed 4400' },
    statuses: [400, 400],
  },
  {
    name: 'the length of a document',
    request: { query: `{ ${'a '.repeat(3_000)} }` },
    code: 'OPERATION_TOO_COMPLEX',
    statuses: [200, 400],
  },
  {
    name: 'the nesting of a document',
    request: { query: `${'{a'.repeat(100)}${'}'.repeat(100)}` },
    code: 'OPERATION_TOO_COMPLEX',
    statuses: [200, 400],
  },
  {
    name: 'a hash that nobody knows',
    request: { extensions: { persistedQuery: { version: 1, sha256Hash: hashOf('nobody') } } },
    code: 'PERSISTED_QUERY_NOT_FOUND',
    statuses: [200, 200],
  },
  {
    name: 'a hash of another document',
    request: { query: TRUSTED, extensions: { persistedQuery: { version: 1, sha256Hash: hashOf('x') } } },
    code: 'BAD_USER_INPUT',
    statuses: [200, 400],
  },
  { name: 'the grammar', request: { query: '{' }, code: 'GRAPHQL_PARSE_FAILED', statuses: [200, 400] },
  {
    name: 'aliases',
    request: { query: `{ me { ${repeat(101, (i) => `a${i}: __typename`)} } }` },
    code: 'OPERATION_TOO_COMPLEX',
    statuses: [200, 400],
  },
  {
    name: 'fragment bombs',
    request: {
      query: `{ me { ...F0 } } ${repeat(25, (i) => `fragment F${i} on User { id ...F${i + 1} ...F${i + 1} }`)} fragment F25 on User { id }`,
    },
    code: 'OPERATION_TOO_COMPLEX',
    statuses: [200, 400],
  },
  {
    name: 'the schema',
    request: { query: '{ nope }' },
    code: 'GRAPHQL_VALIDATION_FAILED',
    statuses: [200, 400],
  },
  {
    name: 'who may write',
    request: {
      query:
        'mutation { placeOrder(input: { items: [], paymentToken: "x", idempotencyKey: "k" }) { problems { code } } }',
    },
    code: 'UNAUTHENTICATED',
    but: { GET: 'METHOD_NOT_ALLOWED' },
    // With data, which is null: a 200.
    statuses: [200, 200],
  },
  {
    name: 'the bounds of arguments',
    request: {
      query: 'query ($first: Int) { products(first: $first) { totalCount } }',
      variables: { first: 101 },
    },
    code: 'BAD_USER_INPUT',
    statuses: [200, 400],
  },
  {
    name: 'the cost in REST calls',
    request: {
      query:
        '{ flights(search: { origin: "LHR", destination: "JFK", date: "2030-01-01" }, first: 100) { nodes { offer { token } } } }',
    },
    code: 'OPERATION_TOO_COMPLEX',
    statuses: [200, 400],
  },
  {
    name: 'the access token',
    request: { query: '{ __typename }', token: SOMEBODY },
    code: 'UNAUTHENTICATED',
    but: { WebSocket: 'closed 4401' },
    statuses: [401, 401],
  },
];

const STATUS_OF: Readonly<Partial<Record<Way, 0 | 1>>> = {
  'POST for JSON': 0,
  'POST for a GraphQL response': 1,
  GET: 0,
};

async function expectRefused(
  url: string,
  way: Way,
  { request, code, but, statuses }: Rule,
): Promise<Outcome> {
  const outcome = await ways[way](url, request);
  expect([way, outcome.code], outcome.text).toEqual([way, but?.[way] ?? code]);
  const column = STATUS_OF[way];
  if (column !== undefined && but?.[way] === undefined) expect(outcome.status).toBe(statuses[column]);
  expect(outcome.text).not.toMatch(/127\.0\.0\.1|node_modules/);
  return outcome;
}

describe.each(wayNames)('%s', (way) => {
  describe('of a gateway as it starts', () => {
    let weir: Weir;
    beforeAll(async () => {
      weir = await startWeir({ MAX_BODY_BYTES: '8000', MAX_TOKENS: '2000' });
    });
    afterAll(async () => weir[Symbol.asyncDispose]());

    it('answers what is right', async () => {
      const { code, data } = await ways[way](weir.url, { query: TRUSTED, token: await weir.signIn() });
      expect([code, data]).toEqual(['ok', { product: { id: 'Product:1' } }]);
    });

    it.each(rules)('holds $name', async (rule) => {
      await weir.forgetCalls();
      await expectRefused(weir.url, way, rule);
      expect(await weir.allCalls()).toEqual([]);
    });

    it('holds who sees what', async () => {
      const { data } = await weir.ask('{ me { id orders(first: 1) { nodes { id } } } }', {
        token: await weir.signIn(),
      });
      const query = `{ order(id: "${data.me.orders.nodes[0].id}") { id } user(id: "${data.me.id}") { email } }`;
      const grace = await ways[way](weir.url, { query, token: await weir.signIn('grace@example.com') });
      expect([grace.code, grace.data]).toEqual(['FORBIDDEN', { order: null, user: { email: null } }]);
    });
  });

  it('holds the rate limit', async () => {
    await using weir = await startWeir({ RATE_LIMIT: '1' });
    const token = await weir.signIn();
    const request = { query: '{ me { email } }', token };
    expect((await ways[way](weir.url, request)).code).toBe('ok');
    await weir.forgetCalls();
    const rule = { name: '', request, code: 'RATE_LIMITED', statuses: [429, 429] } as const;
    await expectRefused(weir.url, way, rule);
    expect(await weir.allCalls()).toEqual([]);
  });

  it('holds attempts to sign in', async () => {
    await using weir = await startWeir({ SIGN_IN_LIMIT: '2' });
    const attempt = (query: string): Promise<Outcome> =>
      ways[way](weir.url, { query: `mutation { ${query} }` });
    const expected = way === 'GET' ? 'METHOD_NOT_ALLOWED' : 'ok';
    expect((await attempt(guess('ada@example.com'))).code).toBe(expected);
    expect((await attempt(guess('ada@example.com'))).code).toBe(expected);
    await weir.forgetCalls();
    expect((await attempt(guess('ada@example.com'))).code).toBe(way === 'GET' ? expected : 'RATE_LIMITED');
    const aliases = repeat(3, (index) => `a${index}: ${guess('grace@example.com')}`);
    expect((await attempt(aliases)).code).toBe(way === 'GET' ? expected : 'RATE_LIMITED');
    expect(await weir.allCalls()).toEqual([]);
  });

  it('holds the manifest of trusted documents', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'weir-manifest-'));
    const PERSISTED_MANIFEST = join(folder, 'manifest.json');
    await writeFile(PERSISTED_MANIFEST, JSON.stringify({ [`sha256:${hashOf(TRUSTED)}`]: TRUSTED }));
    await using weir = await startWeir({ PERSISTED_ONLY: 'true', PERSISTED_MANIFEST });
    await rm(folder, { recursive: true });
    const sha256Hash = hashOf(TRUSTED);
    const trusted = await ways[way](weir.url, { extensions: { persistedQuery: { version: 1, sha256Hash } } });
    expect(trusted.data).toEqual({ product: { id: 'Product:1' } });
    await weir.forgetCalls();
    const rule = { name: '', code: 'PERSISTED_OPERATION_REQUIRED', statuses: [200, 400] } as const;
    await expectRefused(weir.url, way, {
      ...rule,
      request: { query: '{ product(id: "Product:2") { id } }' },
    });
    await expectRefused(weir.url, way, {
      ...rule,
      request: { documentId: hashOf('x') },
      but: { WebSocket: 'PERSISTED_OPERATION_REQUIRED' },
    });
    expect(await weir.allCalls()).toEqual([]);
  });

  it('holds introspection back in production, and tells it to who may explore', async () => {
    await using weir = await startWeir({
      NODE_ENV: 'production',
      ADMIN_PORT: '0',
      BACKEND_CLIENT_SECRET: 'weir-demo-secret',
    });
    const query = '{ __schema { queryType { name } } }';
    const rule = { name: '', code: 'GRAPHQL_VALIDATION_FAILED', statuses: [200, 400] } as const;
    await expectRefused(weir.url, way, { ...rule, request: { query } });
    await expectRefused(weir.url, way, { ...rule, request: { query, token: await weir.signIn() } });
    const token = await weir.signIn('root@example.com');
    expect((await ways[way](weir.url, { query, token })).code).toBe('ok');
    const { text } = await ways[way](weir.url, { query: '{ produkt }' });
    expect(text).not.toContain('Did you mean');
  });
});
