import type { Viewer } from '../call.ts';
import { WeirError } from '../errors.ts';
import { type Counted, WINDOW_S, type Windows } from './windows.ts';

/** Headers of an answer, by their names in lower case. */
export type RateHeaders = Readonly<Record<string, string>>;

/** Who is charged: a viewer, or for the anonymous their address. */
export interface Charged {
  readonly viewer: Viewer | null;
  /** Worked out only where it is needed. */
  readonly address: () => string;
}

/** What was set aside for one operation, until it is known what it has cost. */
export interface Reservation {
  /** What the answer's headers say of the limit. Exact once it is settled. */
  headers(): RateHeaders;
  /** A REST call was really made. What goes beyond what was set aside is charged at once. */
  spend(): void;
  /** Gives back what was not spent. */
  settle(): void;
}

export interface RateLimit {
  /**
   * Sets aside what an operation may cost at most, or what is left where that is less.
   *
   * So an operation runs as long as anything is left, and operations that run at the same time cannot all spend it.
   * Throws `RATE_LIMITED` where nothing is left.
   */
  reserve(charged: Charged, mostCalls: number): Reservation | Promise<Reservation>;
}

/** Why somebody is refused, and for how long. */
interface Refusal {
  readonly message: string;
  /** What can be done beside waiting. */
  readonly hint: string;
  /** The name of what is limited. */
  readonly policy: string;
  readonly limit: number;
  readonly actual: number;
  readonly endsInMs: number;
  readonly viewer: Viewer | null;
}

/** Nothing is left of what may be spent in this window. */
export class RateLimited extends WeirError {
  readonly headers: RateHeaders;
  /** Who is refused; null for the anonymous. */
  readonly viewer: Viewer | null;

  constructor({ message, hint, policy, limit, actual, endsInMs, viewer }: Refusal) {
    const retryAfter = toSeconds(endsInMs);
    super('RATE_LIMITED', message, {
      limit,
      actual,
      retryAfter,
      hint: `Wait ${retryAfter} seconds. ${hint}`,
    });
    this.headers = toHeaders(policy, limit, 0, endsInMs);
    this.viewer = viewer;
  }
}

/**
 * What the headers of the IETF's draft (draft-ietf-httpapi-ratelimit-headers) say: the policy allows so much a window,
 * and so much is left of it for so many seconds.
 */
function toHeaders(policy: string, limit: number, left: number, endsInMs: number): RateHeaders {
  return {
    'ratelimit-policy': `"${policy}";q=${limit};w=${WINDOW_S}`,
    ratelimit: `"${policy}";r=${Math.max(0, left)};t=${toSeconds(endsInMs)}`,
  };
}

const toSeconds = (ms: number): number => Math.max(1, Math.ceil(ms / 1000));

/** How much of a limit one process gives out: all of it, but for where others count apart from it. */
export function shareOf(limit: number, { apart }: Counted): number {
  return Math.max(1, Math.floor(limit / apart));
}

const free: Reservation = { headers: () => ({}), spend() {}, settle() {} };

/**
 * Limits the REST calls that a viewer causes in a minute, and for the anonymous an address.
 *
 * `limit` 0 is no limit. Where replicas count apart, each gives out its share.
 */
export function createRateLimit(windows: Windows, limit: number): RateLimit {
  if (limit === 0) return { reserve: () => free };
  return {
    reserve({ viewer, address }, mostCalls) {
      const key = viewer === null ? `address:${address()}` : `viewer:${viewer.id}`;
      // What can cost nothing need not be counted before; resolvers written by hand may cost something all the same.
      if (mostCalls === 0) return new Reserved(windows, key, { limit, left: 0, charged: 0, endsInMs: 0 });
      const counted = windows.add(key, mostCalls);
      return counted instanceof Promise
        ? counted.then((known) => setAside(windows, { key, viewer }, limit, mostCalls, known))
        : setAside(windows, { key, viewer }, limit, mostCalls, counted);
    },
  };
}

/** Turns what was counted into a reservation of no more than was left. Throws where nothing was. */
function setAside(
  windows: Windows,
  { key, viewer }: { readonly key: string; readonly viewer: Viewer | null },
  limit: number,
  mostCalls: number,
  counted: Counted,
): Reservation {
  const share = shareOf(limit, counted);
  const before = counted.points - mostCalls;
  const left = share - before;
  const charged = Math.max(0, Math.min(mostCalls, left));
  if (charged < mostCalls) void windows.add(key, charged - mostCalls);
  if (left > 0)
    return new Reserved(windows, key, { limit: share, left, charged, endsInMs: counted.endsInMs });
  throw new RateLimited({
    message: 'Too many REST calls were made for you in this minute.',
    hint: 'The header x-weir-trace: 1 shows what an operation costs.',
    policy: 'calls',
    limit: share,
    actual: before,
    endsInMs: counted.endsInMs,
    viewer,
  });
}

interface Spendable {
  readonly limit: number;
  /** What was left before. */
  readonly left: number;
  /** What is set aside of it. */
  readonly charged: number;
  readonly endsInMs: number;
}

class Reserved implements Reservation {
  readonly #windows: Windows;
  readonly #key: string;
  readonly #limit: number;
  readonly #left: number;
  readonly #endsAt: number;
  #charged: number;
  #spent = 0;

  constructor(windows: Windows, key: string, { limit, left, charged, endsInMs }: Spendable) {
    this.#windows = windows;
    this.#key = key;
    this.#limit = limit;
    this.#left = left;
    this.#charged = charged;
    this.#endsAt = performance.now() + endsInMs;
  }

  headers(): RateHeaders {
    const endsInMs = this.#endsAt - performance.now();
    return endsInMs <= 0 ? {} : toHeaders('calls', this.#limit, this.#left - this.#charged, endsInMs);
  }

  spend(): void {
    this.#spent += 1;
    if (this.#spent <= this.#charged) return;
    this.#charged += 1;
    void this.#windows.add(this.#key, 1);
  }

  settle(): void {
    const unspent = this.#charged - this.#spent;
    this.#charged = this.#spent;
    // What was set aside in a window that is over is not given back to the next one.
    if (unspent > 0 && performance.now() < this.#endsAt) void this.#windows.add(this.#key, -unspent);
  }
}
