import type { Exchange } from '../exchange.ts';
import { type BulkUrl, parseBulkUrl } from './bulk-url.ts';

/** Which objects a read is about, where it is about objects by their keys. */
export interface Place {
  /** Where the objects come from: reads with the same collection and key get the same object. */
  readonly collection: string;
  readonly keys: readonly string[];
  /** Null where the read is of one object, which is the whole answer. */
  readonly url: BulkUrl | null;
}

/**
 * Tells a read of objects by their keys from any other: a bulk read, or a read of one object by the last segment
 * of its path. `GET /products?ids=42` and `GET /products/42` are about the same object.
 *
 * Null for everything else: a search, a list, an object that also depends on a query.
 */
export function placeOf({ endpoint, url }: Exchange): Place | null {
  const { backend, bulk, entity, path } = endpoint;
  if (bulk) {
    const parsed = parseBulkUrl(endpoint, url);
    if (!parsed) return null;
    const { before, keys, after } = parsed;
    // What stands beside the keys, and for other keys than the objects' own the parameter, make another object.
    const beside = before.slice(path.length + 1, -bulk.param.length - 1) + after;
    const by = bulk.names === 'owner' ? ` by ${bulk.param}` : '';
    return { collection: `${backend} ${path} ${beside}${by}`, keys, url: parsed };
  }
  const above = entity === undefined ? undefined : /^([^{}]*)\/\{\w+\}$/.exec(path)?.[1];
  if (above === undefined || url.includes('?')) return null;
  const key = decodeURIComponent(url.slice(above.length + 1));
  return { collection: `${backend} ${above} `, keys: [key], url: null };
}
