import type { Bulk } from '../../backends.ts';

/** What a decoded bulk answer holds. Perhaps also rows that nobody asked for: only asked keys are looked up. */
export interface Rows {
  /** A row a key. */
  readonly byKey: ReadonlyMap<string, unknown>;
  /** Keys that came more than once: which of their rows is right, nobody can tell, so none of them is kept. */
  readonly repeated: ReadonlySet<string>;
}

/** The property of a row that holds its key. */
const keyPropertyOf = ({ key, param }: Bulk): string => key ?? param.replace(/s$/, '');

/**
 * Sorts the rows of a decoded bulk answer by their keys. The first row of a key counts.
 *
 * Null where the answer is no `{ items }`, or has a row without a key: then nobody can tell whose rows they are.
 */
export function toRows(bulk: Bulk, value: unknown): Rows | null {
  if (typeof value !== 'object' || value === null || !('items' in value) || !Array.isArray(value.items)) {
    return null;
  }
  const property = keyPropertyOf(bulk);
  const byKey = new Map<string, unknown>();
  const repeated = new Set<string>();
  for (const row of value.items) {
    const key: unknown = typeof row === 'object' && row !== null ? Reflect.get(row, property) : undefined;
    if (typeof key !== 'string' && typeof key !== 'number') return null;
    const name = String(key);
    if (byKey.has(name)) repeated.add(name);
    else byKey.set(name, row);
  }
  return { byKey, repeated };
}

/** The decoded answer of a bulk read that has these rows, in the order of the keys. */
export function toItems(keys: readonly string[], rowOf: (key: string) => unknown): { items: unknown[] } {
  const items: unknown[] = [];
  for (const key of keys) {
    const row = rowOf(key);
    if (row !== undefined) items.push(row);
  }
  return { items };
}
