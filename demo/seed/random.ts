/** Numbers that look random and are the same in every run. */
export interface Random {
  /** A whole number from `min` to `max`, both included. */
  int(min: number, max: number): number;
  /** One of the values. */
  pick<T>(values: readonly [T, ...T[]]): T;
  /** True in so many of 100 cases. */
  percent(share: number): boolean;
}

/**
 * A generator that starts from `seed` (mulberry32).
 *
 * Our own, since the seeds of two backends that tell of the same orders have to agree whatever versions of
 * libraries are installed, and since it is drawn from some 100,000 times at the first start.
 */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const int = (min: number, max: number) => min + Math.floor(next() * (max - min + 1));
  return {
    int,
    pick: (values) => values[int(0, values.length - 1)] ?? values[0],
    percent: (share) => next() * 100 < share,
  };
}

/** The last moment that the seeds know of. Fixed, so that every first start makes the same world. */
export const seededUntil = Date.UTC(2026, 9, 31, 18, 0, 0);

export const dayMs = 86_400_000;
