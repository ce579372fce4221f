import {
  type Attributes,
  type Context,
  type Link,
  ROOT_CONTEXT,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  trace,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources';
import { AlwaysOnSampler, BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import type { CallRecord } from '../call.ts';
import { newSpanId, newTraceId, readTraceparent, type TraceContext } from './trace-context.ts';
import type { Traced, TracedCall, TracedFacts, TracedStep, TracingOptions } from './tracing.ts';

export interface SpanExport {
  send(traced: Traced): void;
  close(): Promise<void>;
}

/** More paths of one call than these are counted, but have no link. */
const MAX_LINKS = 50;
const EXPORT_EVERY_MS = 1_000;

/** Makes spans of operations that are over, and sends them by OTLP over HTTP in batches. */
export function createSpanExport({ endpoint, serviceName }: TracingOptions): SpanExport {
  // Ids were drawn while the operation ran, since backends were sent them: the SDK is handed the same.
  let drawn: { readonly traceId: string; readonly spanId: string } | null = null;
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/+$/, '')}/v1/traces` });
  const provider = new TracerProvider({
    resource: defaultResource().merge(resourceFromAttributes({ 'service.name': serviceName })),
    // Whether to record was decided when the operation began.
    sampler: new AlwaysOnSampler(),
    idGenerator: {
      generateTraceId: () => drawn?.traceId ?? newTraceId(),
      generateSpanId: () => drawn?.spanId ?? newSpanId(),
    },
    spanProcessors: [new BatchSpanProcessor({ exporter, scheduledDelayMillis: EXPORT_EVERY_MS })],
  });
  const tracer = provider.getTracer('weir');

  interface SpanFacts {
    readonly name: string;
    readonly kind: SpanKind;
    readonly parent: Context;
    readonly id: { readonly traceId: string; readonly spanId: string };
    readonly startedAt: number;
    readonly endedAt: number;
    readonly attributes: Attributes;
    readonly links?: Link[];
    /** What went wrong, or null. */
    readonly error: string | null;
  }

  const tell = ({ name, kind, parent, id, startedAt, endedAt, attributes, links = [], error }: SpanFacts) => {
    drawn = id;
    const span = tracer.startSpan(name, { kind, startTime: toEpoch(startedAt), attributes, links }, parent);
    drawn = null;
    if (error !== null) span.setStatus({ code: SpanStatusCode.ERROR, message: error });
    span.end(toEpoch(endedAt));
    return span.spanContext();
  };

  /** A span a field path that asked for something: what the spans of calls are linked to. */
  const tellPaths = (calls: readonly TracedCall[], parent: Context, traceId: string) => {
    const times = new Map<string, { startedAt: number; endedAt: number }>();
    for (const call of calls) {
      const { queuedAt, endedAt } = call.record;
      for (const path of pathsOf(call)) {
        const known = times.get(path);
        times.set(path, {
          startedAt: Math.min(queuedAt, known?.startedAt ?? queuedAt),
          endedAt: Math.max(endedAt, known?.endedAt ?? endedAt),
        });
      }
    }
    return new Map(
      [...times].map(([path, time]): [string, SpanContext] => [
        path,
        tell({
          name: path,
          kind: SpanKind.INTERNAL,
          parent,
          id: { traceId, spanId: newSpanId() },
          ...time,
          attributes: { 'graphql.field.path': path },
          error: null,
        }),
      ]),
    );
  };

  return {
    send({ facts, own, caller, calls }) {
      tell({
        ...('workflowId' in facts ? toStepSpan(facts) : toOperationSpan(facts)),
        parent: caller === null ? ROOT_CONTEXT : contextOf(caller, true),
        id: own,
        attributes: {
          ...('workflowId' in facts ? stepAttributes(facts) : operationAttributes(facts)),
          'weir.calls': calls.filter(({ record }) => record.source === 'network').length,
        },
      });
      const within = contextOf(own, false);
      const paths = tellPaths(calls, within, own.traceId);
      for (const call of calls) {
        const { record } = call;
        const sent = readTraceparent(record.traceparent);
        const isOwn = sent !== null && sent.traceId === own.traceId && record.source === 'network';
        const asked = pathsOf(call).flatMap((path) => paths.get(path) ?? []);
        const links: Link[] = asked.slice(0, MAX_LINKS).map((context) => ({ context }));
        // The call was another operation's, which this one joined.
        if (sent !== null && !isOwn) links.push({ context: toSpanContext(sent, true) });
        tell({
          name: record.route,
          kind: SpanKind.CLIENT,
          parent: within,
          id: { traceId: own.traceId, spanId: isOwn ? sent.spanId : newSpanId() },
          startedAt: record.queuedAt,
          endedAt: record.endedAt,
          attributes: attributesOf(record, pathsOf(call)),
          links,
          error: record.error,
        });
      }
    },
    close: () => provider.shutdown(),
  };
}

const toOperationSpan = ({ kind, operation, outcome, startedAt, endedAt }: TracedFacts) => ({
  name: [kind, operation].filter((part) => part !== null).join(' ') || 'graphql',
  kind: SpanKind.SERVER,
  startedAt,
  endedAt,
  error: outcome === 'ok' || outcome === 'partial' ? null : outcome,
});

const toStepSpan = ({ workflow, step, startedAt, endedAt, error }: TracedStep) => ({
  name: `${workflow} ${step}`,
  kind: SpanKind.INTERNAL,
  startedAt,
  endedAt,
  error,
});

const operationAttributes = (facts: TracedFacts): Attributes => ({
  ...(facts.kind === null ? {} : { 'graphql.operation.type': facts.kind }),
  ...(facts.operation === null ? {} : { 'graphql.operation.name': facts.operation }),
  ...(facts.hash === null ? {} : { 'weir.document.hash': facts.hash }),
  ...(facts.clientId === null ? {} : { 'weir.client_id': facts.clientId }),
  'weir.request_id': facts.requestId,
  'weir.outcome': facts.outcome,
});

const stepAttributes = ({ workflowId, workflow, step, error }: TracedStep): Attributes => ({
  'weir.workflow.id': workflowId,
  'weir.workflow.name': workflow,
  'weir.workflow.step': step,
  ...(error === null ? {} : { 'error.type': error }),
});

const pathsOf = ({ record, step }: TracedCall): readonly string[] =>
  record.demand?.paths() ?? (step === null ? [] : [step]);

function attributesOf(record: CallRecord, paths: readonly string[]): Attributes {
  const [, template = record.route] = record.route.split(' ');
  return {
    'peer.service': record.backend,
    'http.request.method': record.method,
    'url.template': template,
    ...(record.status === null ? {} : { 'http.response.status_code': record.status }),
    'http.response.body.size': record.bytes,
    ...(record.attempt > 1 ? { 'http.request.resend_count': record.attempt - 1 } : {}),
    ...(record.error === null ? {} : { 'error.type': record.error }),
    'weir.source': record.source,
    'weir.wave': record.demand?.wave ?? 1,
    'weir.batch.size': record.demand?.batchSize ?? 1,
    'weir.queue_ms': Math.round(record.startedAt - record.queuedAt),
    'weir.field.paths': paths.slice(0, MAX_LINKS),
    'weir.field.count': paths.length,
  };
}

const toEpoch = (at: number): number => performance.timeOrigin + at;

const toSpanContext = ({ traceId, spanId, sampled }: TraceContext, isRemote: boolean): SpanContext => ({
  traceId,
  spanId,
  isRemote,
  traceFlags: sampled ? TraceFlags.SAMPLED : TraceFlags.NONE,
});

const contextOf = (of: TraceContext, isRemote: boolean): Context =>
  trace.setSpanContext(ROOT_CONTEXT, toSpanContext(of, isRemote));
