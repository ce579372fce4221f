/** `times` texts side by side. */
export function repeat(times: number, text: (index: number) => string): string {
  return Array.from({ length: times }, (_, index) => text(index)).join(' ');
}

/** A document that asks for far more than its length says, or makes a naive checker work for far longer. */
export interface Bomb {
  readonly document: string;
  /** What refuses it. */
  readonly code: 'OPERATION_TOO_COMPLEX' | 'GRAPHQL_VALIDATION_FAILED' | 'GRAPHQL_PARSE_FAILED';
  /** For limits: what the limit is, and how much it was. */
  readonly limit?: number;
  readonly actual?: number;
}

const SATURATED = 1_000_000_000;

/** Every bomb that documents can carry, by what it is called. */
export const bombs: Readonly<Record<string, Bomb>> = {
  'a nesting bomb of fields': {
    document: `${'{a'.repeat(3_000)}${'}'.repeat(3_000)}`,
    code: 'OPERATION_TOO_COMPLEX',
    limit: 40,
    actual: 3_000,
  },
  'a nesting bomb of lists': {
    document: `{ nodes(ids: ${'['.repeat(4_000)}${']'.repeat(4_000)}) { id } }`,
    code: 'OPERATION_TOO_COMPLEX',
    limit: 40,
    actual: 4_002,
  },
  'a nesting bomb that never closes': {
    document: '{a'.repeat(4_000),
    code: 'OPERATION_TOO_COMPLEX',
    limit: 40,
    actual: 4_000,
  },
  'a nesting bomb of inline fragments': {
    document: `{ me { ${'... { '.repeat(50)} id ${'} '.repeat(50)} } }`,
    code: 'OPERATION_TOO_COMPLEX',
    limit: 40,
    actual: 52,
  },
  'a path that goes round and round': {
    document: `{ me ${'{ orders { nodes { customer '.repeat(7)} { id } ${'} } }'.repeat(7)} }`,
    code: 'OPERATION_TOO_COMPLEX',
    limit: 20,
    actual: 23,
  },
  'a path that goes round by fragments': {
    document: `{ me { ...F0 } } ${repeat(7, (i) => `fragment F${i} on User { orders { nodes { customer { ...F${i + 1} } } } }`)} fragment F7 on User { id }`,
    code: 'OPERATION_TOO_COMPLEX',
    limit: 20,
    actual: 23,
  },
  'a fragment bomb': {
    document: `{ me { ...F0 } } ${repeat(25, (i) => `fragment F${i} on User { id ...F${i + 1} ...F${i + 1} }`)} fragment F25 on User { id }`,
    code: 'OPERATION_TOO_COMPLEX',
    limit: 1_000,
    actual: 2 ** 26,
  },
  'a fragment bomb beyond all numbers': {
    document: `{ me { ...F0 } } ${repeat(40, (i) => `fragment F${i} on User { id ...F${i + 1} ...F${i + 1} ...F${i + 1} }`)} fragment F40 on User { id }`,
    code: 'OPERATION_TOO_COMPLEX',
    limit: 1_000,
    actual: SATURATED,
  },
  'a fragment bomb without a field': {
    document: `{ me { ...F0 } } ${repeat(40, (i) => `fragment F${i} on User { ...F${i + 1} ...F${i + 1} ...F${i + 1} }`)}`,
    code: 'GRAPHQL_VALIDATION_FAILED',
  },
  'fragments that spread each other in a circle': {
    document:
      '{ me { ...A } } fragment A on User { ...B orders { nodes { customer { ...A } } } } fragment B on User { ...A }',
    code: 'GRAPHQL_VALIDATION_FAILED',
  },
  'two hundred fragments in circles': {
    document: `{ me { ...F0 } } ${repeat(120, (i) => `fragment F${i} on User { ...F${(i + 1) % 120} ...F${(i + 7) % 120} }`)}`,
    code: 'GRAPHQL_VALIDATION_FAILED',
  },
  'a flood of spreads': {
    document: `{ ${repeat(2_000, (i) => `...X${i}`)} }`,
    code: 'OPERATION_TOO_COMPLEX',
    limit: 250,
    actual: 2_000,
  },
  'an alias flood': {
    document: `{ ${repeat(3_000, (i) => `a${i}: __typename`)} }`,
    code: 'OPERATION_TOO_COMPLEX',
    limit: 100,
    actual: 3_000,
  },
  'one alias too many': {
    document: `{ me { ${repeat(101, (i) => `a${i}: __typename`)} } }`,
    code: 'OPERATION_TOO_COMPLEX',
    limit: 100,
    actual: 101,
  },
  'a flood of directives': {
    document: `{ __typename ${repeat(1_000, () => '@skip(if: false)')} }`,
    code: 'OPERATION_TOO_COMPLEX',
    limit: 100,
    actual: 1_000,
  },
  'a flood of unknown directives': {
    document: `{ __typename ${'@a'.repeat(4_000)} }`,
    code: 'OPERATION_TOO_COMPLEX',
    limit: 100,
    actual: 4_000,
  },
  'a batch in one operation': {
    document: `{ ${repeat(51, (i) => `a${i}: product(id: "Product:${i}") { name }`)} }`,
    code: 'OPERATION_TOO_COMPLEX',
    limit: 50,
    actual: 51,
  },
  'a batch by a fragment': {
    document: `query { ...F ...F } fragment F on Query { ${repeat(30, (i) => `a${i}: __typename`)} }`,
    code: 'OPERATION_TOO_COMPLEX',
    limit: 50,
    actual: 60,
  },
  'one field over and over': {
    document: `{ me { ${repeat(600, () => 'id')} } }`,
    code: 'OPERATION_TOO_COMPLEX',
    limit: 100,
    actual: 600,
  },
  'overlapping fields, nested and aliased': {
    document: `{ me { ${repeat(250, () => 'orders { nodes { id } }')} } }`,
    code: 'OPERATION_TOO_COMPLEX',
    limit: 100,
    actual: 250,
  },
  'overlapping fields by fragments': {
    document: `{ me { ${repeat(240, (i) => `...F${i}`)} } } ${repeat(240, (i) => `fragment F${i} on User { id name }`)}`,
    code: 'OPERATION_TOO_COMPLEX',
    limit: 100,
    actual: 240,
  },
  'a flood of operations': {
    document: repeat(51, (i) => `query Q${i} { __typename }`),
    code: 'OPERATION_TOO_COMPLEX',
    limit: 50,
    actual: 51,
  },
  'a flood of fields': {
    document: `{ me { ${repeat(5_000, (i) => `f${i}`)} } }`,
    code: 'OPERATION_TOO_COMPLEX',
    limit: 1_000,
    actual: 5_001,
  },
  'a flood of tokens': {
    document: `{ nodes(ids: [${repeat(20_000, () => '"a"')}]) { id } }`,
    code: 'OPERATION_TOO_COMPLEX',
    limit: 10_000,
    actual: 10_001,
  },
  'introspection that goes round and round': {
    document:
      '{ __schema { types { fields { type { fields { type { fields { type { fields { name } } } } } } } } } }',
    code: 'GRAPHQL_VALIDATION_FAILED',
  },
  'text that never ends': { document: `{ product(id: "${'a'.repeat(50_000)}`, code: 'GRAPHQL_PARSE_FAILED' },
  'an unknown character': { document: '{ \u0000 }', code: 'GRAPHQL_PARSE_FAILED' },
};
