import { performance } from 'node:perf_hooks';

/** Something that waits for a backend and must not wait longer than it may. */
export interface Watched {
  /** Ends the wait when it aborts. */
  readonly signal: AbortSignal;
  /** When the wait is over, on the clock of `performance.now()`. */
  readonly expiresAt: number;
  /** Where it stands in the list; -1 while it is not watched. Written by the watch alone. */
  watchIndex: number;
  /** Called once, after which it is no longer watched. */
  onCut(now: number): void;
}

export interface Watch {
  add(watched: Watched): void;
  remove(watched: Watched): void;
}

/** How late a wait may be cut: well below what a person or a budget of some hundred milliseconds notices. */
const TICK_MS = 5;

/**
 * Cuts waits whose time is over or whose signal has aborted, at most 5 ms late.
 *
 * One list for all calls, looked through on every tick while anything is in flight: a timer and an abort
 * listener of its own would cost each call more than the whole list costs a tick.
 */
export function createWatch(): Watch {
  const list: Watched[] = [];
  let ticking: NodeJS.Timeout | null = null;

  const remove = (watched: Watched): void => {
    const index = watched.watchIndex;
    if (index < 0) return;
    watched.watchIndex = -1;
    const last = list.pop();
    if (last && last !== watched) {
      list[index] = last;
      last.watchIndex = index;
    }
  };

  const tick = (): void => {
    if (list.length === 0 && ticking) {
      clearInterval(ticking);
      ticking = null;
      return;
    }
    const now = performance.now();
    // Collected first: `onCut` removes entries, and may start other calls, while it runs.
    let due: Watched[] | null = null;
    for (const watched of list) {
      if (now >= watched.expiresAt || watched.signal.aborted) {
        due ??= [];
        due.push(watched);
      }
    }
    if (!due) return;
    for (const watched of due) {
      if (watched.watchIndex < 0) continue;
      remove(watched);
      watched.onCut(now);
    }
  };

  return {
    add(watched) {
      watched.watchIndex = list.push(watched) - 1;
      ticking ??= setInterval(tick, TICK_MS);
    },
    remove,
  };
}
