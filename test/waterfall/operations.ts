import { readFileSync } from 'node:fs';
import {
  buildSchema,
  getNamedType,
  isAbstractType,
  isLeafType,
  isObjectType,
  parse,
  validate,
} from 'graphql';
import type { Weir } from '../start-weir.ts';

const schema = buildSchema(readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8'));

/** Ids that a random operation may ask for, and a day on which there are flights. */
export interface Known {
  readonly ids: readonly string[];
  readonly date: string;
}

/** Ids of Ada's and of everybody's objects. */
export async function knownTo(weir: Weir, token: string): Promise<Known> {
  const date = new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 10);
  const { data } = await weir.ask(
    `{ me { id orders(first: 8) { nodes { id } } bookings(first: 3) { nodes { id } } } products(first: 12) { nodes { id } }
       flights(search: { origin: "LHR", destination: "JFK", date: "${date}" }, first: 4) { nodes { id } } }`,
    { token },
  );
  const lists = [data.me.orders, data.me.bookings, data.products, data.flights];
  return {
    date,
    ids: [data.me.id, ...lists.flatMap(({ nodes }) => nodes.map(({ id }: { id: string }) => id))],
  };
}

/** Durable workflows are not REST calls of the operation, and the subgraph's fields are not served to everybody. */
const LEFT_OUT = /workflow|usage|webhook|catalogue|^_|^import|audit|Connection\.edges|\.node$|\.totalCount$/i;

/** Numbers from 0 up to 1, the same for the same seed (mulberry32). */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A random valid query on the real schema that loads something, the same for the same seed. */
export function randomQuery(seed: number, known: Known): string {
  const random = createRandom(seed);
  const pick = <T>(from: readonly T[]): T => {
    const one = from[Math.floor(random() * from.length)];
    if (one === undefined) throw new Error('nothing to pick from');
    return one;
  };
  const quoted = (kind: string): string =>
    JSON.stringify(pick(known.ids.filter((id) => kind === '' || id.startsWith(`${kind}:`))));
  /** The arguments by the field that takes them; a field that is not here gets none. */
  const argsOf: Readonly<Record<string, () => string>> = {
    'Query.booking': () => `(id: ${quoted('Booking')})`,
    'Query.flight': () => `(id: ${quoted('Flight')})`,
    'Query.order': () => `(id: ${quoted('Order')})`,
    'Query.product': () => `(id: ${quoted('Product')})`,
    'Query.node': () => `(id: ${quoted('')})`,
    'Query.nodes': () => `(ids: [${Array.from({ length: 4 }, () => quoted('')).join(', ')}])`,
    'Query.flights': () =>
      `(search: { origin: "LHR", destination: "JFK", date: "${known.date}" }, first: ${1 + Math.floor(random() * 4)})`,
    'Query.products': () => `(first: ${1 + Math.floor(random() * 6)})`,
    'User.orders': () => `(first: ${1 + Math.floor(random() * 6)})`,
    'User.bookings': () => `(first: ${1 + Math.floor(random() * 3)})`,
  };
  let aliases = 0;

  const selection = (typeName: string, depth: number): string => {
    const type = schema.getType(typeName);
    if (isAbstractType(type)) {
      const parts = schema
        .getPossibleTypes(type)
        .filter(({ name }) => !LEFT_OUT.test(name))
        .map(({ name }) => `... on ${name} ${selection(name, depth)}`);
      return `{ __typename ${parts.join(' ')} }`;
    }
    if (!isObjectType(type)) throw new Error(`no fields in ${typeName}`);
    const isRoot = type === schema.getQueryType();
    const fields = Object.values(type.getFields()).filter(
      ({ name, type: of }) =>
        !LEFT_OUT.test(name) &&
        !LEFT_OUT.test(getNamedType(of).name) &&
        !LEFT_OUT.test(`${typeName}.${name}`),
    );
    const isLeaf = (field: (typeof fields)[number]): boolean => isLeafType(getNamedType(field.type));
    const leaves = fields.filter((field) => isLeaf(field) && random() < 0.5);
    const branches = fields.filter(
      (field) => !isLeaf(field) && depth > 0 && random() < (isRoot ? 0.35 : field.name === 'nodes' ? 1 : 0.6),
    );
    const parts = [...leaves, ...branches].map((field) => {
      const args = argsOf[`${typeName}.${field.name}`]?.() ?? '';
      aliases += 1;
      const name = random() < 0.2 ? `a${aliases}: ${field.name}` : field.name;
      const nested = isLeaf(field) ? '' : ` ${selection(getNamedType(field.type).name, depth - 1)}`;
      return `${name}${args}${nested}`;
    });
    return `{ __typename ${parts.join(' ')} }`;
  };

  for (;;) {
    const query = `query Random${seed} ${selection('Query', 5)}`;
    if (/\(|me /.test(query) && validate(schema, parse(query)).length === 0) return query;
  }
}
