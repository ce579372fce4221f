import { LRUCache } from 'lru-cache';

/** What has been counted under a key since its window began. */
export interface Counted {
  /** Points in this window, with those that were just added. */
  readonly points: number;
  /** When the window ends, in milliseconds from now. */
  readonly endsInMs: number;
  /** How many processes count, each for itself, what would belong together; 1 where they count together. */
  readonly apart: number;
}

/** Counts points under keys, in windows of a minute that begin with a key's first point. */
export interface Windows {
  /** Adds points, or takes some back where they are negative, and tells what there are now. Never rejects. */
  add(key: string, points: number): Counted | Promise<Counted>;
}

/** How long a window is, in seconds. */
export const WINDOW_S = 60;

/** So many keys are counted at once; a flood of addresses pushes out those that have been silent longest. */
const MAX_KEYS = 100_000;

interface Window {
  points: number;
  readonly endsAt: number;
}

/**
 * Counts in this process.
 *
 * Own code, and not `rate-limiter-flexible`'s memory: that keeps a timer a key and has no bound on the keys.
 */
export function createMemoryWindows(now: () => number = Date.now, maxKeys = MAX_KEYS): MemoryWindows {
  const windows = new LRUCache<string, Window>({ max: maxKeys });
  return {
    add(key, points) {
      const at = now();
      let window = windows.get(key);
      if (window === undefined || window.endsAt <= at) {
        window = { points: 0, endsAt: at + WINDOW_S * 1000 };
        windows.set(key, window);
      }
      // What is given back may have been taken in a window that is over.
      window.points = Math.max(0, window.points + points);
      return { points: window.points, endsInMs: window.endsAt - at, apart: 1 };
    },
  };
}

/** Windows in memory, which answer at once. */
export interface MemoryWindows extends Windows {
  add(key: string, points: number): Counted;
}
