import { performance } from 'node:perf_hooks';
import type { CallRecord } from '../call.ts';
import type { ErrorCode } from '../errors.ts';
import type { Exchange } from './exchange.ts';

/** Hears of every attempt, whoever it was for. */
export type Observer = (record: CallRecord, ended: Ended) => void;

/** What is known of an attempt when it has ended. */
export interface Ended {
  readonly exchange: Exchange;
  readonly attempt: number;
  readonly status: number | null;
  readonly queuedAt: number;
  /** Whether it went over the wire: false where a gate refused it, or nobody listened at the other end. */
  readonly sent: boolean;
  /** Null where nothing was to be sent. */
  readonly startedAt: number | null;
  readonly firstByteAt: number | null;
  readonly bytes: number;
  readonly error: ErrorCode | null;
  readonly traceparent: string | undefined;
}

/** Tells the operation and the whole process of an attempt that ends now. */
export function observe(everybody: Observer | null, ended: Ended): void {
  const { call, endpoint } = ended.exchange;
  const endedAt = performance.now();
  const record: CallRecord = {
    backend: endpoint.backend,
    method: endpoint.method,
    route: endpoint.route,
    status: ended.status,
    source: 'network',
    attempt: ended.attempt,
    queuedAt: ended.queuedAt,
    startedAt: ended.startedAt ?? endedAt,
    firstByteAt: ended.firstByteAt,
    endedAt,
    bytes: ended.bytes,
    error: ended.error,
    demand: call.demand,
    traceparent: ended.traceparent,
  };
  everybody?.(record, ended);
  call.observe?.(record);
}
