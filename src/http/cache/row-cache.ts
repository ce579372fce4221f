import { performance } from 'node:perf_hooks';
import type { Freshness } from '../../call.ts';
import { toAnswerError } from '../answer-error.ts';
import type { Answer, Exchange, Layer, Send } from '../exchange.ts';
import { freshnessOf, leastFresh } from './answer-freshness.ts';
import type { Background } from './background.ts';
import { toBulkUrl } from './bulk-url.ts';
import { tellStored, toPartialDemand, toRowsAnswer } from './from-store.ts';
import { withPatience } from './patience.ts';
import { type Place, placeOf } from './place.ts';
import { isPublicRead } from './public-read.ts';
import { createRefresher } from './refresher.ts';
import type { KeptRow, RowStore } from './row-store.ts';
import { toRows } from './rows.ts';

/** What reading from the store needs. */
export interface RowCacheParts {
  readonly rows: RowStore;
  readonly background: Background;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

// What RFC 5861, section 4, counts as an error.
const isError = (status: number): boolean =>
  status === 500 || status === 502 || status === 503 || status === 504;

// Nothing is lacking where it is given, so nobody hears of it.
const tooLate = new Error('it took longer than a stale answer is worth');

/** What the store has for a read. */
interface Found {
  /** May be given: fresh, or stale while it is refreshed. */
  readonly usable: Map<string, KeptRow>;
  /** Has to be asked for. */
  readonly missing: string[];
  /** Of those that are missing, what may stand in for an error. */
  readonly standIns: Map<string, KeptRow>;
  /** Of those that may be given, what is stale and to be refreshed. */
  readonly stale: Map<string, KeptRow>;
}

/** How fresh these rows are together. */
function freshnessOfRows(...rows: readonly ReadonlyMap<string, KeptRow>[]): Freshness {
  let until = Number.POSITIVE_INFINITY;
  for (const some of rows) {
    for (const { keeping } of some.values()) until = Math.min(until, keeping.freshUntil);
  }
  return { until, isPublic: true };
}

/**
 * Answers public reads of objects by their keys from the store, object by object: a bulk read asks the backend
 * only for the keys that the store has not, and a single read finds what a bulk read has brought.
 *
 * A row that is stale, but may be used while it is refreshed, is given at once and refreshed in the background.
 * One that may be used on error stands in where the backend fails or takes too long.
 */
export function createRowCache({ rows, background, now }: RowCacheParts): Layer {
  const look = (exchange: Exchange, { collection, keys }: Place): Found => {
    const at = now();
    const usable = new Map<string, KeptRow>();
    const standIns = new Map<string, KeptRow>();
    const missing: string[] = [];
    const stale = new Map<string, KeptRow>();
    for (const key of keys) {
      const kept = rows.get(collection, key, exchange.headers);
      const { freshUntil = 0, usableWhileRefreshedUntil = 0, usableOnErrorUntil = 0 } = kept?.keeping ?? {};
      if (kept && at < usableWhileRefreshedUntil) {
        usable.set(key, kept);
        if (at >= freshUntil) stale.set(key, kept);
        continue;
      }
      missing.push(key);
      if (kept && at < usableOnErrorUntil) standIns.set(key, kept);
    }
    return { usable, missing, standIns, stale };
  };

  /** The answer without what could not be had, where nothing is lacking or the caller can do without it. */
  const withoutRest = (
    exchange: Exchange,
    place: Place,
    { usable, missing, standIns }: Found,
    error: Error,
  ): Answer | null => {
    const lacking = missing.filter((key) => !standIns.has(key));
    const { demand } = exchange.call;
    if (lacking.length > 0) {
      if (!demand?.lacks || lacking.length === place.keys.length) return null;
      demand.lacks(lacking, error);
    }
    const source = standIns.size > 0 ? 'stale' : 'cache';
    if (standIns.size > 0) tellStored(exchange, source, toPartialDemand(demand, [...standIns.keys()]));
    const rowOf = (key: string): unknown => (usable.get(key) ?? standIns.get(key))?.row;
    return toRowsAnswer(place, rowOf, source, freshnessOfRows(usable, standIns));
  };

  /** Asks for what is missing, and puts it together with what is there. */
  const askForRest = async (next: Send, exchange: Exchange, place: Place, found: Found): Promise<Answer> => {
    const { usable, missing, standIns } = found;
    const { bulk } = exchange.endpoint;

    const merge = (answer: Answer): Answer | null => {
      if (answer.status < 200 || answer.status >= 300) {
        const had = isError(answer.status) ? found : { ...found, standIns: new Map<string, KeptRow>() };
        return withoutRest(exchange, place, had, toAnswerError(exchange.endpoint, answer)) ?? answer;
      }
      if (usable.size === 0) return answer;
      const value = answer.decoded ? answer.decoded.value : exchange.decode.parse(answer.body);
      const brought = bulk ? toRows(bulk, value) : null;
      if (!brought) return null;
      const rowOf = (key: string): unknown => usable.get(key)?.row ?? brought.byKey.get(key);
      const freshness = leastFresh([freshnessOfRows(usable), freshnessOf(exchange.endpoint, answer)]);
      const merged = toRowsAnswer(place, rowOf, 'cache', freshness);
      return { ...merged, bytes: answer.bytes, source: answer.source };
    };
    const bridge = (error: unknown): Answer => {
      const had = error instanceof Error ? withoutRest(exchange, place, found, error) : null;
      if (had) return had;
      throw error;
    };

    const url =
      place.url && missing.length < place.keys.length ? toBulkUrl(place.url, missing) : exchange.url;
    const demand = toPartialDemand(exchange.call.demand, missing);
    const rest = { ...exchange, url, call: { ...exchange.call, demand } };
    const whole = missing.every((key) => standIns.has(key));
    // What cannot be put together with the rest has to come in one piece.
    if (!whole) return (await next(rest).then(merge, bridge)) ?? next(exchange);
    // All that is missing has a stand-in: so the answer is worth waiting for, but not for long, and whoever
    // stops waiting leaves it to the store.
    const asked = next(background.exchangeOf(rest, url, exchange.call.observe)).then(merge, bridge);
    const patienceMs = Math.min(1000, (exchange.deadlineAt - performance.now()) / 2);
    const late = (): Answer | null => withoutRest(exchange, place, found, tooLate);
    return (await withPatience(asked, patienceMs, late)) ?? next(exchange);
  };

  return (next) => {
    const refresher = createRefresher(next, background, now);

    const readFrom = (exchange: Exchange, place: Place): Promise<Answer> => {
      const found = look(exchange, place);
      const { usable, missing, stale } = found;
      if (stale.size > 0) refresher.add(exchange, place, stale);
      const source = stale.size > 0 ? 'stale' : 'cache';
      if (usable.size > 0) {
        tellStored(exchange, source, toPartialDemand(exchange.call.demand, [...usable.keys()]));
      }
      if (missing.length === 0) {
        const rowOf = (key: string): unknown => usable.get(key)?.row;
        return Promise.resolve(toRowsAnswer(place, rowOf, source, freshnessOfRows(usable)));
      }
      refresher.hurry(place);
      return askForRest(next, exchange, place, found);
    };

    return (exchange) => {
      const place = isPublicRead(exchange) ? placeOf(exchange) : null;
      return place ? readFrom(exchange, place) : next(exchange);
    };
  };
}
