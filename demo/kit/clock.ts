/**
 * Milliseconds since the epoch, with fractions, on a clock that all backends of one process share.
 *
 * Unlike `Date.now()` it never steps back, so that the order of calls and writes can be read off it.
 */
export function now(): number {
  return performance.timeOrigin + performance.now();
}
