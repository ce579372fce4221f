import type { CallRecord } from '../call.ts';
import { newSpanId, newTraceId, readTraceparent, type TraceContext, toTraceparent } from './trace-context.ts';

/** What is told of an operation beside its calls. Times are of `performance.now()`. */
export interface TracedFacts {
  readonly requestId: string;
  /** Null where it has no name. */
  readonly operation: string | null;
  readonly kind: string | null;
  readonly hash: string | null;
  readonly clientId: string | null;
  readonly outcome: string;
  readonly startedAt: number;
  readonly endedAt: number;
}

/** What is told of one attempt at a step of a workflow beside its calls. Times are of `performance.now()`. */
export interface TracedStep {
  readonly workflowId: string;
  readonly workflow: string;
  /** What it does, such as `charge` or `undo-charge`. */
  readonly step: string;
  /** A code of the catalogue or of a problem; null where it did what it was to do. */
  readonly error: string | null;
  readonly startedAt: number;
  readonly endedAt: number;
}

/** One operation, or one step, with its calls, when it is over. */
export interface Traced {
  readonly facts: TracedFacts | TracedStep;
  readonly own: TraceContext;
  /** The caller's span, or null where the trace begins here. */
  readonly caller: TraceContext | null;
  readonly calls: readonly TracedCall[];
}

export interface TracedCall {
  readonly record: CallRecord;
  /** The root field below which it was made without a loader, or null. */
  readonly step: string | null;
}

/** One operation while it runs. */
export interface OperationTrace {
  /** The `traceparent` of the operation's own span. */
  readonly traceparent: string;
  /** The `traceparent` for one attempt at a REST call: each has a span of its own. */
  readonly forAttempt: () => string;
  observe(record: CallRecord, step: string | null): void;
  end(facts: TracedFacts): void;
  endStep(step: TracedStep): void;
}

export interface Tracing {
  /** Begins a trace, or continues the caller's; null where the caller does not want it recorded. */
  begin(caller: string | undefined): OperationTrace | null;
  /** Sends what was not sent yet. */
  close(): Promise<void>;
}

export interface TracingOptions {
  /** Base address of an OTLP/HTTP receiver, such as `http://127.0.0.1:4318`. */
  readonly endpoint: string;
  readonly serviceName: string;
}

/**
 * Sends a span an operation, one an attempt at a workflow's step and one an attempt at a REST call to an OpenTelemetry
 * receiver.
 *
 * While an operation runs only ids are drawn and records are kept; spans are made of them when it is over. The SDK
 * is loaded here and nowhere else: without a receiver it costs nothing.
 */
export function createTracing(options: TracingOptions): Tracing {
  const exporting = import('./span-export.ts').then(({ createSpanExport }) => createSpanExport(options));
  return {
    begin(header) {
      const caller = readTraceparent(header);
      if (caller !== null && !caller.sampled) return null;
      const traceId = caller?.traceId ?? newTraceId();
      const own: TraceContext = { traceId, spanId: newSpanId(), sampled: true };
      const calls: TracedCall[] = [];
      const send = (facts: Traced['facts']): void => {
        // A call that nobody waited for is cut just after the answer: it is to be in the trace as well.
        setTimeout(() => exporting.then((spans) => spans.send({ facts, own, caller, calls })), CUT_MS);
      };
      return {
        traceparent: toTraceparent(own),
        forAttempt: () => toTraceparent({ traceId, spanId: newSpanId(), sampled: true }),
        observe: (record, step) => {
          calls.push({ record, step });
        },
        end: send,
        endStep: send,
      };
    },
    close: async () => {
      await new Promise((resolve) => setTimeout(resolve, CUT_MS + 1));
      await (await exporting).close();
    },
  };
}

/** Within this time after its operation, a call that nobody waits for has been cut and has told so. */
const CUT_MS = 12;
