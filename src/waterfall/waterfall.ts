import type { AnswerSource } from '../call.ts';

/** `extensions.waterfall`: the REST calls behind one answer. Times are in milliseconds since the operation began. */
export interface Waterfall {
  readonly version: 1;
  /** W3C trace id, the same that backends were sent. */
  readonly traceId: string;
  readonly totalMs: number;
  /** The part of `totalMs` in which no call was under way: the gateway's own. */
  readonly overheadMs: number;
  /** The longest chain of calls that waited for one another. */
  readonly depth: number;
  /** What the same data costs who makes plain REST calls one after the other, one call an object: a model. */
  readonly serialMs: number;
  /** How long the calls took that the answer had to wait for, one after the other. */
  readonly criticalPathMs: number;
  readonly saved: Saved;
  /** In the order in which they were asked for. */
  readonly calls: readonly WaterfallCall[];
  /** Whether there were more calls, or more paths of a call, than are told. */
  readonly truncated: boolean;
}

/** Calls that did not have to be made. */
export interface Saved {
  /** Because one call served several keys. */
  readonly batched: number;
  /** Because another field, or another operation, had already asked for the same. */
  readonly deduplicated: number;
  /** Because a cache knew the answer. */
  readonly cached: number;
}

export interface WaterfallCall {
  readonly id: string;
  readonly backend: string;
  readonly method: string;
  readonly route: string;
  readonly status: number | null;
  readonly wave: number;
  readonly startMs: number;
  readonly durationMs: number;
  /** How long it waited for a free slot, for its first byte, and for the rest. They make up `durationMs`. */
  readonly queueMs: number;
  readonly waitMs: number;
  readonly downloadMs: number;
  readonly bytes: number;
  readonly source: AnswerSource;
  readonly batchSize: number;
  readonly keys: readonly string[];
  readonly attempt: number;
  /** Response paths that asked for it, without list indices. */
  readonly paths: readonly string[];
  /** An error code of the catalogue, or null. */
  readonly error: string | null;
  /** Whether it is on the critical path. */
  readonly critical: boolean;
}
