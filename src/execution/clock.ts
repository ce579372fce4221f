/** What measures time and wakes up: the process's own clock, or a virtual one in tests. */
export interface Clock {
  /** Milliseconds, as `performance.now()` counts them. */
  now(): number;
  /** Calls back once after so many milliseconds; what it returns cancels that. */
  after(ms: number, callback: () => void): () => void;
}

/** The process's clock. Its timers do not keep the process alive. */
export const processClock: Clock = {
  now: () => performance.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, ms).unref();
    return () => clearTimeout(timer);
  },
};
