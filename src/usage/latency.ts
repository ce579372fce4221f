/**
 * How long things took, counted in buckets that can be added up: over time, over replicas, over clients.
 *
 * Four buckets double the time, from half a millisecond to two minutes, so that a percentile is right to a tenth.
 */
export const LATENCY_BUCKETS = 72;

const FIRST_MS = 0.5;
const PER_DOUBLING = 4;
/** What a percentile is read from must hold all but the noise of sums. */
const NOISE = 1e-9;

/** The bucket of a duration. The first holds all that is shorter, the last all that is longer. */
export function bucketOf(ms: number): number {
  if (ms <= FIRST_MS) return 0;
  return Math.min(LATENCY_BUCKETS - 1, Math.ceil(Math.log2(ms / FIRST_MS) * PER_DOUBLING));
}

/** The longest duration of a bucket, in milliseconds. */
const endOf = (bucket: number): number => FIRST_MS * 2 ** (bucket / PER_DOUBLING);

/** The duration, in milliseconds, that this share of what was counted (0 to 1) did not exceed; null for nothing. */
export function percentileOf(counts: readonly number[], share: number): number | null {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total <= NOISE) return null;
  const wanted = total * share - NOISE;
  let below = 0;
  for (const [bucket, count] of counts.entries()) {
    if (below + count >= wanted && count > 0) {
      const from = bucket === 0 ? 0 : endOf(bucket - 1);
      return from + ((endOf(bucket) - from) * Math.max(0, wanted - below)) / count;
    }
    below += count;
  }
  return endOf(counts.length - 1);
}
