import type { Endpoint } from '../../backends.ts';
import type { Freshness } from '../../call.ts';
import type { Answer } from '../exchange.ts';
import { parseCacheControl } from './cache-control.ts';
import { explicitLifetimeMs, initialAgeMs } from './keeping.ts';
import { fieldOf, listOf } from './stored-fields.ts';

/** What nobody may keep. */
export const notKept: Freshness = { until: Number.NEGATIVE_INFINITY, isPublic: false };

/**
 * How fresh an answer is: as the layer says that has put it together, else as its own fields say.
 *
 * What was asked for with credentials is never public, whatever its fields say; what says nothing of how long it
 * holds, and what is no good answer to a read, is not kept.
 */
export function freshnessOf({ method, credentials }: Endpoint, answer: Answer): Freshness {
  if (method !== 'GET') return notKept;
  const { until, isPublic } = answer.freshness ?? saidBy(answer);
  return { until, isPublic: isPublic && credentials === 'none' };
}

/** How fresh the whole is that was put together from these. */
export function leastFresh(parts: Iterable<Freshness>): Freshness {
  let until = Number.POSITIVE_INFINITY;
  let isPublic = true;
  for (const part of parts) {
    until = Math.min(until, part.until);
    isPublic &&= part.isPublic;
  }
  return { until, isPublic };
}

function saidBy({ status, headers, timings }: Answer): Freshness {
  const directives = parseCacheControl(fieldOf(headers, 'cache-control'));
  const isKept = status === 200 || status === 404;
  if (!isKept || directives.has('no-store') || directives.has('no-cache')) return notKept;
  if (listOf(headers, 'vary').includes('*')) return notKept;
  const sinceEpoch = Date.now() - performance.now();
  const transit = {
    requestedAt: sinceEpoch + timings.startedAt,
    receivedAt: sinceEpoch + timings.endedAt,
  };
  const lifetimeMs = explicitLifetimeMs(headers, directives, transit);
  if (lifetimeMs === null) return notKept;
  return {
    until: transit.receivedAt - initialAgeMs(headers, transit) + lifetimeMs,
    isPublic: !directives.has('private'),
  };
}
