import { toWeirError, type WeirError } from './weir-error.ts';

/** What has come of an answer so far. */
export interface Gathered {
  readonly data: unknown;
  readonly errors: readonly WeirError[];
  /** Whether nothing more comes. */
  readonly complete: boolean;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Puts the parts of an answer together, as `@defer` and `@stream` bring them. Each call takes one part and gives all
 * that is there by then, without changing what it gave before.
 */
export function createGathering(): (
  payload: Readonly<Record<string, unknown>>,
  requestId: string | null,
) => Gathered {
  let data: unknown;
  let errors: readonly WeirError[] = [];
  return (payload, requestId) => {
    const found: unknown[] = Array.isArray(payload.errors) ? payload.errors : [];
    if ('data' in payload) data = payload.data;
    for (const part of Array.isArray(payload.incremental) ? payload.incremental : []) {
      if (!isObject(part)) continue;
      const path: unknown[] = Array.isArray(part.path) ? part.path : [];
      if (isObject(part.data)) data = withFields(data, path, part.data);
      if (Array.isArray(part.items)) data = withItems(data, path, part.items);
      if (Array.isArray(part.errors)) found.push(...part.errors);
    }
    errors = [...errors, ...found.map((error) => toWeirError(error, requestId, null))];
    return { data, errors, complete: payload.hasNext !== true };
  };
}

/** A copy in which what stands at the path has these fields too. */
function withFields(at: unknown, path: readonly unknown[], fields: Record<string, unknown>): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return isObject(at) ? merge(at, fields) : fields;
  return withEntry(at, key, (entry) => withFields(entry, rest, fields));
}

/** A copy in which the list has these items, from the index on that ends the path. */
function withItems(at: unknown, path: readonly unknown[], items: readonly unknown[]): unknown {
  const [key, ...rest] = path;
  if (rest.length === 0 && Array.isArray(at) && typeof key === 'number') {
    return [...at.slice(0, key), ...items, ...at.slice(key + items.length)];
  }
  return withEntry(at, key, (entry) => withItems(entry, rest, items));
}

function withEntry(at: unknown, key: unknown, change: (entry: unknown) => unknown): unknown {
  if (Array.isArray(at) && typeof key === 'number') {
    return at.map((entry, index) => (index === key ? change(entry) : entry));
  }
  return isObject(at) && typeof key === 'string' ? { ...at, [key]: change(at[key]) } : at;
}

/** Two parts may bring different fields of the same object. */
function merge(one: Record<string, unknown>, other: Record<string, unknown>): Record<string, unknown> {
  const merged = { ...one };
  for (const [key, value] of Object.entries(other)) {
    const known = merged[key];
    merged[key] = isObject(known) && isObject(value) ? merge(known, value) : value;
  }
  return merged;
}
