import { performance } from 'node:perf_hooks';
import type { AnswerSource, Demand, Freshness } from '../../call.ts';
import type { Answer, Exchange } from '../exchange.ts';
import type { Place } from './place.ts';
import { toItems } from './rows.ts';

type StoreSource = Extract<AnswerSource, 'cache' | 'stale'>;

/** The times of what took none. */
function noTime(): Answer['timings'] {
  const now = performance.now();
  return { queuedAt: now, startedAt: now, firstByteAt: now, endedAt: now };
}

/** An answer without a call, with a value that is decoded already. */
export function toStoredAnswer(value: unknown, source: StoreSource, freshness: Freshness): Answer {
  const decoded = { value };
  return { status: 200, headers: {}, body: null, decoded, freshness, bytes: 0, timings: noTime(), source };
}

const absent: Pick<Answer, 'status' | 'headers' | 'body' | 'bytes'> = {
  status: 404,
  headers: {},
  body: null,
  bytes: 0,
};

/** The answer to a read of objects by key, from the rows of these keys. An undefined row is an absent object. */
export function toRowsAnswer(
  place: Place,
  rowOf: (key: string) => unknown,
  source: StoreSource,
  freshness: Freshness,
): Answer {
  if (place.url) return toStoredAnswer(toItems(place.keys, rowOf), source, freshness);
  const row = rowOf(place.keys[0] ?? '');
  return row === undefined
    ? { ...absent, freshness, timings: noTime(), source }
    : toStoredAnswer(row, source, freshness);
}

/** The same demand, for these keys of it alone. */
export function toPartialDemand(demand: Demand | null, keys: readonly string[]): Demand | null {
  if (demand === null || demand.keys.length === keys.length) return demand;
  return { batchSize: keys.length, keys, wave: demand.wave, paths: () => demand.paths() };
}

/** Tells an operation what it was spared. */
export function tellStored({ call, endpoint }: Exchange, source: StoreSource, demand: Demand | null): void {
  if (!call.observe) return;
  const now = performance.now();
  call.observe({
    backend: endpoint.backend,
    method: endpoint.method,
    route: endpoint.route,
    status: 200,
    source,
    attempt: 1,
    queuedAt: now,
    startedAt: now,
    firstByteAt: now,
    endedAt: now,
    bytes: 0,
    error: null,
    demand,
  });
}
