import { LRUCache } from 'lru-cache';
import type { RequestHeaders } from '../exchange.ts';
import type { Fence } from './fence.ts';
import type { Keeping } from './keeping.ts';
import { toVariant } from './vary.ts';

/** Until when a row may be used, in milliseconds since the epoch, on the cache's clock. */
export type RowKeeping = Pick<
  Keeping,
  'bornAt' | 'freshUntil' | 'usableWhileRefreshedUntil' | 'usableOnErrorUntil' | 'vary'
>;

/** One object in store, or the knowledge that there is none. */
export interface KeptRow {
  /** Decoded and frozen; undefined where the backend has no such object. */
  readonly row: unknown;
  readonly keeping: RowKeeping;
  /** What it depends on in the request that brought it. */
  readonly variant: string;
  /** The fence's, from before it was asked for. */
  readonly stamp: number;
  /** What invalidates it. */
  readonly marks: readonly string[];
  /** What it takes to keep, in bytes. */
  readonly bytes: number;
  /** Since then nothing has invalidated it, by the fence's count. Written by the store alone. */
  checkedAt: number;
  /** Not to be refreshed before, in milliseconds since the epoch. */
  refreshAfter: number;
}

/** Objects by where they come from and their keys. */
export interface RowStore {
  /** What is kept for this request, whatever its age, or null. */
  get(collection: string, key: string, request: RequestHeaders): KeptRow | null;
  /** Stores a row, unless its object has changed since it was asked for. */
  set(collection: string, key: string, kept: KeptRow): void;
  delete(collection: string, key: string): void;
}

// What a row takes beside its text: its entry, its marks, its place in the lists.
const overheadBytes = 400;

/** Builds a store that holds `maxBytes`, of which the least recently used leave first. */
export function createRowStore(maxBytes: number, fence: Fence): RowStore {
  const rows = new LRUCache<string, KeptRow>({
    maxSize: maxBytes,
    sizeCalculation: (kept) => kept.bytes + overheadBytes,
  });

  const isValid = (kept: KeptRow): boolean => {
    const stamp = fence.stamp();
    // Nothing at all was invalidated since it was last looked at: the usual case, and a cheap one.
    if (kept.checkedAt === stamp) return true;
    if (!fence.holds(kept.stamp, kept.marks)) return false;
    kept.checkedAt = stamp;
    return true;
  };

  return {
    get(collection, key, request) {
      const name = `${collection}\n${key}`;
      const kept = rows.get(name);
      if (!kept) return null;
      if (!isValid(kept)) {
        rows.delete(name);
        return null;
      }
      const { vary } = kept.keeping;
      return vary.length === 0 || toVariant(vary, request) === kept.variant ? kept : null;
    },
    set(collection, key, kept) {
      if (isValid(kept)) rows.set(`${collection}\n${key}`, kept);
    },
    delete(collection, key) {
      rows.delete(`${collection}\n${key}`);
    },
  };
}
