/** A stream of whole numbers that is the same for the same seed: `next(n)` is 0 to n - 1. */
export type Random = (below: number) => number;

/** Makes a stream by xorshift: quick, and good enough to draw ids with. `seed` is a whole number other than 0. */
export function createRandom(seed: number): Random {
  let state = seed | 0 || 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}
