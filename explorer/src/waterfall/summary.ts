import { lostCalls } from './attempts.ts';
import { isMade, type Waterfall } from './waterfall.ts';

/** The figures above the chart. */
export interface Summary {
  readonly totalMs: number;
  readonly overheadMs: number;
  /** Calls that reached a backend, repeated attempts among them. */
  readonly made: number;
  readonly retries: number;
  /** Calls that gave nothing even when they were tried again. */
  readonly failed: number;
  /** Calls that a client without a gateway makes and that were not needed here. */
  readonly saved: number;
  readonly savedBy: Waterfall['saved'];
  readonly bytes: number;
  readonly depth: number;
  readonly serialMs: number;
  /** How many times longer the plain calls take, one after the other; null where nothing was called or won. */
  readonly timesFaster: number | null;
  readonly criticalPathMs: number;
  readonly truncated: boolean;
}

/** Adds a waterfall up. */
export function summarise(waterfall: Waterfall): Summary {
  const { totalMs, overheadMs, depth, serialMs, criticalPathMs, saved, calls, truncated } = waterfall;
  const made = calls.filter(isMade);
  const ratio = totalMs > 0 ? serialMs / totalMs : 0;
  return {
    totalMs,
    overheadMs,
    made: made.length,
    retries: made.filter((call) => call.attempt > 1).length,
    failed: lostCalls(calls).length,
    saved: saved.batched + saved.deduplicated + saved.cached,
    savedBy: saved,
    bytes: calls.reduce((sum, call) => sum + call.bytes, 0),
    depth,
    serialMs,
    timesFaster: ratio > 1 ? ratio : null,
    criticalPathMs,
    truncated,
  };
}
