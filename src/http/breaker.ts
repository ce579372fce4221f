import { performance } from 'node:perf_hooks';
import type { WeirError } from '../errors.ts';
import type { Attempt } from './attempt.ts';
import { toUpstreamError } from './failure.ts';
import type { Gate, Verdict } from './gate.ts';

export type BreakerState = 'closed' | 'open' | 'half-open';

export interface BreakerNumbers {
  readonly failures: number;
  readonly halfOpenAfterMs: number;
  readonly ejectAfter: number;
}

/** A change worth a line in the log. */
export interface BreakerChange {
  readonly from: BreakerState;
  readonly to: BreakerState;
  /** Opened early, since other instances can take the load. */
  readonly ejected: boolean;
  /** What the last failure was, such as `ECONNREFUSED` or `status 503`. */
  readonly reason: string;
}

/**
 * Stops calling an instance that fails, and tries it again with one call at a time.
 *
 * Closed: every call passes; so many failures in a row open it. Open: no call passes. When
 * `halfOpenAfterMs` are over it is half open: one call passes as a probe, and its outcome closes or reopens it.
 *
 * Deciding and recording are two plain steps, not a wrapper around a promise: the balance has to ask before it
 * chooses, nobody should wait for somebody else's probe, and a call with nothing wrong should pay next to nothing.
 */
export interface Breaker {
  readonly state: BreakerState;
  readonly ejected: boolean;
  readonly failuresInRow: number;
  readonly lastReason: string | null;
  /** Changes whenever the breaker opens or closes; calls of an older era say nothing about this one. */
  readonly era: number;
  /** Whether a call would pass now. */
  admits(now: number): boolean;
  /** Lets a call pass that `admits` allowed; true where it is the probe. */
  enter(): boolean;
  leave(era: number, probe: boolean, verdict: Verdict, reason: string): void;
  /** Milliseconds until the next probe; 0 where a call may try now. */
  waitMs(now: number): number;
}

/** Builds the breaker of one instance. `mayEject` says whether the others could spare it. */
export function createBreaker(
  numbers: BreakerNumbers,
  mayEject: () => boolean,
  onChange: (change: BreakerChange) => void,
): Breaker {
  let open = false;
  let ejected = false;
  let probing = false;
  let openedAt = 0;
  let failures = 0;
  let era = 0;
  let lastReason: string | null = null;

  const waitMs = (now: number): number => Math.max(0, openedAt + numbers.halfOpenAfterMs - now);

  const stateAt = (now: number): BreakerState => {
    if (!open) return 'closed';
    return probing || waitMs(now) === 0 ? 'half-open' : 'open';
  };

  const trip = (from: BreakerState, early: boolean, reason: string): void => {
    open = true;
    ejected = early;
    openedAt = performance.now();
    era += 1;
    onChange({ from, to: 'open', ejected, reason });
  };

  return {
    get state() {
      return stateAt(performance.now());
    },
    get ejected() {
      return open && ejected;
    },
    get failuresInRow() {
      return failures;
    },
    get lastReason() {
      return lastReason;
    },
    get era() {
      return era;
    },
    admits: (now) => !open || (!probing && waitMs(now) === 0),
    enter() {
      if (open) probing = true;
      return open;
    },
    leave(callEra, probe, verdict, reason) {
      if (callEra !== era) return;
      if (verdict === 'failed') lastReason = reason;
      if (probe) {
        probing = false;
        // Without a verdict the next call is the probe.
        if (verdict === 'unknown') return;
        if (verdict === 'failed') {
          failures += 1;
          trip('half-open', ejected, reason);
          return;
        }
        open = false;
        failures = 0;
        era += 1;
        onChange({ from: 'half-open', to: 'closed', ejected: false, reason });
        return;
      }
      if (verdict === 'ok') failures = 0;
      if (verdict !== 'failed') return;
      failures += 1;
      if (failures >= numbers.failures) trip('closed', false, reason);
      else if (failures >= numbers.ejectAfter && mayEject()) trip('closed', true, reason);
    },
    waitMs: (now) => (open ? waitMs(now) : 0),
  };
}

/** The gate that asks the breaker of the chosen instance. */
export const breakerGate: Gate = {
  enter: (attempt) => enterBreaker(attempt, attempt.queuedAt) ?? 'pass',
  leave(attempt, verdict) {
    attempt.instance.breaker.leave(attempt.era, attempt.probe, verdict, attempt.outcome);
  },
};

/** Lets an attempt pass the breaker of its instance, or says why not. */
export function enterBreaker(attempt: Attempt, now: number): WeirError | null {
  const { breaker } = attempt.instance;
  if (!breaker.admits(now)) {
    const { backend, route } = attempt.exchange.endpoint;
    const retryAfter = Math.max(1, Math.ceil(breaker.waitMs(now) / 1000));
    return toUpstreamError(backend, route, 'breaker-open', breaker.lastReason ?? '', { retryAfter });
  }
  attempt.era = breaker.era;
  attempt.probe = breaker.enter();
  return null;
}
