import { cpus } from 'node:os';
import { join } from 'node:path';
import type { Contestant } from '../contestants.ts';
import { createComparison } from '../load/compare.ts';
import {
  type LatencyResult,
  type Results,
  toLatencyResult,
  toMemory,
  toWorkloadResult,
  type WorkloadResult,
} from '../report/results.ts';
import type { Workload, WorkloadName } from '../workloads.ts';
import { countCalls, measureCpu } from './cpu.ts';
import { type Generation, startGeneration } from './generation.ts';
import { measureLatency } from './latency.ts';
import { canPin, pinSelf } from './server-process.ts';

export interface BenchOptions {
  readonly contestants: readonly Contestant[];
  readonly workloads: readonly Workload[];
  /** In all; each generation has its part of them. */
  readonly rounds: number;
  readonly generations: number;
  /** What part of a workload's requests a round has. */
  readonly share: number;
  /** Where the servers' logs go: a file. */
  readonly output: string;
  readonly onProgress: (line: string) => void;
}

/** With slow calls: how long one takes, how far Weir may be above L, how many requests each contestant answers. */
const LATENCY = { callMs: 20, targetOverMs: 1, requests: 32 } as const;

/** By contestant. */
type Samples = Map<string, number[]>;

/** Measures everything: fresh processes a generation, every workload in each, every contestant in every round. */
export async function measureBench(options: BenchOptions): Promise<Results> {
  const { contestants, workloads, rounds, generations, onProgress } = options;
  const cores = canPin() && cpus().length > 1 ? { servers: 0, backend: 1 } : null;
  if (cores) pinSelf(cores.backend);
  else onProgress('!! processes cannot be kept on a core here: expect wider spreads');

  const cpu = new Map(workloads.map(({ name }) => [name, new Map() as Samples]));
  const calls = new Map(workloads.map(({ name }) => [name, new Map<string, number>()]));
  const durations: Samples = new Map();
  const rssBytes: Samples = new Map();

  for (let index = 0; index < generations; index += 1) {
    onProgress(`generation ${index + 1} of ${generations}: ${contestants.length} servers`);
    await using generation = await startGeneration({
      contestants,
      cores,
      output: options.output,
      backendMain: join(import.meta.dirname, '../backend/main.ts'),
    });
    const own = Math.floor((rounds * (index + 1)) / generations) - Math.floor((rounds * index) / generations);
    for (const workload of workloads) {
      const startedAt = performance.now();
      const measured = await measureCpu(workload, {
        generation,
        comparison: createComparison(),
        rounds: own,
        share: options.share,
        seed: 1 + index,
      });
      for (const [name, micros] of measured) push(cpu.get(workload.name), name, micros);
      if (index === 0) {
        for (const entrant of generation.entrants) {
          const counted = await countCalls(workload, generation, entrant);
          const all = Object.values(counted).reduce((sum, one) => sum + one, 0);
          calls.get(workload.name)?.set(entrant.contestant.name, all);
        }
      }
      onProgress(
        `  ${workload.name} ${own} rounds, ${((performance.now() - startedAt) / 1000).toFixed(1)} s`,
      );
    }
    for (const { contestant, process } of generation.entrants) {
      push(rssBytes, contestant.name, [(await process.usage()).rssBytes]);
    }
    const page = workloads.find(({ name }) => name === 'W2');
    if (page) for (const [name, own] of await slowly(page, generation)) push(durations, name, own);
  }
  return {
    at: new Date().toISOString(),
    machine: `${cpus().length} cores ${cpus()[0]?.model ?? ''}, Node.js ${process.versions.node}`,
    rounds,
    generations,
    pinned: cores !== null,
    contestants: Object.fromEntries(
      contestants.map(({ name, title, apart = false }) => [name, { title, apart }]),
    ),
    workloads: Object.fromEntries(
      workloads.map((workload): [WorkloadName, WorkloadResult] => [
        workload.name,
        toWorkloadResult(workload, {
          cpu: cpu.get(workload.name) ?? new Map(),
          calls: calls.get(workload.name) ?? new Map(),
        }),
      ]),
    ),
    latency: toLatency(durations),
    memory: toMemory(rssBytes),
  };
}

function slowly(workload: Workload, generation: Generation): Promise<ReadonlyMap<string, readonly number[]>> {
  const { callMs, requests } = LATENCY;
  return measureLatency(workload, {
    generation,
    comparison: createComparison(),
    latencyMs: callMs,
    requests,
  });
}

function toLatency(durations: Samples): LatencyResult | null {
  return durations.size === 0 ? null : toLatencyResult(LATENCY.callMs, LATENCY.targetOverMs, durations);
}

function push(samples: Samples | undefined, name: string, values: readonly number[]): void {
  const own = samples?.get(name);
  if (own) own.push(...values);
  else samples?.set(name, [...values]);
}
