import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConfigError } from '../../src/config.ts';
import { createStoredDocuments } from '../../src/guard/stored-documents.ts';
import type { ClientError } from '../graphql-client.ts';
import { startWeir, type Weir } from '../start-weir.ts';

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

interface Answered {
  readonly status: number;
  readonly data: unknown;
  readonly error: ClientError | undefined;
}

/** Posts a body as it stands. */
async function post(
  weir: Weir,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answered> {
  const response = await fetch(`${weir.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  const { data, errors } = (await response.json()) as { data?: unknown; errors?: readonly ClientError[] };
  return { status: response.status, data, error: errors?.[0] };
}

const persisted = (text: string, more: object = {}): object => ({
  extensions: { persistedQuery: { version: 1, sha256Hash: hashOf(text) } },
  ...more,
});

describe('automatic persisted queries', () => {
  let weir: Weir;
  beforeAll(async () => {
    weir = await startWeir();
  });
  afterAll(async () => weir[Symbol.asyncDispose]());

  it('follow the protocol of Apollo: the hash, then the text once, then the hash alone', async () => {
    const text = 'query ($id: ID!) { product(id: $id) { id } }';
    const variables = { id: 'Product:1' };
    for (const accept of ['application/json', 'application/graphql-response+json']) {
      const unknown = await post(weir, persisted(`${text} # ${accept}`, { variables }), { accept });
      expect(unknown.status).toBe(200);
      expect(unknown.error).toMatchObject({
        message: 'PersistedQueryNotFound',
        extensions: { code: 'PERSISTED_QUERY_NOT_FOUND', retryable: true },
      });
    }
    const registered = await post(weir, persisted(text, { query: text, variables }));
    expect(registered.data).toEqual({ product: { id: 'Product:1' } });
    expect((await post(weir, persisted(text, { variables }))).data).toEqual(registered.data);
    expect((await post(weir, { documentId: `sha256:${hashOf(text)}`, variables })).data).toEqual(
      registered.data,
    );
  });

  it('work by GET and for streams of events', async () => {
    const text = '{ product(id: "Product:2") { id } }';
    const extensions = JSON.stringify({ persistedQuery: { version: 1, sha256Hash: hashOf(text) } });
    const get = (query: string): Promise<Response> =>
      fetch(`${weir.url}/graphql?${query}`, { headers: { 'apollo-require-preflight': '1' } });
    const unknown = await get(`extensions=${encodeURIComponent(extensions)}`);
    expect([unknown.status, await unknown.text()]).toEqual([
      200,
      expect.stringContaining('PersistedQueryNotFound'),
    ]);
    await get(`query=${encodeURIComponent(text)}&extensions=${encodeURIComponent(extensions)}`);
    const found = await get(`extensions=${encodeURIComponent(extensions)}`);
    expect(await found.json()).toEqual({ data: { product: { id: 'Product:2' } } });
    const byId = await get(`documentId=${hashOf(text)}`);
    expect(await byId.json()).toEqual({ data: { product: { id: 'Product:2' } } });
    const stream = await fetch(`${weir.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify(persisted(text)),
    });
    expect(await stream.text()).toContain('{"data":{"product":{"id":"Product:2"}}}');
  });

  it.each([
    [
      'a hash of something else',
      { query: '{ __typename }', extensions: { persistedQuery: { version: 1, sha256Hash: hashOf('x') } } },
    ],
    [
      'a hash that is none',
      { query: '{ __typename }', extensions: { persistedQuery: { version: 1, sha256Hash: 'abc' } } },
    ],
    ['another version', { extensions: { persistedQuery: { version: 2, sha256Hash: hashOf('x') } } }],
    ['no hash', { extensions: { persistedQuery: { version: 1 } } }],
    ['a hash that is no text', { extensions: { persistedQuery: { version: 1, sha256Hash: ['a'] } } }],
    ['something else in its place', { extensions: { persistedQuery: 'x' } }],
    ['an id that is none', { documentId: 'abc' }],
    ['an id that is no text', { documentId: 7 }],
    ['an id like a name of prototypes', { documentId: '__proto__' }],
  ])('are refused with %s', async (_, body) => {
    const { error } = await post(weir, body);
    expect(error?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', hint: expect.any(String) });
  });

  it('remember only what is valid', async () => {
    const text = '{ nope }';
    expect((await post(weir, persisted(text, { query: text }))).error?.extensions.code).toBe(
      'GRAPHQL_VALIDATION_FAILED',
    );
    expect((await post(weir, persisted(text))).error?.extensions.code).toBe('PERSISTED_QUERY_NOT_FOUND');
  });

  it('refuse what is too long before anybody looks for it', async () => {
    const text = `{ ${'a '.repeat(20_000)} }`;
    const { error } = await post(weir, { ...persisted('x'), query: text });
    expect(error?.extensions.code).toBe('OPERATION_TOO_COMPLEX');
  });

  it('cannot fill the memory: a million random hashes, and a million documents', () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const stored = createStoredDocuments({ manifest: new Map(), only: false });
    const used = (): number => {
      collect();
      return process.memoryUsage().heapUsed;
    };
    const isKnown = (hash: string): boolean => {
      try {
        return stored.find({ query: null, documentId: hash, extensions: {} }).byHash;
      } catch {
        return false;
      }
    };
    const hashOfIndex = (index: number): string => index.toString(16).padStart(64, '0');
    const before = used();
    let known = 0;
    for (let index = 0; index < 1_000_000; index++) {
      const hash = hashOfIndex(index);
      if (isKnown(hash)) known += 1;
      stored.keep(hash, `query Q${index} { product(id: "Product:${index}") { name description category } }`);
    }
    expect((used() - before) / 1024 / 1024).toBeLessThan(25);
    expect([known, isKnown(hashOfIndex(999_999)), isKnown(hashOfIndex(0))]).toEqual([0, true, false]);
  }, 120_000);
});

describe('trusted documents', () => {
  const trusted = 'query Trusted { product(id: "Product:3") { id } }';
  let folder: string;
  const write = async (name: string, content: unknown): Promise<string> => {
    const path = join(folder, name);
    await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
    return path;
  };
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'weir-manifest-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('run by hash or text, and nothing else does', async () => {
    const PERSISTED_MANIFEST = await write('good.json', { [`sha256:${hashOf(trusted)}`]: trusted });
    await using weir = await startWeir({ PERSISTED_ONLY: 'true', PERSISTED_MANIFEST });
    const data = { product: { id: 'Product:3' } };
    expect((await post(weir, persisted(trusted))).data).toEqual(data);
    expect((await post(weir, { documentId: `sha256:${hashOf(trusted)}` })).data).toEqual(data);
    expect((await post(weir, { query: trusted })).data).toEqual(data);
    expect((await post(weir, persisted(trusted, { query: trusted }))).data).toEqual(data);

    const other = '{ __typename }';
    for (const body of [
      { query: other },
      persisted(other),
      persisted(other, { query: other }),
      {},
      { query: `${trusted} ` },
    ]) {
      const { data: none, error } = await post(weir, body);
      expect(none).toBeUndefined();
      expect(error?.extensions).toMatchObject({
        code: 'PERSISTED_OPERATION_REQUIRED',
        hint: expect.any(String),
      });
    }
    expect((await post(weir, persisted(other))).error?.extensions.code).toBe('PERSISTED_OPERATION_REQUIRED');
  });

  it('run by hash beside all others where they are not required', async () => {
    const PERSISTED_MANIFEST = await write('also.json', { [`sha256:${hashOf(trusted)}`]: trusted });
    await using weir = await startWeir({ PERSISTED_MANIFEST });
    expect((await post(weir, persisted(trusted))).data).toEqual({ product: { id: 'Product:3' } });
    expect((await post(weir, { query: '{ __typename }' })).data).toEqual({ __typename: 'Query' });
  });

  it.each([
    ['is missing', null, 'there are no documents at'],
    ['is empty', {}, 'there are no documents at'],
    ['is no JSON', '{', 'is not a JSON object'],
    ['is a list', [trusted], 'is not a JSON object'],
    ['has a key that is no hash', { trusted }, 'is not sha256:'],
    ['has a document under the hash of another', { [`sha256:${hashOf('x')}`]: trusted }, 'is not the hash'],
  ])('keep the gateway from starting where the manifest %s', async (_, content, message) => {
    const path = content === null ? join(folder, 'missing.json') : await write('bad.json', content);
    const starting = startWeir({ PERSISTED_ONLY: 'true', PERSISTED_MANIFEST: path });
    await expect(starting).rejects.toThrow(ConfigError);
    await expect(starting).rejects.toThrow(message);
  });
});
