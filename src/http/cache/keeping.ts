import { type Directives, parseCacheControl, secondsOf, toSeconds } from './cache-control.ts';
import { parseHttpDate } from './http-date.ts';
import { type Fields, fieldOf, listOf } from './stored-fields.ts';

/** How long an answer may be used. Moments are milliseconds since the epoch, on the cache's clock. */
export interface Keeping {
  /** When the answer was made, by its `Age` and by how long it was under way. */
  readonly bornAt: number;
  /** Until then it is fresh. */
  readonly freshUntil: number;
  /** Until then it may be used while another is fetched. Never before `freshUntil`. */
  readonly usableWhileRefreshedUntil: number;
  /** Until then it may be used where no other can be had. Never before `freshUntil`. */
  readonly usableOnErrorUntil: number;
  /** Once stale it may be used for nothing without a word from the origin. */
  readonly mustRevalidate: boolean;
  readonly etag: string | undefined;
  readonly lastModified: string | undefined;
  /** Lower-case names of the request fields that the answer depends on. */
  readonly vary: readonly string[];
  /** Fields that may not be kept. */
  readonly unstorable: readonly string[];
}

export interface KeepingRules {
  /**
   * The part of the time since `Last-Modified` for which an answer without an explicit lifetime counts as
   * fresh; 0 for none. RFC 9111, section 4.2.2, suggests 0.1.
   */
  readonly heuristicFraction: number;
}

/** When an answer was asked for and when it had arrived, in milliseconds since the epoch. */
export interface Transit {
  readonly requestedAt: number;
  readonly receivedAt: number;
}

// Of these a cache knows what they mean; the second set may be kept without an explicit lifetime.
const understood = new Set([200, 203, 204, 300, 301, 302, 303, 307, 308, 400, 404, 405, 410, 414, 501]);
const heuristicallyKept = new Set([200, 203, 204, 300, 301, 308, 404, 405, 410, 414, 501]);

const dayMs = 24 * 60 * 60 * 1000;

/**
 * Says whether a shared cache may store an answer to a GET, and how long it may use it (RFC 9111, sections 3
 * and 4.2; RFC 5861 for the two kinds of staleness). Null means that it may not be stored.
 */
export function toKeeping(
  request: Fields,
  status: number,
  answer: Fields,
  transit: Transit,
  rules: KeepingRules,
): Keeping | null {
  const directives = parseCacheControl(fieldOf(answer, 'cache-control'));
  if (!mayStore(request, status, answer, directives)) return null;

  const bornAt = transit.receivedAt - initialAgeMs(answer, transit);
  const explicitMs = explicitLifetimeMs(answer, directives, transit);
  const publicly = directives.has('public');
  const heuristicMs =
    explicitMs === null && (publicly || heuristicallyKept.has(status))
      ? heuristicLifetimeMs(answer, transit, rules)
      : 0;
  const noCache = directives.get('no-cache');
  const neverWithoutAsking = noCache === null;
  const lifetimeMs = neverWithoutAsking ? 0 : (explicitMs ?? heuristicMs);

  const etag = fieldOf(answer, 'etag');
  const lastModified = fieldOf(answer, 'last-modified');
  const validated = etag !== undefined || lastModified !== undefined;
  if (explicitMs === null && !publicly && !heuristicallyKept.has(status)) return null;
  if (lifetimeMs <= 0 && !validated) return null;

  const mustRevalidate =
    neverWithoutAsking ||
    directives.has('must-revalidate') ||
    directives.has('proxy-revalidate') ||
    directives.has('s-maxage');
  const freshUntil = bornAt + lifetimeMs;
  const staleFor = (name: string): number =>
    mustRevalidate ? 0 : (toSeconds(directives.get(name)) ?? 0) * 1000;
  return {
    bornAt,
    freshUntil,
    usableWhileRefreshedUntil: freshUntil + staleFor('stale-while-revalidate'),
    usableOnErrorUntil: freshUntil + staleFor('stale-if-error'),
    mustRevalidate,
    etag,
    lastModified,
    vary: listOf(answer, 'vary').map((name) => name.toLowerCase()),
    unstorable: noCache ? noCache.split(',').map((name) => name.trim()) : [],
  };
}

function mayStore(request: Fields, status: number, answer: Fields, directives: Directives): boolean {
  if (status < 200 || status === 206 || status === 304) return false;
  if (directives.has('must-understand')) {
    if (!understood.has(status)) return false;
  } else if (directives.has('no-store')) return false;
  // A `private` that names fields is taken as one that does not: what it meant to hide may be in the body too.
  if (directives.has('private')) return false;
  if (parseCacheControl(fieldOf(request, 'cache-control')).has('no-store')) return false;
  if (listOf(answer, 'vary').includes('*')) return false;
  if (request.authorization !== undefined) {
    return directives.has('public') || directives.has('must-revalidate') || directives.has('s-maxage');
  }
  return true;
}

/** How old an answer was when it came, in milliseconds (RFC 9111, section 4.2.3). Of several ages the first counts; one that is no number is ignored (section 5.1). */
export function initialAgeMs(answer: Fields, transit: Transit): number {
  const date = parseHttpDate(fieldOf(answer, 'date'), transit.receivedAt);
  const apparentMs = date === null ? 0 : Math.max(0, transit.receivedAt - date - wholeSecondMs);
  const saidSeconds = toSeconds(fieldOf(answer, 'age')?.split(',')[0]?.trim());
  const saidMs = (saidSeconds ?? 0) * 1000 + (transit.receivedAt - transit.requestedAt);
  return Math.max(apparentMs, saidMs);
}

// `Date` is cut down to whole seconds: up to so much of the distance to it is no age at all.
const wholeSecondMs = 1000;

/** Milliseconds, or null where nothing says how long it holds (RFC 9111, section 4.2.1, but for heuristics). */
export function explicitLifetimeMs(answer: Fields, directives: Directives, transit: Transit): number | null {
  const seconds = secondsOf(directives, 's-maxage') ?? secondsOf(directives, 'max-age');
  if (seconds !== null) return seconds * 1000;
  const expires = fieldOf(answer, 'expires');
  if (expires === undefined) return null;
  const until = parseHttpDate(expires, transit.receivedAt);
  const from = parseHttpDate(fieldOf(answer, 'date'), transit.receivedAt) ?? transit.receivedAt;
  return until === null ? 0 : Math.max(0, until - from);
}

function heuristicLifetimeMs(answer: Fields, transit: Transit, rules: KeepingRules): number {
  const modified = parseHttpDate(fieldOf(answer, 'last-modified'), transit.receivedAt);
  if (modified === null) return 0;
  const from = parseHttpDate(fieldOf(answer, 'date'), transit.receivedAt) ?? transit.receivedAt;
  return Math.min(dayMs, Math.max(0, from - modified) * rules.heuristicFraction);
}
