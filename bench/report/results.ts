import { median, paired, type Spread, spreadOf } from '../measure/statistics.ts';
import type { Workload, WorkloadName } from '../workloads.ts';

/** What one contestant did in one workload. */
export interface Standing {
  /** CPU a request, of L's in the same round. */
  readonly ratio: Spread;
  /** CPU a request, in microseconds. */
  readonly micros: number;
  /** REST calls an operation. */
  readonly calls: number;
}

export interface WorkloadResult {
  readonly title: string;
  readonly target: number | null;
  /** Why nothing can be said: the control was too far from L. Null where all is well. */
  readonly void: string | null;
  /** By contestant. */
  readonly standings: Readonly<Record<string, Standing>>;
}

/** A run of the bench, as it is kept in `results/latest.json`. */
export interface Results {
  readonly at: string;
  readonly machine: string;
  readonly rounds: number;
  readonly generations: number;
  readonly pinned: boolean;
  /** By name, in their order. `apart`: it does not do the same work as the others. */
  readonly contestants: Readonly<Record<string, { readonly title: string; readonly apart: boolean }>>;
  readonly workloads: Partial<Readonly<Record<WorkloadName, WorkloadResult>>>;
  /** W2 with slow calls, in milliseconds; null where it was not measured. */
  readonly latency: LatencyResult | null;
  /** By contestant: the memory held after the run, and what of it L holds. */
  readonly memory: Readonly<Record<string, { readonly rssMb: number; readonly ratio: number }>>;
}

export interface LatencyResult {
  readonly callMs: number;
  readonly targetOverMs: number;
  /** By contestant: the middle duration, and how far it is above L's. */
  readonly standings: Readonly<Record<string, { readonly p50Ms: number; readonly overMs: number }>>;
}

/** The control says how much of a ratio is chance: outside of this nothing can be said. */
const CONTROL = { least: 0.93, most: 1.07 } as const;

export interface Measured {
  readonly cpu: ReadonlyMap<string, readonly number[]>;
  readonly calls: ReadonlyMap<string, number>;
}

/** What the samples of one workload say. */
export function toWorkloadResult(workload: Workload, { cpu, calls }: Measured): WorkloadResult {
  const limit = cpu.get('limit') ?? [];
  const standings = Object.fromEntries(
    [...cpu].map(([name, micros]) => [
      name,
      {
        ratio: rounded(spreadOf(paired(micros, limit))),
        micros: round(median(micros), 1),
        calls: calls.get(name) ?? Number.NaN,
      },
    ]),
  );
  const control = standings.control?.ratio.median ?? Number.NaN;
  const sound = control >= CONTROL.least && control <= CONTROL.most;
  return {
    title: workload.title,
    target: workload.target,
    void: sound
      ? null
      : `the control took ${control} of L, which must be ${CONTROL.least} to ${CONTROL.most}`,
    standings,
  };
}

/** What the durations of all generations say. */
export function toLatencyResult(
  callMs: number,
  targetOverMs: number,
  durations: ReadonlyMap<string, readonly number[]>,
): LatencyResult {
  const limit = median(durations.get('limit') ?? []);
  return {
    callMs,
    targetOverMs,
    standings: Object.fromEntries(
      [...durations].map(([name, own]) => [
        name,
        { p50Ms: round(median(own), 2), overMs: round(median(own) - limit, 2) },
      ]),
    ),
  };
}

/** What the memory held at the end of each generation says, in bytes a contestant. */
export function toMemory(rssBytes: ReadonlyMap<string, readonly number[]>): Results['memory'] {
  const limit = rssBytes.get('limit') ?? [];
  return Object.fromEntries(
    [...rssBytes].map(([name, bytes]) => [
      name,
      { rssMb: round(median(bytes) / 1024 ** 2, 0), ratio: round(median(paired(bytes, limit)), 2) },
    ]),
  );
}

function rounded({ median, low, high }: Spread): Spread {
  return { median: round(median, 3), low: round(low, 3), high: round(high, 3) };
}

const round = (value: number, digits: number): number => Number(value.toFixed(digits));
