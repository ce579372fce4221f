import type { Comparison } from '../load/compare.ts';
import type { Workload } from '../workloads.ts';
import type { Generation } from './generation.ts';

export interface LatencyOptions {
  readonly generation: Generation;
  readonly comparison: Comparison;
  /** How long the backend takes for a call, in milliseconds. */
  readonly latencyMs: number;
  /** How many requests each contestant answers. */
  readonly requests: number;
}

/** How many requests one contestant answers before it is the next one's turn. */
const TURN = 4;

/** How long each contestant takes for each of the requests, in milliseconds, one client at a time, turn by turn. */
export async function measureLatency(
  workload: Workload,
  { generation, comparison, latencyMs, requests }: LatencyOptions,
): Promise<ReadonlyMap<string, readonly number[]>> {
  const durations = new Map<string, number[]>();
  const draws = Array.from({ length: TURN }, () => 0);
  await generation.setLatency(latencyMs);
  try {
    for (let sent = 0; sent < requests; sent += TURN) {
      const { answers: limits } = await runTurn(generation.limit.load);
      for (const { contestant, load } of generation.entrants) {
        const { answers, durationsMs } = await runTurn(load);
        comparison.check(contestant.name, answers, limits);
        const own = durations.get(contestant.name) ?? [];
        durations.set(contestant.name, own);
        own.push(...durationsMs);
      }
    }
  } finally {
    await generation.setLatency(0);
  }
  return durations;

  async function runTurn(load: Generation['limit']['load']) {
    await load.open(1);
    return load.run(workload, draws, 1);
  }
}
