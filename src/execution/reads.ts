import type { Freshness } from '../call.ts';
import type { Admitted, Answer } from './operation.ts';

/** What one operation reads, weighed for whoever keeps its answer. */
export interface Reads {
  /** Hears of everything that is read. */
  readonly hear: (freshness: Freshness) => void;
  /** How long the answer may be kept, and by whom; null where it may not be kept at all. */
  freshnessOf(answer: Answer): Freshness | null;
}

/**
 * Listens where an answer may be kept by its address: somebody asks with GET for a document by its hash.
 *
 * The answer is as fresh as the least fresh of what was read, and public only where no token was sent: fields know who
 * asks without reading anything. With errors, with extensions, and where nothing was read that says how long it holds,
 * it is not kept.
 */
export function listenToReads({ incoming, byHash, viewer }: Admitted): Reads | null {
  if (!incoming.onKept || !byHash) return null;
  let until = Number.POSITIVE_INFINITY;
  let isPublic = viewer === null;
  return {
    hear(freshness) {
      until = Math.min(until, freshness.until);
      isPublic &&= freshness.isPublic;
    },
    freshnessOf: ({ errors, extensions }) =>
      errors || extensions || !Number.isFinite(until) ? null : { until, isPublic },
  };
}
