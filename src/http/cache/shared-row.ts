import * as z from 'zod';
import type { RequestHeaders } from '../exchange.ts';
import type { RowKeeping } from './row-store.ts';
import type { SharedValue } from './shared-store.ts';
import { toVariant } from './vary.ts';

// Moments are told as milliseconds before the end of the value's stay: replicas need not have the same clock.
const shape = z.object({
  row: z.unknown(),
  born: z.number(),
  fresh: z.number(),
  refreshed: z.number(),
  onError: z.number(),
  vary: z.array(z.string()),
  variant: z.string(),
  bytes: z.number(),
});

export type SharedRow = z.infer<typeof shape>;

/** Writes a row for the store that replicas share, where it will stay until `end`. */
export function toSharedText(
  row: unknown,
  keeping: RowKeeping,
  variant: string,
  bytes: number,
  end: number,
): string {
  const shared: SharedRow = {
    row,
    born: end - keeping.bornAt,
    fresh: end - keeping.freshUntil,
    refreshed: end - keeping.usableWhileRefreshedUntil,
    onError: end - keeping.usableOnErrorUntil,
    vary: [...keeping.vary],
    variant,
    bytes,
  };
  return JSON.stringify(shared);
}

/** Reads one back, or returns null where it is unreadable or was stored for another variant of the request. */
export function fromSharedText(value: SharedValue | null, request: RequestHeaders): SharedRow | null {
  if (!value) return null;
  try {
    const read = shape.parse(JSON.parse(value.text));
    return toVariant(read.vary, request) === read.variant ? read : null;
  } catch {
    return null;
  }
}

/** Its keeping on this replica's clock. */
export function toRowKeeping(read: SharedRow, leftMs: number, now: number): RowKeeping {
  const end = now + leftMs;
  return {
    bornAt: end - read.born,
    freshUntil: end - read.fresh,
    usableWhileRefreshedUntil: end - read.refreshed,
    usableOnErrorUntil: end - read.onError,
    vary: read.vary,
  };
}
