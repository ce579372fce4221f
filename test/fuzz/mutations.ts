import type { Chance } from './chance.ts';
import { corpus, words } from './corpus.ts';

/** Changes some characters of a text, in whichever way. */
export function mutateText(text: string, chance: Chance): string {
  let mutated = text;
  for (let times = chance.whole(1, 4); times > 0; times -= 1) {
    const at = chance.whole(0, mutated.length);
    const to = Math.min(mutated.length, at + chance.whole(0, 40));
    const part = mutated.slice(at, to);
    const put = chance.pick([
      '',
      part + part,
      part.repeat(chance.whole(2, 200)),
      chance.pick(words),
      String.fromCharCode(chance.whole(0, 0xffff)),
      [...part].reverse().join(''),
      chance.pick(['{', '}', '(', ')', '[', ']', '"', '\\', '@', '$', '...', ':', '#', '&', '"""', '\n']),
    ]);
    mutated = mutated.slice(0, at) + put + mutated.slice(to);
  }
  return mutated.slice(0, 60_000);
}

/** Changes bytes: flips, cuts, doubles, and puts in what means something to parsers. */
export function mutateBytes(bytes: Buffer, chance: Chance): Buffer {
  let mutated = bytes;
  for (let times = chance.whole(1, 6); times > 0; times -= 1) {
    const at = chance.whole(0, mutated.length);
    const to = Math.min(mutated.length, at + chance.whole(0, 60));
    const part = mutated.subarray(at, to);
    const put = chance.pick([
      Buffer.alloc(0),
      Buffer.concat([part, part]),
      Buffer.from(part.map((byte) => byte ^ (1 << chance.whole(0, 7)))),
      Buffer.from([0]),
      Buffer.from([0xff, 0xfe]),
      Buffer.from([0xc0, 0xaf]),
      Buffer.from('\r\n'),
      Buffer.from('\r\n\r\n'),
      Buffer.from('\n'),
      Buffer.from('transfer-encoding: chunked\r\n'),
      Buffer.from('content-length: 5\r\n'),
      Buffer.from('0\r\n\r\nGET / HTTP/1.1\r\nhost: x\r\n\r\n'),
      Buffer.from(chance.pick(words)),
      Buffer.from(Array.from({ length: chance.whole(1, 30) }, () => chance.whole(0, 255))),
    ]);
    mutated = Buffer.concat([mutated.subarray(0, at), put, mutated.subarray(to)]);
  }
  return mutated.subarray(0, 200_000);
}

/** Changes a document by its tokens, or makes one that asks for far too much. */
export function mutateDocument(query: string, chance: Chance): string {
  if (chance.happens(0.15)) return bomb(chance);
  const tokens = query.match(/\.\.\.|[_A-Za-z]\w*|"[^"]*"|\d+|\s+|./g) ?? [];
  const others = chance.pick(corpus).query.match(/\.\.\.|[_A-Za-z]\w*|"[^"]*"|\d+|\s+|./g) ?? [];
  for (let times = chance.whole(1, 6); times > 0; times -= 1) {
    const at = chance.whole(0, tokens.length);
    const length = chance.whole(0, 8);
    const from = chance.whole(0, others.length);
    tokens.splice(
      at,
      chance.happens(0.5) ? length : 0,
      ...chance.pick([
        [],
        others.slice(from, from + chance.whole(1, 20)),
        tokens.slice(at, at + length),
        Array.from({ length: chance.whole(1, 60) }, () => tokens[at] ?? '{'),
        [JSON.stringify(chance.pick(words))],
        [` ${chance.pick(words)} `],
        [
          chance.pick([
            '@defer ',
            '@stream ',
            '@skip(if: true) ',
            '@include(if: $x) ',
            '@nope ',
            '@specifiedBy(url: "") ',
          ]),
        ],
        [
          chance.pick([
            '99999999999',
            '-1',
            '1e9',
            '0.1',
            '"\\u{110000}"',
            '"""a"""',
            '$v',
            '[]',
            '{}',
            'null',
            'EVIL',
          ]),
        ],
      ]),
    );
  }
  return tokens.join('').slice(0, 60_000);
}

function bomb(chance: Chance): string {
  const n = chance.pick([2, 20, 60, 101, 300, 2_000]);
  const times = (text: (index: number) => string): string =>
    Array.from({ length: n }, (_, i) => text(i)).join(' ');
  return chance.pick([
    () => `{ ${times((i) => `a${i}: __typename`)} }`,
    () =>
      `{ ${'me { orders { nodes { customer { '.repeat(Math.min(n, 60))} id ${'} } } }'.repeat(Math.min(n, 60))} }`,
    () =>
      `{ me { ...F0 } } ${times((i) => `fragment F${i} on User { id ...F${i + 1} ...F${i + 1} }`)} fragment F${n} on User { id }`,
    () =>
      `{ me { ...F0 } } ${times((i) => `fragment F${i} on User { ...F${(i + 1) % n} orders { nodes { customer { ...F${(i * 7) % n} } } } }`)}`,
    () =>
      `{ me { ${times((i) => `...F${i}`)} } } ${times((i) => `fragment F${i} on User { id a${i}: name }`)}`,
    () => `{ me { ${times(() => 'orders { nodes { id } }')} } }`,
    () => `{ __typename ${times(() => '@skip(if: false)')} }`,
    () => times((i) => `query Q${i} { __typename }`),
    () => `query (${times((i) => `$v${i}: Int`)}) { me { id } }`,
    () => `{ nodes(ids: [${times(() => '"Product:1"')}]) { id } }`,
    () => `{ nodes(ids: ${'['.repeat(n)}${']'.repeat(n)}) { id } }`,
    () =>
      `mutation { ${times((i) => `a${i}: signIn(input: { email: "${i}@example.com", password: "x" }) { accessToken }`)} }`,
    () =>
      `{ flights(search: { origin: "LHR", destination: "JFK", date: "2026-12-01" }, first: ${n}) { nodes { offer { token } } } }`,
    () => `{ ${'... { '.repeat(n)} __typename ${'}'.repeat(n)} }`,
    () =>
      `{ __schema { ${'types { fields { type { '.repeat(Math.min(n, 40))} name ${'} } }'.repeat(Math.min(n, 40))} } }`,
    () => `{ a(${times((i) => `x${i}: {y: [1]}`)}) }`,
    () => `#${'x'.repeat(n * 10)}\n{ __typename }`,
  ])();
}

/** Some JSON value, mostly not the one that is wanted. */
export function randomValue(chance: Chance, depth = 0): unknown {
  const leaf = (): unknown =>
    chance.pick<unknown>([
      null,
      true,
      0,
      -1,
      1e308,
      2 ** 53,
      0.1,
      101,
      '',
      chance.pick(words),
      [],
      {},
      'Product:1',
      ['Product:1', null, 7],
    ]);
  if (depth > 3 || chance.happens(0.5)) return leaf();
  if (chance.happens(0.2)) return Array.from({ length: chance.pick([1, 3, 99, 101, 2_000]) }, leaf);
  if (chance.happens(0.2)) {
    let nested: unknown = leaf();
    for (let level = chance.pick([3, 50, 500]); level > 0; level -= 1)
      nested = chance.happens(0.5) ? [nested] : { a: nested };
    return nested;
  }
  return Object.fromEntries(
    Array.from({ length: chance.whole(1, 4) }, () => [
      chance.pick([...words.slice(0, 10), 'email', 'origin', 'items', 'first', 'input']),
      randomValue(chance, depth + 1),
    ]),
  );
}

/** Variables of which some are something else. */
export function mutateVariables(
  variables: Readonly<Record<string, unknown>>,
  chance: Chance,
): Record<string, unknown> {
  const entries = Object.entries(variables).map(([name, value]): [string, unknown] => {
    if (chance.happens(0.5)) return [name, value];
    if (typeof value === 'object' && value !== null && !Array.isArray(value) && chance.happens(0.7)) {
      return [name, mutateVariables({ ...value }, chance)];
    }
    return [name, randomValue(chance)];
  });
  if (chance.happens(0.3)) entries.push([chance.pick(words), randomValue(chance)]);
  return Object.fromEntries(chance.happens(0.1) ? entries.slice(1) : entries);
}
