import { getIntrospectionQuery } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWeir, type Weir } from '../start-weir.ts';
import { bombs, repeat } from './bombs.ts';

describe('documents', () => {
  let weir: Weir;
  beforeAll(async () => {
    weir = await startWeir();
    await weir.ask('{ __typename }');
  });
  afterAll(async () => weir[Symbol.asyncDispose]());

  it.each(Object.entries(bombs))('are refused at once: %s', async (_, { document, code, limit, actual }) => {
    const startedAt = performance.now();
    const { data, errors } = await weir.ask(document);
    // Each takes some milliseconds; what is not refused at once takes seconds, or for ever.
    expect(performance.now() - startedAt).toBeLessThan(900);
    expect(data).toBeUndefined();
    expect(errors.length).toBeLessThanOrEqual(5);
    expect(errors[0]?.extensions).toMatchObject({
      code,
      ...(limit === undefined ? {} : { limit, actual, hint: expect.any(String) }),
    });
    expect(await weir.allCalls()).toEqual([]);
  });

  it('of 1.3 KB can be a bomb', () => {
    expect(bombs['a fragment bomb']?.document.length).toBeLessThan(1_331);
  });

  it('name at most five faults in an answer', async () => {
    const { errors } = await weir.ask(`{ ${repeat(40, (i) => `nope${i}`)} }`);
    expect(errors).toHaveLength(5);
    const { errors: inVariables } = await weir.ask('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', {
      variables: { ids: Array.from({ length: 90 }, () => ({})) },
    });
    expect(inVariables).toHaveLength(5);
  });

  it('blame whoever sends a null that only a variable allows, and no backend', async () => {
    const { data, errors } = await weir.ask('query ($n: Int = 5) { products(first: $n) { totalCount } }', {
      variables: { n: null },
    });
    expect(data).toEqual({ products: null });
    expect(errors.map(({ extensions }) => extensions.code)).toEqual(['BAD_USER_INPUT']);
  });

  it('may be what tools send to learn the schema', async () => {
    const everything = getIntrospectionQuery({
      inputValueDeprecation: true,
      specifiedByUrl: true,
      schemaDescription: true,
      directiveIsRepeatable: true,
      oneOf: true,
    });
    const { data, errors } = await weir.ask(everything);
    expect(errors).toEqual([]);
    expect(data.__schema.types.length).toBeGreaterThan(20);
  });

  it.each([
    ['aliases', `{ me { ${repeat(100, (i) => `a${i}: id`)} } }`],
    ['directives', `{ me { id ${repeat(100, () => '... @skip(if: false) { name }')} } }`],
    ['root fields', `{ ${repeat(50, (i) => `a${i}: __typename`)} }`],
    ['repeats', `{ me { ${repeat(100, () => 'id')} } }`],
    ['spreads', `{ me { ${repeat(99, () => '...F')} } } fragment F on User { id name }`],
  ])('may be as large as the limit of %s says', async (_, document) => {
    const { data, errors } = await weir.ask(document, { token: await weir.signIn() });
    expect(errors).toEqual([]);
    expect(data).toBeDefined();
  });
});

describe('what an operator sets', () => {
  it.each([
    ['MAX_TOKENS', 100, `{ ${repeat(101, () => '__typename')} }`],
    ['MAX_DEPTH', 2, '{ me { orders { totalCount } } }'],
    ['MAX_ALIASES', 1, '{ a: __typename b: __typename }'],
    ['MAX_ROOT_FIELDS', 1, '{ __typename me { id } }'],
  ] as const)('is what counts: %s', async (name, limit, document) => {
    await using weir = await startWeir({ [name]: String(limit) });
    const { errors } = await weir.ask(document);
    expect(errors[0]?.extensions).toMatchObject({ code: 'OPERATION_TOO_COMPLEX', limit });
  });
});
