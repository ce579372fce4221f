import { type EventLoopUtilization, performance } from 'node:perf_hooks';

/** How the event loop was between two looks. */
export interface LoopLoad {
  /** Which share of the time it had something to do, 0 to 1. */
  readonly busyShare: number;
  /** How long it had something to do, in milliseconds. */
  readonly busyMs: number;
  /**
   * How long one turn of it was on a processor, in milliseconds, on average: what arrives waits at least that long to
   * be seen. What other processes take of the machine does not count, since taking in less gives none of it back.
   */
  readonly turnMs: number;
}

/**
 * Measures this thread's event loop since the last time it was asked.
 *
 * Node and the system count turns and time anyway, so that nothing is added to what is measured, and no timer has to
 * be late for it to be noticed.
 */
export function createLoopMeter(): () => LoopLoad {
  let lastTime: EventLoopUtilization = performance.eventLoopUtilization();
  let lastTurns = performance.nodeTiming.uvMetricsInfo.loopCount;
  let lastCpu = process.threadCpuUsage();
  return () => {
    const time = performance.eventLoopUtilization();
    const turns = performance.nodeTiming.uvMetricsInfo.loopCount;
    const { user, system } = process.threadCpuUsage(lastCpu);
    const { active, utilization } = performance.eventLoopUtilization(time, lastTime);
    const turnMs = (user + system) / 1000 / Math.max(1, turns - lastTurns);
    lastTime = time;
    lastTurns = turns;
    lastCpu = { user: lastCpu.user + user, system: lastCpu.system + system };
    return { busyShare: utilization, busyMs: active, turnMs };
  };
}
