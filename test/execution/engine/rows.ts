import type { Args, Row } from './world.ts';

/** Ids of people and products whose number is a multiple of this do not exist, where a run wants such. */
const ABSENT = 9;
/** Spreads ids, so that two ways through the world rarely meet at one key by chance. */
const PRIME = 7919;

export interface Rows {
  /** The row of a key as the endpoint would answer it, or null. */
  find(endpoint: string, key: string, args: Args): Row | null;
  write(id: string, name: string): void;
}

/** Rows for every key there could be, made up of the key alone, so that every way of asking gets the same. */
export function createRows({ absent = false }: { readonly absent?: boolean } = {}): Rows {
  const names = new Map<string, string>();
  const gone = (n: number): boolean => absent && n % ABSENT === 0;
  const next = (n: number, factor: number, plus: number): string =>
    String(((n * factor + plus * PRIME) % 9973) + 1);
  const count = (args: Args, usual: number): number => (typeof args?.first === 'number' ? args.first : usual);
  const product = (n: number): Row => ({
    id: String(n),
    name: `product ${n}`,
    makerId: next(n, 3, 2),
    similarId: next(n, 5, 1),
  });
  const finders: Readonly<
    Record<string, (n: number, key: string, args: Args) => Row | readonly Row[] | null>
  > = {
    peopleByIds: (n) =>
      gone(n)
        ? null
        : {
            id: String(n),
            name: names.get(String(n)) ?? `person ${n}`,
            friendId: next(n, 7, 3),
            friendIds: [next(n, 2, 5), next(n, 11, 1), next(n, 2, 5)],
            bossId: next(n, 13, 7),
          },
    ordersByPersonIds: (n, _key, args) => ({
      personId: String(n),
      total: 100 + n,
      nodes: Array.from({ length: count(args, 3) }, (_, i) => ({
        id: `${n}-${i}`,
        personId: String(n),
        lines: [
          { quantity: 1, productId: next(n, i + 1, 4) },
          { quantity: 2, productId: next(n, i + 3, 9) },
        ],
      })),
    }),
    reviewsByPersonIds: (n) => ({
      personId: String(n),
      nodes: [
        { text: `good ${n}`, productId: next(n, 17, 1) },
        { text: `bad ${n}`, productId: next(n, 4, 4) },
      ],
    }),
    productsByIds: (n) => (gone(n) ? null : product(n)),
    editionsByIds: (n) => product(n),
    makersByIds: (n) => ({ id: String(n), name: `maker ${n}`, ownerId: next(n, 19, 2) }),
    stockByProductIds: (n) => (gone(n) ? null : { productId: String(n), available: n % 10 }),
    depotsByProductIds: (n) => ({ productId: String(n), city: `city ${n % 5}` }),
    airportsByCodes: (_n, key) => ({ code: key, name: `airport ${key}` }),
    shelf: (_n, key) => ({
      name: key,
      productIds: key.startsWith('long')
        ? Array.from({ length: 250 }, (_, i) => String(i + 1))
        : key.startsWith('just-')
          ? [key.slice('just-'.length)]
          : Array.from({ length: 4 }, (_, i) => next(key.length * 7 + (key.codePointAt(0) ?? 0), i + 2, i)),
    }),
    feed: (_n, _key, args) =>
      Array.from({ length: count(args, 6) }, (_, i) =>
        i % 2 === 0
          ? { __typename: 'Book', title: `book ${i}`, productId: next(i, 3, 1), authorId: next(i, 5, 2) }
          : { __typename: 'Disc', label: `disc ${i}`, editionId: next(i, 3, 1), artistId: next(i, 7, 2) },
      ),
    search: (_n, _key, args) =>
      Array.from({ length: count(args, 5) }, (_, i) => ({
        id: String(i + 1),
        origin: 'AAA',
        destination: `A${i % 3}`,
      })),
    report: () => ({ text: 'report' }),
    offerByFlightId: (n, _key, args) => ({
      flightId: String(n),
      price: n * 10 * Number(args?.passengers ?? 1),
    }),
  };
  return {
    find(endpoint, key, args) {
      const found = finders[endpoint]?.(Number(key), key, args) ?? null;
      return found as Row | null;
    },
    write: (id, name) => names.set(id, name),
  };
}

/** The key under which a row of an endpoint is asked for. */
export function keyOfRow(endpoint: string, row: Row): string {
  if (endpoint.endsWith('ByPersonIds')) return String(row.personId);
  if (endpoint.endsWith('ByProductIds')) return String(row.productId);
  if (endpoint.endsWith('ByCodes')) return String(row.code);
  return String(row.id);
}

/** What every loader of the small world takes for a key; nothing else is asked for. */
export const isPlainKey = (key: string): boolean => /^[A-Za-z0-9_-]{1,64}$/.test(key);
