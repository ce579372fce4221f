import type { Freshness } from '../../call.ts';
import { isAbsent } from '../answer-error.ts';
import type { Answer, Exchange, Send } from '../exchange.ts';
import { freshnessOf, leastFresh } from './answer-freshness.ts';
import { toBulkUrl } from './bulk-url.ts';
import { parseCacheControl } from './cache-control.ts';
import { decodeFully } from './decode-fully.ts';
import type { FillParts } from './fill.ts';
import { tellStored, toPartialDemand, toRowsAnswer } from './from-store.ts';
import { type Keeping, toKeeping } from './keeping.ts';
import { marksOf } from './marks.ts';
import { partOf } from './part-of.ts';
import type { Place } from './place.ts';
import type { RowKeeping } from './row-store.ts';
import { toRows } from './rows.ts';
import { fromSharedText, type SharedRow, toRowKeeping, toSharedText } from './shared-row.ts';
import { type LookUp, longestStayMs, type SharedEntry, type SharedValue } from './shared-store.ts';
import { fieldOf } from './stored-fields.ts';
import { toVariant } from './vary.ts';

/** A fetch on its way into the store. */
interface Fetch {
  readonly exchange: Exchange;
  readonly place: Place;
  /** The fence's, from before anything was looked up. */
  readonly stamp: number;
  /** The keys that are asked for. */
  readonly keys: readonly string[];
  readonly requestedAt: number;
  readonly lookUp: LookUp | null;
}

/** What another replica had fetched, of the keys that are asked for, as far as it is fresh. */
interface Restored {
  readonly rows: ReadonlyMap<string, unknown>;
  readonly freshness: Freshness;
}

// An answer that does not say how long it holds is not kept.
const rules = { heuristicFraction: 0 };

/** How long to remember that there is no such object: not long, since it may be made a moment later. */
const toAbsent = (at: number, forMs: number, vary: readonly string[]): RowKeeping => ({
  bornAt: at,
  freshUntil: at + forMs,
  usableWhileRefreshedUntil: at + forMs,
  usableOnErrorUntil: at + forMs,
  vary,
});

const forbids = ['no-store', 'no-cache', 'private'];

/** Whether an absence may be remembered: unless it was said not to. */
function mayRemember(answer: Answer): boolean {
  const directives = parseCacheControl(fieldOf(answer.headers, 'cache-control'));
  return isAbsent(answer) && !forbids.some((name) => directives.has(name));
}

/** Fetches objects by their keys, from the store that replicas share or from the backend, into our own. */
export function createRowFill({ rows, fence, now, absentMs, shared, worth }: FillParts) {
  const nameOf = ({ collection }: Place, key: string): string => `${collection}\n${key}`;

  const keep = (
    { exchange, place, stamp }: Fetch,
    key: string,
    row: unknown,
    keeping: RowKeeping,
    bytes: number,
  ): void => {
    rows.set(place.collection, key, {
      row,
      keeping,
      variant: toVariant(keeping.vary, exchange.headers),
      stamp,
      marks: marksOf(exchange.endpoint, key),
      bytes,
      checkedAt: -1,
      refreshAfter: 0,
    });
  };

  /** Takes over what another replica has fetched. */
  const restore = (fetch: Fetch, values: readonly (SharedValue | null)[]): Restored => {
    const { exchange, place, keys } = fetch;
    const found: { key: string; read: SharedRow; leftMs: number }[] = [];
    for (const [index, key] of keys.entries()) {
      const value = values[index] ?? null;
      const read = fromSharedText(value, exchange.headers);
      if (value && read) found.push({ key, read, leftMs: value.leftMs });
    }
    const restored = new Map<string, unknown>();
    let until = Number.POSITIVE_INFINITY;
    // Another version of us may have stored it: it is decoded as anything that comes in by the door.
    const body = place.url ? { items: found.map(({ read }) => read.row) } : found[0]?.read.row;
    const decoded = found.length > 0 ? decodeFully(exchange, { body }) : null;
    const { bulk } = exchange.endpoint;
    const byKey = decoded && place.url && bulk ? toRows(bulk, decoded.value)?.byKey : undefined;
    const at = now();
    for (const { key, read, leftMs } of found) {
      const row = place.url ? byKey?.get(key) : decoded?.value;
      if (row === undefined) continue;
      const keeping = toRowKeeping(read, leftMs, at);
      keep(fetch, key, row, keeping, read.bytes);
      if (at >= keeping.freshUntil) continue;
      restored.set(key, row);
      until = Math.min(until, keeping.freshUntil);
    }
    return { rows: restored, freshness: { until, isPublic: true } };
  };

  const remember = (fetch: Fetch, value: unknown, keeping: Keeping, bytes: number, at: number): void => {
    const { exchange, place, keys, lookUp } = fetch;
    const { bulk } = exchange.endpoint;
    const sorted = bulk ? toRows(bulk, value) : { byKey: new Map([[keys[0], value]]), repeated: new Set() };
    if (!sorted) return;
    const absent = toAbsent(at, Math.min(absentMs, keeping.freshUntil - at), keeping.vary);
    const bytesEach = Math.ceil(bytes / Math.max(1, sorted.byKey.size));
    const end = Math.min(
      at + longestStayMs,
      Math.max(keeping.usableOnErrorUntil, keeping.usableWhileRefreshedUntil),
    );
    const variant = toVariant(keeping.vary, exchange.headers);
    const entries: SharedEntry[] = [];
    for (const key of keys) {
      const row = sorted.byKey.get(key);
      if (row === undefined) keep(fetch, key, undefined, absent, 0);
      else if (!sorted.repeated.has(key)) {
        keep(fetch, key, row, keeping, bytesEach);
        if (lookUp) {
          const text = toSharedText(row, keeping, variant, bytesEach, end);
          entries.push({
            name: nameOf(place, key),
            marks: marksOf(exchange.endpoint, key),
            text,
            forMs: end - at,
          });
        }
      }
    }
    if (entries.length > 0) lookUp?.keep(entries);
  };

  /** Stores what an answer brings, and returns it decoded where it did. */
  const take = (fetch: Fetch, answer: Answer): Answer => {
    const { exchange, place, keys, requestedAt } = fetch;
    const at = now();
    const transit = { requestedAt, receivedAt: at };
    if (!place.url && mayRemember(answer))
      keep(fetch, keys[0] ?? '', undefined, toAbsent(at, absentMs, []), 0);
    if (answer.status !== 200) return answer;
    const keeping = toKeeping(exchange.headers, 200, answer.headers, transit, rules);
    const usable = keeping && at < Math.max(keeping.usableWhileRefreshedUntil, keeping.usableOnErrorUntil);
    worth.learn(exchange.endpoint, usable === true);
    if (!usable) {
      for (const key of keys) rows.delete(place.collection, key);
      return answer;
    }
    const decoded = decodeFully(exchange, answer);
    if (!decoded) return answer;
    remember(fetch, decoded.value, keeping, answer.bytes, at);
    return { ...answer, decoded, freshness: { until: keeping.freshUntil, isPublic: true } };
  };

  return async (next: Send, exchange: Exchange, place: Place): Promise<Answer> => {
    const stamp = fence.stamp();
    const looks = shared && worth.has(exchange.endpoint);
    const lookUp = looks
      ? await shared.lookUp(
          place.keys.map((key) => ({ name: nameOf(place, key), marks: marksOf(exchange.endpoint, key) })),
        )
      : null;
    const whole: Fetch = { exchange, place, stamp, keys: place.keys, requestedAt: now(), lookUp };
    const restored = lookUp ? restore(whole, lookUp.values) : null;
    if (!restored || restored.rows.size === 0) return take(whole, await next(exchange));

    const had = restored.rows;
    const demand = toPartialDemand(exchange.call.demand, [...had.keys()]);
    tellStored(exchange, 'cache', demand);
    const keys = place.keys.filter((key) => !had.has(key));
    if (keys.length === 0 || !place.url) {
      return toRowsAnswer(place, (key) => had.get(key), 'cache', restored.freshness);
    }
    const rest = partOf(exchange, toBulkUrl(place.url, keys), keys);
    const answer = take({ ...whole, keys }, await next(rest));
    if (answer.status < 200 || answer.status >= 300) return answer;
    const { bulk } = exchange.endpoint;
    const value = answer.decoded ? answer.decoded.value : exchange.decode.parse(answer.body);
    const brought = bulk ? toRows(bulk, value) : null;
    // It cannot be put together, so it has to come in one piece.
    if (!brought) return next(exchange);
    const freshness = leastFresh([restored.freshness, freshnessOf(exchange.endpoint, answer)]);
    const rowOf = (key: string): unknown => had.get(key) ?? brought.byKey.get(key);
    const merged = toRowsAnswer(place, rowOf, 'cache', freshness);
    return { ...merged, bytes: answer.bytes, timings: answer.timings, source: answer.source };
  };
}
