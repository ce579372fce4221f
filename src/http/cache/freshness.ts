import { type Directives, parseCacheControl, secondsOf } from './cache-control.ts';
import type { Keeping } from './keeping.ts';
import { type Fields, fieldOf } from './stored-fields.ts';

/**
 * What may be done with a stored answer: `fresh`, use it; `refresh`, use it and fetch another meanwhile; `stale`,
 * use it since the request allows it; `validate`, ask first.
 */
export type Freshness = 'fresh' | 'refresh' | 'stale' | 'validate';

/** The directives of a request. `Pragma: no-cache` counts where there is no `Cache-Control` (RFC 9111, section 5.4). */
export function requestDirectives(fields: Fields): Directives {
  const field = fieldOf(fields, 'cache-control');
  return parseCacheControl(field === undefined ? fieldOf(fields, 'pragma') : field);
}

/** Weighs a stored answer's age against what its origin and the request allow (RFC 9111, sections 4.2 and 5.2.1). */
export function judge(keeping: Keeping, directives: Directives, at: number): Freshness {
  if (directives.size === 0) {
    if (at < keeping.freshUntil) return 'fresh';
    return at < keeping.usableWhileRefreshedUntil ? 'refresh' : 'validate';
  }
  if (directives.has('no-cache')) return 'validate';
  const maxAge = secondsOf(directives, 'max-age');
  if (maxAge !== null && at - keeping.bornAt >= maxAge * 1000) return 'validate';
  const minFresh = secondsOf(directives, 'min-fresh');
  if (at + (minFresh ?? 0) * 1000 < keeping.freshUntil) return 'fresh';
  if (minFresh !== null || keeping.mustRevalidate) return 'validate';
  if (at < keeping.usableWhileRefreshedUntil) return 'refresh';
  if (!directives.has('max-stale')) return 'validate';
  const maxStale =
    directives.get('max-stale') === null ? Infinity : (secondsOf(directives, 'max-stale') ?? 0);
  return at - keeping.freshUntil < maxStale * 1000 ? 'stale' : 'validate';
}
