import type { Clock } from '../../../src/execution/clock.ts';

/** A clock that stands still until nothing is left to do, and then jumps to the next timer. */
export interface VirtualClock extends Clock {
  sleep(ms: number): Promise<void>;
  /** Runs until a promise is settled; throws where it waits and no timer is left that could help. */
  until<T>(promise: Promise<T>): Promise<T>;
  /** Runs until no timer is left. */
  drain(): Promise<void>;
  /** How many timers are set. */
  readonly timers: number;
}

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

export function createVirtualClock(): VirtualClock {
  let time = 0;
  const timers = new Set<Timer>();
  const after = (ms: number, callback: () => void): (() => void) => {
    const timer = { at: time + Math.max(0, ms), callback };
    timers.add(timer);
    return () => timers.delete(timer);
  };
  /** Lets every microtask and tick run, and then everything that is due next. */
  const step = async (): Promise<void> => {
    let next: Timer | null = null;
    for (const timer of timers) if (next === null || timer.at < next.at) next = timer;
    if (next === null) throw new Error('waits for ever: no timer is set');
    time = next.at;
    for (const timer of [...timers]) {
      if (timer.at > time || !timers.delete(timer)) continue;
      timer.callback();
    }
    await settled();
  };
  return {
    now: () => time,
    after,
    sleep: (ms) => new Promise((resolve) => after(ms, resolve)),
    async until(promise) {
      let open = true;
      const close = (): void => {
        open = false;
      };
      promise.then(close, close);
      await settled();
      while (open) await step();
      return promise;
    },
    async drain() {
      await settled();
      while (timers.size > 0) await step();
    },
    get timers() {
      return timers.size;
    },
  };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
