/**
 * What the gateway tells in `extensions.waterfall`, decoded once at the door of the explorer.
 */

/** Where an answer came from: a call, somebody else's call that was under way, the cache, or the cache past its date. */
export type AnswerSource = 'network' | 'shared' | 'cache' | 'stale';

/** One attempt at one REST call, or one answer that spared it. Times are milliseconds since the operation began. */
export interface WaterfallCall {
  readonly id: string;
  readonly backend: string;
  readonly method: string;
  /** The template, such as `GET /products?ids`. */
  readonly route: string;
  /** The HTTP status, or null where none came. */
  readonly status: number | null;
  /** 1 for a call that waited for no other, 2 for one that waited for a call of wave 1, and so on. */
  readonly wave: number;
  readonly startMs: number;
  readonly durationMs: number;
  readonly bytes: number;
  readonly source: AnswerSource;
  /** How many keys this one call served. */
  readonly batchSize: number;
  /** 1 for the first attempt. */
  readonly attempt: number;
  /** Response paths that asked, without list indices, such as `me.orders.nodes.items.product`. */
  readonly paths: readonly string[];
  /** An error code of the gateway, or null. */
  readonly error: string | null;
  /** How long it waited for a free slot, for the first byte, and for the rest; null where it was not told. */
  readonly queueMs: number | null;
  readonly waitMs: number | null;
  readonly downloadMs: number | null;
  /** The keys themselves, where they are told. */
  readonly keys: readonly string[];
  /** Whether the gateway says that the operation could not have ended sooner without it; null where it does not say. */
  readonly critical: boolean | null;
}

export interface Waterfall {
  readonly version: 1;
  readonly traceId: string | null;
  readonly totalMs: number;
  /** What the gateway itself took, calls left out. */
  readonly overheadMs: number;
  /** The longest chain of calls that waited for one another. */
  readonly depth: number;
  /** What a client needs that makes the plain REST calls one after the other. */
  readonly serialMs: number;
  readonly criticalPathMs: number;
  readonly saved: { readonly batched: number; readonly deduplicated: number; readonly cached: number };
  readonly calls: readonly WaterfallCall[];
  /** Whether calls were left out because there were too many. */
  readonly truncated: boolean;
}

/** A waterfall, nothing at all, or one that this explorer cannot read, with the reason in words. */
export type DecodedWaterfall =
  | { readonly kind: 'waterfall'; readonly waterfall: Waterfall }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unreadable'; readonly reason: string };

/** Decodes the `extensions.waterfall` of a response. Never throws: what it cannot read it says in words. */
export function decodeWaterfall(value: unknown): DecodedWaterfall {
  if (value === undefined || value === null) return { kind: 'absent' };
  try {
    const fields = record(value, 'waterfall');
    if (fields.version !== 1) {
      return {
        kind: 'unreadable',
        reason: `its version is ${JSON.stringify(fields.version)}, this explorer reads 1`,
      };
    }
    const saved = record(fields.saved, 'saved');
    const waterfall: Waterfall = {
      version: 1,
      traceId: nullable(text)(fields.traceId, 'traceId'),
      totalMs: amount(fields.totalMs, 'totalMs'),
      overheadMs: amount(fields.overheadMs, 'overheadMs'),
      depth: amount(fields.depth, 'depth'),
      serialMs: amount(fields.serialMs, 'serialMs'),
      criticalPathMs: amount(fields.criticalPathMs, 'criticalPathMs'),
      saved: {
        batched: amount(saved.batched, 'saved.batched'),
        deduplicated: amount(saved.deduplicated, 'saved.deduplicated'),
        cached: amount(saved.cached, 'saved.cached'),
      },
      calls: list(fields.calls, 'calls').map((call, index) => toCall(call, `calls[${index}]`)),
      truncated: fields.truncated === true,
    };
    return { kind: 'waterfall', waterfall };
  } catch (error) {
    if (error instanceof Unreadable) return { kind: 'unreadable', reason: error.message };
    throw error;
  }
}

/** Whether a call took an upstream request of its own: not spared by a cache or by another's call. */
export function isMade(call: WaterfallCall): boolean {
  return call.source === 'network';
}

export function endMs(call: WaterfallCall): number {
  return call.startMs + call.durationMs;
}

/** Whether a call gave no usable answer. */
export function isFailed(call: WaterfallCall): boolean {
  return call.error !== null || (call.status !== null && call.status >= 500);
}

function toCall(value: unknown, at: string): WaterfallCall {
  const fields = record(value, at);
  return {
    id: identifier(fields.id, `${at}.id`),
    backend: text(fields.backend, `${at}.backend`),
    method: text(fields.method, `${at}.method`),
    route: text(fields.route, `${at}.route`),
    status: nullable(amount)(fields.status, `${at}.status`),
    wave: amount(fields.wave, `${at}.wave`),
    startMs: amount(fields.startMs, `${at}.startMs`),
    durationMs: amount(fields.durationMs, `${at}.durationMs`),
    bytes: amount(fields.bytes, `${at}.bytes`),
    source: answerSource(fields.source, `${at}.source`),
    batchSize: amount(fields.batchSize, `${at}.batchSize`),
    attempt: amount(fields.attempt, `${at}.attempt`),
    paths: list(fields.paths, `${at}.paths`).map((path, index) => text(path, `${at}.paths[${index}]`)),
    error: nullable(text)(fields.error, `${at}.error`),
    queueMs: nullable(amount)(fields.queueMs, `${at}.queueMs`),
    waitMs: nullable(amount)(fields.waitMs, `${at}.waitMs`),
    downloadMs: nullable(amount)(fields.downloadMs, `${at}.downloadMs`),
    keys: list(fields.keys ?? [], `${at}.keys`).map((key) => String(key)),
    critical: typeof fields.critical === 'boolean' ? fields.critical : null,
  };
}

class Unreadable extends Error {}

function record(value: unknown, at: string): Readonly<Record<string, unknown>> {
  if (!isRecord(value)) throw new Unreadable(`${at} is not an object`);
  return value;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function list(value: unknown, at: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new Unreadable(`${at} is not a list`);
  return value;
}

function text(value: unknown, at: string): string {
  if (typeof value !== 'string') throw new Unreadable(`${at} is not a string`);
  return value;
}

/** A finite number from 0 up. */
function amount(value: unknown, at: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new Unreadable(`${at} is not a number`);
  return Math.max(0, value);
}

function identifier(value: unknown, at: string): string {
  if (typeof value !== 'string' && typeof value !== 'number') throw new Unreadable(`${at} is not an id`);
  return String(value);
}

function answerSource(value: unknown, at: string): AnswerSource {
  if (value === 'network' || value === 'shared' || value === 'cache' || value === 'stale') return value;
  throw new Unreadable(`${at} is ${JSON.stringify(value)}`);
}

function nullable<T>(decode: (value: unknown, at: string) => T): (value: unknown, at: string) => T | null {
  return (value, at) => (value === undefined || value === null ? null : decode(value, at));
}
