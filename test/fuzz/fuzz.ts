import { type Case, createCase } from './cases.ts';
import { exchange } from './exchange.ts';
import { judge } from './judge.ts';
import type { Target } from './target.ts';

export interface FuzzOptions {
  readonly seed: number;
  readonly count: number;
  /** The first case; 0 unless one is to be seen again. */
  readonly from?: number;
  readonly tokens: readonly string[];
  /** Requests under way at once. */
  readonly atOnce?: number;
  readonly onProgress?: (done: number) => void;
}

/** A case that was not answered as it should be. */
export interface Fault {
  readonly index: number;
  readonly layer: string;
  readonly what: string;
  readonly request: string;
}

export interface FuzzReport {
  readonly cases: number;
  readonly faults: readonly Fault[];
  readonly crashes: readonly string[];
  /** How often each came. */
  readonly outcomes: ReadonlyMap<string, number>;
  readonly slowestMs: number;
  readonly grewMb: number;
}

/** Sends mutated requests to a gateway, one a connection, and judges what comes back. */
export async function fuzz(target: Target, options: FuzzOptions): Promise<FuzzReport> {
  const { seed, count, from = 0, tokens, atOnce = 8, onProgress } = options;
  const outcomes = new Map<string, number>();
  const faults: Fault[] = [];
  let slowestMs = 0;
  let next = from;

  const attempt = async (one: Case): Promise<string | null> => {
    const reply = await exchange(target.port, one.bytes, one.whole);
    const { outcome, fault } = judge(one, reply);
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    if (one.whole && reply.status !== null && fault === null) slowestMs = Math.max(slowestMs, reply.tookMs);
    return fault;
  };
  const work = async (): Promise<void> => {
    while (next < from + count && target.crashes.length === 0) {
      const index = next;
      next += 1;
      const one = createCase({ seed, tokens }, index);
      let what = await attempt(one);
      // Others use this machine as well: what is slow or silent must be so every time.
      for (let again = 0; again < 2 && what !== null && /took|without an answer/.test(what); again += 1) {
        await new Promise((resolve) => setTimeout(resolve, 500));
        what = await attempt(one);
      }
      if (what !== null) {
        const request = one.bytes.subarray(0, 2_000).toString('utf8');
        faults.push({ index, layer: one.layer, what, request });
      }
      if (onProgress && (index - from) % 1_000 === 999) onProgress(index - from + 1);
    }
  };

  // The first cases fill what is bounded; from then on nothing may grow.
  const warm = Math.min(count, 2_000);
  const total = count;
  let beforeMb = 0;
  const run = async (): Promise<void> => void (await Promise.all(Array.from({ length: atOnce }, work)));
  if (total > warm) {
    const rest = { ...options, count: warm };
    const first = await fuzz(target, rest);
    for (const [outcome, times] of first.outcomes) outcomes.set(outcome, times);
    faults.push(...first.faults);
    slowestMs = first.slowestMs;
    next = from + warm;
  }
  beforeMb = await target.memoryMb();
  await run();
  const grewMb = target.crashes.length > 0 ? Number.NaN : (await target.memoryMb()) - beforeMb;
  return { cases: next - from, faults, crashes: target.crashes, outcomes, slowestMs, grewMb };
}
