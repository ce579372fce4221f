import { type EventLoopUtilization, performance } from 'node:perf_hooks';

/** How the event loop was between two looks. */
export interface LoopLoad {
  /** Which share of the time it had something to do, 0 to 1. */
  readonly busyShare: number;
  /** How long one turn of it was busy, in milliseconds, on average: what arrives waits that long to be seen. */
  readonly turnMs: number;
}

/**
 * Measures this thread's event loop since the last time it was asked.
 *
 * Node counts turns and busy time anyway, so that nothing is added to what is measured, and no timer has to be late
 * for it to be noticed.
 */
export function createLoopMeter(): () => LoopLoad {
  let lastTime: EventLoopUtilization = performance.eventLoopUtilization();
  let lastTurns = performance.nodeTiming.uvMetricsInfo.loopCount;
  return () => {
    const time = performance.eventLoopUtilization();
    const turns = performance.nodeTiming.uvMetricsInfo.loopCount;
    const { active, utilization } = performance.eventLoopUtilization(time, lastTime);
    const turnMs = active / Math.max(1, turns - lastTurns);
    lastTime = time;
    lastTurns = turns;
    return { busyShare: utilization, turnMs };
  };
}
