import { randomBytes } from 'node:crypto';

/** A parsed W3C `traceparent`. */
export interface TraceContext {
  readonly traceId: string;
  readonly spanId: string;
  readonly sampled: boolean;
}

const SHAPE = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

/** Reads a `traceparent`; null for none and for what is none. */
export function readTraceparent(text: string | null | undefined): TraceContext | null {
  const [, traceId, spanId, flags = ''] = SHAPE.exec(text ?? '') ?? [];
  if (traceId === undefined || spanId === undefined || /^0+$/.test(traceId) || /^0+$/.test(spanId))
    return null;
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

/** Writes a `traceparent`. */
export function toTraceparent({ traceId, spanId, sampled }: TraceContext): string {
  return `00-${traceId}-${spanId}-${sampled ? '01' : '00'}`;
}

export function newTraceId(): string {
  return randomBytes(16).toString('hex');
}

export function newSpanId(): string {
  return randomBytes(8).toString('hex');
}

/** The `traceparent` of a trace that begins here; sampled, since somebody wants to see it. */
export function newTraceparent(): string {
  return toTraceparent({ traceId: newTraceId(), spanId: newSpanId(), sampled: true });
}
