import { createRandom, type Random } from '../backend/random.ts';
import type { Comparison } from '../load/compare.ts';
import type { RawAnswer } from '../load/connection.ts';
import type { Workload } from '../workloads.ts';
import type { Entrant, Generation } from './generation.ts';

/** CPU a request in microseconds, by contestant, a sample a round; samples of one round stand at one index. */
export type CpuSamples = Map<string, number[]>;

export interface CpuOptions {
  readonly generation: Generation;
  readonly comparison: Comparison;
  readonly rounds: number;
  /** What part of a workload's requests a round has: 1 for all. */
  readonly share: number;
  /** Draws ids and the order of the contestants. */
  readonly seed: number;
}

/** As many as keep a server busy without a queue that would hide what a request costs. */
const CLIENTS = 8;
/** Rounds before the first that counts, for V8 to compile what is hot: with fewer, compiling is much of what is measured. */
const WARM_UP_ROUNDS = 40;
/** How many requests tell how many calls an operation makes. */
const COUNTED = 4;

/**
 * Measures one workload in interleaved rounds: in each, every contestant gets the same requests, one after the
 * other in an order that is drawn anew, and every answer is compared with L's.
 */
export async function measureCpu(workload: Workload, options: CpuOptions): Promise<CpuSamples> {
  const { generation, comparison, rounds, share, seed } = options;
  const random = createRandom(seed);
  const requests = Math.max(8, Math.round(workload.requests * share));
  const samples: CpuSamples = new Map();
  for (let round = -WARM_UP_ROUNDS; round < rounds; round += 1) {
    const draws = Array.from({ length: requests }, () => random(workload.draws));
    const answers = new Map<string, readonly RawAnswer[]>();
    for (const entrant of shuffled(generation.entrants, random)) {
      const { name } = entrant.contestant;
      const measured = await measureOne(entrant, workload, draws);
      answers.set(name, measured.answers);
      if (round < 0) continue;
      const own = samples.get(name) ?? [];
      samples.set(name, own);
      own.push(measured.micros);
    }
    const limits = answers.get(generation.limit.contestant.name) ?? [];
    for (const [name, own] of answers) comparison.check(name, own, limits);
  }
  return samples;
}

async function measureOne({ load, process }: Entrant, workload: Workload, draws: readonly number[]) {
  await load.open(CLIENTS);
  const before = await process.usage();
  const { answers } = await load.run(workload, draws, CLIENTS);
  const after = await process.usage();
  return { answers, micros: (after.cpuMicros - before.cpuMicros) / draws.length };
}

/** How many calls of the backend an operation makes, by path. */
export async function countCalls(
  workload: Workload,
  generation: Generation,
  { load }: Entrant,
): Promise<Readonly<Record<string, number>>> {
  await load.open(1);
  const counted = await generation.countCalls(() =>
    load.run(
      workload,
      Array.from({ length: COUNTED }, (_, draw) => draw % workload.draws),
      1,
    ),
  );
  return Object.fromEntries(Object.entries(counted).map(([path, calls]) => [path, calls / COUNTED]));
}

function shuffled<T>(values: readonly T[], random: Random): T[] {
  const left = [...values];
  const drawn: T[] = [];
  while (left.length > 0) drawn.push(...left.splice(random(left.length), 1));
  return drawn;
}
