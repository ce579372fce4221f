import type { WeirError } from '../errors.ts';
import type { Attempt } from './attempt.ts';

/** What an attempt says about the instance: `unknown` where it was cut too early to tell. */
export type Verdict = 'ok' | 'failed' | 'unknown';

/**
 * A policy that an attempt passes on its way to the wire, and hears of again when the attempt has ended.
 *
 * Plain calls, not promises: with nothing wrong a gate costs a comparison or two.
 */
export interface Gate {
  /** `pass`: go on. `wait`: whoever makes room calls `launch`. An error: refused, nothing was sent. */
  enter(attempt: Attempt): 'pass' | 'wait' | WeirError;
  /** Called for every gate that was entered, in the same order. */
  leave?(attempt: Attempt, verdict: Verdict): void;
}
