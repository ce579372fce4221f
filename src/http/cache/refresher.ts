import type { Exchange, Send } from '../exchange.ts';
import type { Background } from './background.ts';
import { type BulkUrl, toBulkUrl } from './bulk-url.ts';
import type { Place } from './place.ts';
import type { KeptRow } from './row-store.ts';

/** Fetches rows anew that were given stale. Nobody waits for it. */
export interface Refresher {
  /** Has rows refreshed soon, each once until it is there. */
  add(exchange: Exchange, place: Place, rows: ReadonlyMap<string, KeptRow>): void;
  /** Sends what waits for this collection now, since a call to it is about to leave anyway. */
  hurry(place: Place): void;
}

// After a refresh that failed the next one waits: readers get the stale row, and the backend some peace.
const pauseMs = 1000;

// How long a stale row waits for others to travel with: a small part of its lifetime, and never long.
const part = 0.02;
const longestMs = 1000;

interface Batch {
  readonly exchange: Exchange;
  readonly url: BulkUrl;
  readonly rows: Map<string, KeptRow>;
  readonly timer: NodeJS.Timeout;
}

/**
 * Builds it. Rows of one collection are refreshed together, in one call of at most `bulk.max`: with the next call
 * that leaves for them, or after a moment.
 */
export function createRefresher(next: Send, background: Background, now: () => number): Refresher {
  const batches = new Map<string, Batch>();

  const send = (exchange: Exchange, url: string, rows: ReadonlyMap<string, KeptRow>): void => {
    // A good answer is stored on its way here; after any other the row is refreshed a little later.
    const later = (): void => {
      for (const kept of rows.values()) kept.refreshAfter = now() + pauseMs;
    };
    next(background.exchangeOf(exchange, url, null)).then(later, later);
  };

  const leave = (collection: string): void => {
    const batch = batches.get(collection);
    if (!batch) return;
    batches.delete(collection);
    clearTimeout(batch.timer);
    const { exchange, url, rows } = batch;
    send(exchange, toBulkUrl(url, [...rows.keys()]), rows);
  };

  const open = (exchange: Exchange, { collection }: Place, url: BulkUrl, first: KeptRow): Batch => {
    const { bornAt, freshUntil } = first.keeping;
    const waitMs = Math.min(longestMs, (freshUntil - bornAt) * part);
    const timer = setTimeout(leave, waitMs, collection);
    timer.unref();
    const batch = { exchange, url, rows: new Map<string, KeptRow>(), timer };
    batches.set(collection, batch);
    return batch;
  };

  return {
    add(exchange, place, rows) {
      const due = new Map([...rows].filter(([, kept]) => now() >= kept.refreshAfter));
      for (const kept of due.values()) kept.refreshAfter = Number.POSITIVE_INFINITY;
      if (due.size === 0) return;
      if (!place.url) {
        send(exchange, exchange.url, due);
        return;
      }
      const max = exchange.endpoint.bulk?.max ?? 1;
      for (const [key, kept] of due) {
        const batch = batches.get(place.collection) ?? open(exchange, place, place.url, kept);
        batch.rows.set(key, kept);
        if (batch.rows.size >= max) leave(place.collection);
      }
    },
    hurry: ({ collection }) => leave(collection),
  };
}
