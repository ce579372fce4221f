/** How long answers take, learned as they come. One for the whole process. */
export interface Estimates {
  /** Takes note of an answer that took `ms`, of a kind that is said to take `usualMs`. */
  observe(name: string, usualMs: number, ms: number): void;
  /** How long an answer takes when nothing is wrong, in milliseconds: `usualMs`, as corrected by what was seen. */
  expectedMs(name: string, usualMs: number): number;
  /** After how many milliseconds an answer is late, so that nobody else should wait for it any more. */
  lateMs(name: string, usualMs: number): number;
}

/** No answer is late sooner than this, in milliseconds: below it, waiting is cheaper than another call. */
const NEVER_LATE_BEFORE_MS = 50;

interface Estimate {
  mean: number;
  /** Mean distance from the mean. */
  deviation: number;
}

/**
 * Makes an empty memory of answer times.
 *
 * Mean and deviation are smoothed as TCP smooths its round trips (RFC 6298: gains 1/8 and 1/4). Late is eight
 * deviations above the mean, since a batch that leaves without a late answer costs a call more; and twice the
 * usual time at least, because answers out of a cache would otherwise make every real call look late.
 */
export function createEstimates(): Estimates {
  const known = new Map<string, Estimate>();
  const estimateOf = (name: string, usualMs: number): Estimate => {
    let estimate = known.get(name);
    if (estimate === undefined) {
      estimate = { mean: usualMs, deviation: usualMs / 2 };
      known.set(name, estimate);
    }
    return estimate;
  };
  return {
    observe(name, usualMs, ms) {
      const estimate = estimateOf(name, usualMs);
      estimate.deviation += (Math.abs(ms - estimate.mean) - estimate.deviation) / 4;
      estimate.mean += (ms - estimate.mean) / 8;
    },
    expectedMs(name, usualMs) {
      const { mean, deviation } = estimateOf(name, usualMs);
      return mean + 2 * deviation;
    },
    lateMs(name, usualMs) {
      const { mean, deviation } = estimateOf(name, usualMs);
      return Math.max(NEVER_LATE_BEFORE_MS, 2 * usualMs, mean + 8 * deviation);
    },
  };
}
