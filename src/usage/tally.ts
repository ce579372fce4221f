import { bucketOf, LATENCY_BUCKETS } from './latency.ts';

/** What is counted under one key. Fractions are shares of calls that served several callers. */
export interface Count {
  /** The token's `client_id`; empty without one. */
  readonly client: string;
  /** Empty for operations without a name, and for the gateway's own work. */
  readonly operation: string;
  /** Empty, like the route, where operations are counted and not their calls. */
  readonly backend: string;
  readonly route: string;
  readonly requests: number;
  readonly errors: number;
  readonly calls: number;
  readonly bytes: number;
  readonly totalMs: number;
  /** A count a bucket, as far as the last that has one. */
  readonly latency: readonly number[];
}

/** Whose count it is. */
export type CountKey = Pick<Count, 'client' | 'operation' | 'backend' | 'route'>;

/** Counts under one key, in place: adding to it makes nothing new. */
export class Tally {
  readonly key: CountKey;
  requests = 0;
  errors = 0;
  calls = 0;
  bytes = 0;
  /** Whether it stands in the list of what is to be taken. Written by the meter alone. */
  listed = false;
  #totalMs = 0;
  readonly #latency = new Float64Array(LATENCY_BUCKETS);
  /** One more than the last bucket that has a count. */
  #buckets = 0;

  constructor(key: CountKey) {
    this.key = key;
  }

  /** Counts how long something took, as this share of it (0 to 1). */
  took(ms: number, share: number): void {
    const bucket = bucketOf(ms);
    this.#totalMs += ms * share;
    this.#latency[bucket] = (this.#latency[bucket] ?? 0) + share;
    if (bucket >= this.#buckets) this.#buckets = bucket + 1;
  }

  /** What was counted since it was last taken. */
  take(): Count {
    const { key, requests, errors, calls, bytes } = this;
    const latency = [...this.#latency.subarray(0, this.#buckets)];
    const taken = { ...key, requests, errors, calls, bytes, totalMs: this.#totalMs, latency };
    this.requests = 0;
    this.errors = 0;
    this.calls = 0;
    this.bytes = 0;
    this.#totalMs = 0;
    this.#latency.fill(0, 0, this.#buckets);
    this.#buckets = 0;
    return taken;
  }
}

/** A count of the minute in which it was counted, in minutes since the epoch. */
export interface MinuteCount extends Count {
  readonly minute: number;
}

/** Two counts of one key as one. */
export function addCounts<C extends Count>(one: C, other: Count): C {
  const length = Math.max(one.latency.length, other.latency.length);
  return {
    ...one,
    requests: one.requests + other.requests,
    errors: one.errors + other.errors,
    calls: one.calls + other.calls,
    bytes: one.bytes + other.bytes,
    totalMs: one.totalMs + other.totalMs,
    latency: Array.from({ length }, (_, bucket) => (one.latency[bucket] ?? 0) + (other.latency[bucket] ?? 0)),
  };
}
