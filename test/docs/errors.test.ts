import { globSync, readFileSync } from 'node:fs';
import { makeExecutableSchema } from '@graphql-tools/schema';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { catalogue, type ErrorCode } from '../../src/errors.ts';
import { createGateway } from '../../src/gateway.ts';
import { overloadNumbers } from '../../src/guard/overload.ts';
import type { ClientError } from '../graphql-client.ts';
import { startWeir, type Weir } from '../start-weir.ts';
import { readProject, root, tableOf } from './markdown.ts';

const page = readProject('docs/errors.md');

const documented = tableOf(page, 'code').map(([code = '', status, retryable, when, advice]) => ({
  code: code.replaceAll('`', ''),
  status: Number(status),
  retryable,
  when,
  advice,
}));

const extensionsListed = tableOf(page, 'extension').flatMap(([name = '']) =>
  [...name.matchAll(/`(\w+)`/g)].map(([, word]) => word),
);

/** The codes that the page says nothing sends yet. */
const reserved = [...(/sent by nothing yet: ([\s\S]*?)\.$/m.exec(page)?.[1] ?? '').matchAll(/`(\w+)`/g)].map(
  ([, code = '']) => code,
);

/** What came back, and the first error in it. */
interface Refused {
  readonly status: number;
  readonly error: ClientError | undefined;
}

interface Case {
  readonly code: ErrorCode;
  readonly provoke: (weir: Weir, grace: string) => Promise<Refused>;
  /** Beside `code`, `retryable` and `requestId`. */
  readonly says?: Readonly<Record<string, unknown>>;
  /** True where the rest of the answer is there, so that the status is 200. */
  readonly partial?: boolean;
}

const MODERN = { accept: 'application/graphql-response+json' };

/** Sends a request as it stands. */
async function send(weir: Weir, request: RequestInit, search = ''): Promise<Refused> {
  const response = await fetch(`${weir.url}/graphql${search}`, request);
  const { errors } = (await response.json()) as { errors?: readonly ClientError[] };
  return { status: response.status, error: errors?.[0] };
}

/** Asks a query. */
async function ask(
  weir: Weir,
  query: string,
  options: { readonly token?: string; readonly headers?: Readonly<Record<string, string>> } = {},
): Promise<Refused> {
  const { token, headers } = options;
  const { status, errors } = await weir.ask(query, { token, headers: { ...MODERN, ...headers } });
  return { status, error: errors[0] };
}

/** Asks for what a backend is made to spoil, and for what it is not. */
const spoiled =
  (
    fault: Readonly<Record<string, unknown>>,
    headers: Readonly<Record<string, string>> = {},
  ): Case['provoke'] =>
  async (weir) => {
    await weir.fault('inventory', fault);
    return ask(weir, '{ product(id: "Product:1") { name stock { available } } }', { headers });
  };

const cases: readonly Case[] = [
  {
    code: 'UNAUTHENTICATED',
    provoke: (weir) => ask(weir, '{ me { id } }', { token: 'nonsense' }),
    says: { hint: expect.any(String) },
  },
  {
    code: 'FORBIDDEN',
    provoke: (weir, grace) => ask(weir, '{ user(id: "User:1") { name email } }', { token: grace }),
    partial: true,
  },
  {
    code: 'BAD_USER_INPUT',
    provoke: (weir) => ask(weir, '{ products(first: 101) { totalCount } }'),
    says: { limit: 100, actual: 101, hint: expect.any(String) },
  },
  { code: 'GRAPHQL_PARSE_FAILED', provoke: (weir) => ask(weir, '{') },
  { code: 'GRAPHQL_VALIDATION_FAILED', provoke: (weir) => ask(weir, '{ nope }') },
  {
    code: 'OPERATION_TOO_COMPLEX',
    provoke: (weir) => ask(weir, `${'{a'.repeat(60)}${'}'.repeat(60)}`),
    says: { limit: expect.any(Number), actual: 60, hint: expect.any(String) },
  },
  {
    code: 'RATE_LIMITED',
    provoke: async () => {
      await using weir = await startWeir({ RATE_LIMIT: '1' });
      await weir.ask('{ product(id: "Product:1") { name } }');
      return await ask(weir, '{ product(id: "Product:1") { name } }');
    },
    says: { limit: 1, actual: 1, retryAfter: expect.any(Number), hint: expect.any(String) },
  },
  {
    code: 'PERSISTED_OPERATION_REQUIRED',
    provoke: async () => {
      await using weir = await startWeir({ PERSISTED_ONLY: 'true' });
      return await ask(weir, '{ product(id: "Product:1") { name } }');
    },
    says: { hint: expect.any(String) },
  },
  {
    code: 'PERSISTED_QUERY_NOT_FOUND',
    provoke: (weir) =>
      send(weir, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...MODERN },
        body: JSON.stringify({ documentId: `sha256:${'0'.repeat(64)}` }),
      }),
    says: { hint: expect.any(String) },
  },
  {
    code: 'PAYLOAD_TOO_LARGE',
    provoke: (weir) => ask(weir, `{ __typename } #${'x'.repeat(2_000)}`),
    says: { limit: 1_500, actual: expect.any(Number) },
  },
  {
    code: 'UNSUPPORTED_MEDIA_TYPE',
    provoke: (weir) => send(weir, { method: 'POST', headers: { 'content-type': 'text/plain' }, body: '{}' }),
    says: { hint: expect.any(String) },
  },
  { code: 'METHOD_NOT_ALLOWED', provoke: (weir) => send(weir, { method: 'PUT', body: '{}' }) },
  {
    code: 'CSRF_REJECTED',
    provoke: (weir) => send(weir, { method: 'GET' }, '?query=%7B__typename%7D'),
    says: { hint: expect.any(String) },
  },
  {
    code: 'UPSTREAM_TIMEOUT',
    provoke: spoiled({ mode: 'hang' }),
    says: { backend: 'inventory' },
    partial: true,
  },
  {
    code: 'UPSTREAM_UNAVAILABLE',
    provoke: spoiled({ errorRate: 1, status: 503, retryAfter: 60 }),
    says: {
      backend: 'inventory',
      retryAfter: 60,
      problem: { type: 'https://weir.example/problems/unavailable', status: 503 },
    },
    partial: true,
  },
  {
    code: 'UPSTREAM_ERROR',
    provoke: spoiled({ errorRate: 1, status: 500 }),
    says: {
      backend: 'inventory',
      problem: { type: 'https://weir.example/problems/internal', status: 500 },
    },
    partial: true,
  },
  {
    code: 'UPSTREAM_BAD_RESPONSE',
    provoke: spoiled({ mode: 'wrong-shape' }),
    says: { backend: 'inventory' },
    partial: true,
  },
  {
    code: 'DEADLINE_EXCEEDED',
    provoke: spoiled({ mode: 'hang' }, { 'x-weir-timeout-ms': '300' }),
    says: { backend: 'inventory' },
    partial: true,
  },
  {
    code: 'OVERLOADED',
    provoke: askJammed,
    says: { hint: expect.any(String), retryAfter: expect.any(Number) },
  },
  {
    code: 'WORKFLOWS_UNAVAILABLE',
    // This gateway has no database.
    provoke: (weir, grace) =>
      ask(
        weir,
        `mutation { placeOrder(input: { items: [{ productId: "Product:1", quantity: 1 }], paymentToken: "tok_ok",
          idempotencyKey: "k" }) { order { id } } }`,
        { token: grace },
      ),
    partial: true,
  },
  { code: 'INTERNAL', provoke: askBroken, says: { hint: expect.any(String) }, partial: true },
];

/** Asks a gateway that takes nobody, and looks at what it still tells whoever watches it. */
async function askJammed(): Promise<Refused> {
  await using gateway = createGateway({
    config: readConfig({ NODE_ENV: 'test' }),
    overload: { ...overloadNumbers, most: 0 },
  });
  const url = await gateway.listen(0, '127.0.0.1');
  for (const path of ['/healthz', '/readyz']) {
    expect(await (await fetch(`${url}${path}`)).text()).not.toContain('OVERLOADED');
  }
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"query":"{ __typename }"}',
  });
  const { errors } = (await response.json()) as { errors?: readonly ClientError[] };
  expect(response.headers.get('retry-after')).toBe(String(errors?.[0]?.extensions.retryAfter));
  // Its body was small, so that its connection can be used again.
  expect(response.headers.get('connection')).toBe('keep-alive');
  return { status: response.status, error: errors?.[0] };
}

/** Asks a gateway whose resolver fails with an error that nobody meant. */
async function askBroken(): Promise<Refused> {
  const schema = makeExecutableSchema({
    typeDefs: 'type Query { broken: String }',
    resolvers: {
      Query: {
        broken: () => {
          throw new Error('a secret of ours');
        },
      },
    },
  });
  await using gateway = createGateway({
    config: readConfig({ NODE_ENV: 'test' }),
    world: { table: {}, schema, open: () => () => ({}) },
  });
  const url = await gateway.listen(0, '127.0.0.1');
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...MODERN },
    body: '{"query":"{ broken }"}',
  });
  const text = await response.text();
  expect(text).not.toContain('secret');
  const { errors } = JSON.parse(text) as { errors?: readonly ClientError[] };
  return { status: response.status, error: errors?.[0] };
}

describe('docs/errors.md', () => {
  it('has the codes of the catalogue, and no others, with what the catalogue says of them', () => {
    expect(documented.map(({ code, status, retryable }) => ({ code, status, retryable }))).toEqual(
      Object.entries(catalogue).map(([code, { status, retryable }]) => ({
        code,
        status,
        retryable: retryable ? 'yes' : 'no',
      })),
    );
  });

  it('says of each when it comes and what to do', () => {
    for (const { code, when, advice } of documented) {
      expect([code, when, advice]).toEqual([
        code,
        expect.stringMatching(/\.$/),
        expect.stringMatching(/\.$/),
      ]);
    }
  });

  it('has every code either provoked below or among those that nothing sends yet', () => {
    const provoked = cases.map(({ code }) => code);
    expect([...provoked, ...reserved].sort()).toEqual(Object.keys(catalogue).sort());
  });

  it('calls no code unsent that something sends', () => {
    const source = globSync('src/**/*.ts', { cwd: root }).map((file) =>
      readFileSync(`${root}/${file}`, 'utf8'),
    );
    const sent = reserved.filter((code) =>
      source.some((text) => new RegExp(`new WeirError\\(\\s*'${code}'`).test(text)),
    );
    expect(sent, 'take these out of the sentence in docs/errors.md and provoke them here').toEqual([]);
  });
});

describe('a code', () => {
  let weir: Weir;
  let grace: string;
  beforeAll(async () => {
    weir = await startWeir({ MAX_BODY_BYTES: '1500' });
    grace = await weir.signIn('grace@example.com');
  });
  afterEach(async () => weir.fault('inventory', null));
  afterAll(async () => weir?.[Symbol.asyncDispose]());

  it.each(cases)('is sent as documented: $code', async ({ code, provoke, says = {}, partial = false }) => {
    const { status, error } = await provoke(weir, grace);
    const row = documented.find((one) => one.code === code);
    expect(error?.extensions).toMatchObject({
      code,
      retryable: row?.retryable === 'yes',
      requestId: expect.stringMatching(/./),
      ...says,
    });
    expect(extensionsListed).toEqual(expect.arrayContaining(Object.keys(error?.extensions ?? {})));
    expect(status).toBe(partial ? 200 : row?.status);
    expect(JSON.stringify(error)).not.toMatch(/127\.0\.0\.1|stack/);
  });
});
