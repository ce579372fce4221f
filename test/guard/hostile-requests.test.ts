import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClientError } from '../graphql-client.ts';
import { startWeir, type Weir } from '../start-weir.ts';

interface Answered {
  readonly status: number;
  readonly data: unknown;
  readonly code: string | undefined;
  readonly error: ClientError | undefined;
}

describe('a request', () => {
  let weir: Weir;
  beforeAll(async () => {
    weir = await startWeir();
    await weir.ask('{ __typename }');
  });
  afterAll(async () => weir[Symbol.asyncDispose]());

  const post = async (
    body: string | Uint8Array<ArrayBuffer>,
    accept = 'application/json',
  ): Promise<Answered> => {
    const startedAt = performance.now();
    const response = await fetch(`${weir.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept },
      body,
    });
    const text = await response.text();
    expect(performance.now() - startedAt).toBeLessThan(900);
    const { data, errors } = JSON.parse(/^(?:data: )?(\{.*\})\r?$/m.exec(text)?.[1] ?? text) as {
      data?: unknown;
      errors?: readonly ClientError[];
    };
    return { status: response.status, data, code: errors?.[0]?.extensions.code, error: errors?.[0] };
  };

  const deep = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`;

  it.each([
    [
      'a flood of operations',
      `[${Array(10_000).fill('{"query":"{__typename}"}').join(',')}]`,
      400,
      'BAD_USER_INPUT',
    ],
    ['an empty batch', '[]', 400, 'BAD_USER_INPUT'],
    [
      'more bytes than it may',
      JSON.stringify({ query: `{__typename} #${'x'.repeat(1024 * 1024)}` }),
      413,
      'PAYLOAD_TOO_LARGE',
    ],
    ['JSON that nests for ever', deep(500_000), 400, 'BAD_USER_INPUT'],
    ['JSON that never ends', '{"a":'.repeat(200_000), 400, 'BAD_USER_INPUT'],
    ['bytes that are no UTF-8', new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]), 400, 'BAD_USER_INPUT'],
    [
      'half a character',
      new Uint8Array([...Buffer.from('{"query":"{ a'), 0xf0, 0x9f]),
      400,
      'BAD_USER_INPUT',
    ],
    ['no body', '', 400, 'BAD_USER_INPUT'],
    ['a number', '7', 400, 'BAD_USER_INPUT'],
    ['a long number', `${'9'.repeat(500_000)}`, 400, 'BAD_USER_INPUT'],
  ])('of %s is refused at once', async (_, body, status, code) => {
    const answered = await post(body);
    expect([answered.status, answered.code]).toEqual([status, code]);
    expect(answered.error?.extensions.hint).toEqual(expect.any(String));
  });

  it.each(['application/json', 'text/event-stream', 'multipart/mixed'])(
    'may carry variables as deep as it likes, for %s',
    async (accept) => {
      const unused = await post(`{"query":"{ __typename }","variables":{"a":${deep(400_000)}}}`, accept);
      expect([unused.status, unused.data]).toEqual([200, { __typename: 'Query' }]);
      const used = await post(
        `{"query":"query ($ids: [ID!]!) { nodes(ids: $ids) { id } }","variables":{"ids":${deep(10_000)}}}`,
        accept,
      );
      expect(used.code).toBe('BAD_USER_INPUT');
    },
  );

  it.each([
    '__proto__',
    'constructor',
    'prototype',
    'toString',
    'hasOwnProperty',
    '__defineGetter__',
    'then',
    'toJSON',
  ])('may use the name %s for whatever it names', async (name) => {
    const document = `query ${name}($${name}: ID!) { ${name}: product(id: $${name}) { ${name}: id ...${name} } } fragment ${name} on Product { name }`;
    const { data } = await post(
      `{"query":${JSON.stringify(document)},"operationName":"${name}","variables":{"${name}":"Product:1"}}`,
    );
    expect(JSON.stringify(data)).toBe(
      `{"${name}":{"${name}":"Product:1","name":${JSON.stringify((await weir.ask('{ product(id: "Product:1") { name } }')).data.product.name)}}}`,
    );
    const asId = await post(
      JSON.stringify({ query: `{ node(id: "${name}:1") { id } product(id: "${name}") { id } }` }),
    );
    expect(asId.data).toEqual({ node: null, product: null });
    expect(({} as Record<string, unknown>).query).toBeUndefined();
  });

  it('cannot change what objects are made of', async () => {
    const polluting =
      '{"__proto__":{"query":"{ __typename }","isAdmin":true},"variables":{"__proto__":{"id":"Product:1"}}}';
    expect((await post(polluting)).code).toBe('BAD_USER_INPUT');
    expect(
      (
        await post(
          '{"query":"query ($id: ID!) { product(id: $id) { id } }","variables":{"__proto__":{"id":"Product:1"}}}',
        )
      ).code,
    ).toBe('BAD_USER_INPUT');
  });
});
