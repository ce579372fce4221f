import type { BackendTable } from '../backends.ts';
import type { CallRecord } from '../call.ts';
import { criticalPath } from './critical-path.ts';
import type { Waterfall, WaterfallCall } from './waterfall.ts';

/** More calls than these are counted but not told. */
const MAX_CALLS = 500;
const MAX_PATHS = 50;
const MAX_KEYS = 100;

/** Listens to one operation. */
export interface Recorder {
  /** `step` is the root field under which a call was made that no loader has made: a mutation's. */
  readonly observe: (record: CallRecord, step: string | null) => void;
  /** What was heard. `loads` is how many keys resolvers asked for, repeated ones too. */
  finish(end: { readonly traceId: string; readonly loads: number; readonly endedAt: number }): Waterfall;
}

/** Makes recorders for the backends of a table; one listens to one operation, from `startedAt` on. */
export function createRecorders(table: BackendTable): (startedAt: number) => Recorder {
  const usualMs = new Map<string, number>();
  for (const [backend, { endpoints }] of Object.entries(table)) {
    for (const { method, path, by, usualMs: ms } of Object.values(endpoints)) {
      usualMs.set(`${backend} ${method} ${path}${by ? `?${by.join('&')}` : ''}`, ms);
    }
  }
  return (startedAt) => {
    const records: CallRecord[] = [];
    const steps = new Map<CallRecord, string>();
    return {
      observe: (record, step) => {
        records.push(record);
        if (record.demand === null && step !== null) steps.set(record, step);
      },
      finish: ({ traceId, loads, endedAt }) =>
        toWaterfall({ records: cutAt(records, endedAt), steps, startedAt, endedAt, traceId, loads, usualMs }),
    };
  };
}

/** What the answer did not wait for ends with it, however long it took to be cut. Records that fit stay the same. */
function cutAt(records: readonly CallRecord[], at: number): readonly CallRecord[] {
  return records.map((record) =>
    record.endedAt <= at
      ? record
      : {
          ...record,
          queuedAt: Math.min(record.queuedAt, at),
          startedAt: Math.min(record.startedAt, at),
          firstByteAt: record.firstByteAt === null ? null : Math.min(record.firstByteAt, at),
          endedAt: at,
        },
  );
}

interface Heard {
  readonly records: readonly CallRecord[];
  readonly steps: ReadonlyMap<CallRecord, string>;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly traceId: string;
  readonly loads: number;
  readonly usualMs: ReadonlyMap<string, number>;
}

function toWaterfall(heard: Heard): Waterfall {
  const { records, steps, startedAt, endedAt, traceId, loads, usualMs } = heard;
  const inOrder = records.toSorted((a, b) => a.queuedAt - b.queuedAt);
  const waves = wavesOf(inOrder);
  const critical = criticalPath(inOrder, waves);
  const onPath = new Set(critical);
  const told = inOrder.slice(0, MAX_CALLS);
  const calls = told.map((record, index) =>
    toCall(record, {
      id: `c${index + 1}`,
      wave: waves.get(record) ?? 1,
      zero: startedAt,
      critical: onPath.has(record),
      step: steps.get(record) ?? null,
    }),
  );
  return {
    version: 1,
    traceId,
    totalMs: round(endedAt - startedAt),
    overheadMs: round(endedAt - startedAt - busyMs(inOrder)),
    depth: new Set(inOrder.filter(isCall).map((record) => waves.get(record))).size,
    serialMs: round(finalAttempts(inOrder).reduce((sum, record) => sum + serialCost(record, usualMs), 0)),
    criticalPathMs: round(critical.reduce((sum, record) => sum + record.endedAt - record.queuedAt, 0)),
    saved: savedBy(inOrder, loads),
    calls,
    truncated:
      told.length < inOrder.length || told.some(({ demand }) => (demand?.paths().length ?? 0) > MAX_PATHS),
  };
}

/** A call that some backend really answered: for us, or for another operation that we joined. */
const isCall = ({ source }: CallRecord): boolean => source === 'network' || source === 'shared';
const sizeOf = ({ demand }: CallRecord): number => demand?.batchSize ?? 1;

/** Loaders know their wave; a call made without one (a write) follows whatever had ended when it began. */
function wavesOf(records: readonly CallRecord[]): ReadonlyMap<CallRecord, number> {
  const waves = new Map<CallRecord, number>();
  for (const record of records) {
    let wave = record.demand?.wave ?? 0;
    if (record.demand === null) {
      for (const [other, before] of waves)
        if (other.endedAt <= record.queuedAt) wave = Math.max(wave, before);
      wave += 1;
    }
    waves.set(record, wave);
  }
  return waves;
}

/** Of several attempts at one call, the last. */
function finalAttempts(records: readonly CallRecord[]): readonly CallRecord[] {
  const last = new Map<unknown, CallRecord>();
  for (const record of records) {
    const call = record.demand ?? record;
    const known = last.get(call);
    if (!known || record.attempt >= known.attempt) last.set(call, record);
  }
  return [...last.values()];
}

function savedBy(records: readonly CallRecord[], loads: number): Waterfall['saved'] {
  const final = finalAttempts(records);
  const keys = final.reduce((sum, record) => sum + (record.demand === null ? 0 : sizeOf(record)), 0);
  const joined = final.filter(({ source }) => source === 'shared').length;
  const cached = final.filter(({ source }) => source === 'cache' || source === 'stale');
  return {
    batched: final.filter(isCall).reduce((sum, record) => sum + sizeOf(record) - 1, 0),
    deduplicated: Math.max(0, loads - keys) + joined,
    cached: cached.reduce((sum, record) => sum + sizeOf(record), 0),
  };
}

/** One call an object, each as long as ours took; what a cache answered, as long as its endpoint usually takes. */
function serialCost(record: CallRecord, usualMs: ReadonlyMap<string, number>): number {
  if (record.error !== null) return 0;
  const tookMs = isCall(record)
    ? record.endedAt - record.startedAt
    : (usualMs.get(`${record.backend} ${record.route}`) ?? record.endedAt - record.startedAt);
  return tookMs * sizeOf(record);
}

/** For how long at least one call was under way. */
function busyMs(records: readonly CallRecord[]): number {
  let busy = 0;
  let until = Number.NEGATIVE_INFINITY;
  for (const { queuedAt, endedAt } of records) {
    if (endedAt <= until) continue;
    busy += endedAt - Math.max(queuedAt, until);
    until = endedAt;
  }
  return busy;
}

/** What is known of a call beside its record. */
interface Beside {
  readonly id: string;
  readonly wave: number;
  /** When the operation began. */
  readonly zero: number;
  readonly critical: boolean;
  readonly step: string | null;
}

function toCall(record: CallRecord, { id, wave, zero, critical, step }: Beside): WaterfallCall {
  const { queuedAt, startedAt, endedAt, firstByteAt, demand } = record;
  return {
    id,
    backend: record.backend,
    method: record.method,
    route: record.route,
    status: record.status,
    wave,
    startMs: round(queuedAt - zero),
    durationMs: round(endedAt - queuedAt),
    queueMs: round(startedAt - queuedAt),
    waitMs: round((firstByteAt ?? endedAt) - startedAt),
    downloadMs: round(endedAt - (firstByteAt ?? endedAt)),
    bytes: record.bytes,
    source: record.source,
    batchSize: sizeOf(record),
    keys: demand?.keys.slice(0, MAX_KEYS) ?? [],
    attempt: record.attempt,
    paths: demand?.paths().slice(0, MAX_PATHS) ?? (step === null ? [] : [step]),
    error: record.error,
    critical,
  };
}

/** To the hundredth of a millisecond: finer is noise. */
const round = (ms: number): number => Math.max(0, Math.round(ms * 100) / 100);
