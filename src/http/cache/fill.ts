import type { Layer } from '../exchange.ts';
import type { Fence } from './fence.ts';
import { createRowFill } from './fill-rows.ts';
import { createWholeFill } from './fill-whole.ts';
import { placeOf } from './place.ts';
import { isPublicRead } from './public-read.ts';
import type { RowStore } from './row-store.ts';
import type { SharedStore } from './shared-store.ts';
import { createWorth, type Worth } from './worth.ts';

/** What filling the store needs. */
export interface FillParts {
  readonly rows: RowStore;
  readonly fence: Fence;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** For how long, in milliseconds, it is remembered at most that an object does not exist. */
  readonly absentMs: number;
  /** What replicas share, or null where there is none. */
  readonly shared: SharedStore | null;
  readonly worth: Worth;
}

/**
 * Fills the store with what public reads bring. It stands below the joining, so that an answer that many wait for
 * is looked up, decoded and stored once.
 *
 * Only a good answer of the right shape is kept, for as long as its backend allows, and only while none of its
 * objects has changed since it was asked for.
 */
export function createFill(given: Omit<FillParts, 'worth'>): Layer {
  const parts: FillParts = { ...given, worth: createWorth() };
  const fillRows = createRowFill(parts);
  const fillWhole = createWholeFill(parts);
  return (next) => (exchange) => {
    if (!isPublicRead(exchange)) return next(exchange);
    const place = placeOf(exchange);
    return place ? fillRows(next, exchange, place) : fillWhole(next, exchange);
  };
}
