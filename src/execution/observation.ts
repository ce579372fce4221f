import type { Account, CallRecord } from '../call.ts';
import { newTraceparent } from '../tracing/trace-context.ts';
import type { OperationTrace } from '../tracing/tracing.ts';
import type { Recorder } from '../waterfall/recorder.ts';
import type { Waterfall } from '../waterfall/waterfall.ts';

/** Hears of the calls of all operations. */
export type HearAll = (record: CallRecord, account: Account) => void;

/** Who hears of an operation's calls beside its report. */
export interface Ears {
  /** Where somebody looks at its waterfall. */
  readonly recorder: Recorder | null;
  /** Where traces are sent. */
  readonly trace: OperationTrace | null;
  /** Counts for the whole process. */
  readonly hear: HearAll | null;
  /** Who is billed for them. */
  readonly account: Account;
}

/** What is seen of one operation's calls while it runs. */
export class Observation {
  /** Calls that were sent. */
  calls = 0;
  /** The longest chain of calls that waited for one another. */
  depth = 0;
  readonly ears: Ears;
  private traceparent: string | null = null;
  /** When calls were under way, apart from each other and in order. */
  private readonly spans: { startedAt: number; endedAt: number }[] = [];

  constructor(ears: Ears) {
    this.ears = ears;
  }

  /** `step` is the root field under which a call was made that no loader has made: a mutation's. */
  observe(record: CallRecord, step: string | null): void {
    if (record.source === 'network') this.calls += 1;
    if (record.demand !== null && record.demand.wave > this.depth) this.depth = record.demand.wave;
    this.cover(record.queuedAt, record.endedAt);
    const { recorder, trace, hear, account } = this.ears;
    recorder?.observe(record, step);
    trace?.observe(record, step);
    hear?.(record, account);
  }

  /** The trace that the operation's calls belong to; one of its own where somebody looks and none came with it. */
  traceparentOf(incoming: string | null | undefined): string | null {
    const { trace, recorder } = this.ears;
    this.traceparent = trace?.traceparent ?? incoming ?? (recorder ? newTraceparent() : null);
    return this.traceparent;
  }

  /** What was seen of the calls, or null where nobody looks. `loads` is how many keys resolvers asked for. */
  waterfall(loads: number, endedAt: number = performance.now()): Waterfall | null {
    const traceId = (this.traceparent ?? '').slice(3, 35);
    return this.ears.recorder?.finish({ traceId, loads, endedAt }) ?? null;
  }

  /** For how many milliseconds at least one call was under way. */
  get busyMs(): number {
    return this.spans.reduce((sum, { startedAt, endedAt }) => sum + endedAt - startedAt, 0);
  }

  /** Calls are told in the order of their ends, so only the last spans can meet a new one. */
  private cover(from: number, endedAt: number): void {
    let startedAt = from;
    for (let last = this.spans.at(-1); last && last.endedAt >= startedAt; last = this.spans.at(-1)) {
      startedAt = Math.min(startedAt, last.startedAt);
      this.spans.pop();
    }
    this.spans.push({ startedAt, endedAt });
  }
}

/** The header `server-timing` of an answer: the whole, what REST calls took of it, and how many they were. */
export function toServerTiming(totalMs: number, { busyMs, calls, depth }: Observation): string {
  const own = Math.max(0, totalMs - busyMs);
  return [
    `total;dur=${totalMs.toFixed(1)}`,
    `upstream;dur=${busyMs.toFixed(1)};desc="${calls} calls, depth ${depth}"`,
    `gateway;dur=${own.toFixed(1)}`,
  ].join(', ');
}
