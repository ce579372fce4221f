import { randomUUID } from 'node:crypto';
import type { GraphQLSchema } from 'graphql';
import type { Viewer } from '../call.ts';
import { WeirError } from '../errors.ts';
import { RateLimited } from '../guard/rate-limit.ts';
import type { Drift } from '../http/decode.ts';
import type { Tracing } from '../tracing/tracing.ts';
import type { Recorder } from '../waterfall/recorder.ts';
import { type AdmissionOptions, createAdmission } from './admission.ts';
import { outcomeOf } from './answer.ts';
import { type ReportInternal, toClientError } from './client-errors.ts';
import { InvalidDocument } from './documents.ts';
import { type HearAll, Observation, toServerTiming } from './observation.ts';
import type { Admitted, Answer, Incoming, OperationReport } from './operation.ts';
import { listenToReads, type Reads } from './reads.ts';
import { createTellRefusals, type Refused, type RefusedBy } from './refusals.ts';
import { createRun } from './run-operation.ts';
import { createStreaming, type Streaming } from './streaming.ts';
import { createToErrors } from './to-errors.ts';

export interface PipelineOptions extends AdmissionOptions {
  readonly schema: GraphQLSchema;
  /** Makes what hears the calls of one operation whose waterfall was asked for. */
  readonly recorderFrom: (receivedAt: number) => Recorder;
  /** Where traces are sent; null where they are not. */
  readonly tracing: Tracing | null;
  /** Hears of every call of every operation. */
  readonly hear: HearAll | null;
  readonly report: (report: OperationReport) => void;
  readonly reportInternal: ReportInternal;
  /** Hears of whatever is not done because of a rule. */
  readonly refused: (refused: Refused) => void;
  /** Hears of an answer that was not checked, and turned out to hold what the schema does not allow. */
  readonly reportDrift: (drift: Drift) => void;
}

export interface Pipeline {
  /** Every check before execution, in the documented order. Throws what the client is to be told. */
  admit(incoming: Incoming): Admitted | Promise<Admitted>;
  /** Runs an admitted operation: its answer, whatever happens. Never throws, and never rejects. */
  execute(admitted: Admitted): Answer | Promise<Answer>;
  /** Runs an admitted operation whose answer comes in parts: see `comesInParts`. */
  readonly stream: Streaming;
  /** `admit` and `execute`, with refusals as an answer without data. */
  run(incoming: Incoming): Answer | Promise<Answer>;
  /** The answer that tells a client why there is none. */
  refusal(error: unknown, by: RefusedBy): Answer;
}

/** A request id for a request that brought none. */
export function newRequestId(): string {
  return randomUUID();
}

/** The one ordered way of every operation, whatever it came by. */
export function createPipeline(options: PipelineOptions): Pipeline {
  const { schema, engine, production, report, reportInternal } = options;
  const { recorderFrom, tracing, hear } = options;

  const admit = createAdmission(options);
  const tellRefusals = createTellRefusals(options.refused);
  const toErrors = createToErrors(options);

  const mayTrace = (viewer: Viewer | null): boolean =>
    !production || (viewer?.scopes.has('explore') ?? false);

  const answerTo = createRun({ schema, engine, mayTrace, toErrors });

  const refusal = (error: unknown, by: RefusedBy): Answer => {
    const errors = error instanceof InvalidDocument ? error.errors : [error];
    const answer = { errors: errors.map((one) => toClientError(one, by.requestId, reportInternal)) };
    tellRefusals(answer, error instanceof RateLimited ? { ...by, viewer: error.viewer } : by);
    return answer;
  };

  const observe = ({ incoming, prepared, viewer }: Admitted): Observation => {
    // A subscription may last for hours: what it reads is told by the figures alone.
    const ends = prepared.operation.operation !== 'subscription';
    const looks = ends && incoming.wantsTrace && mayTrace(viewer);
    return new Observation({
      recorder: looks ? recorderFrom(incoming.receivedAt) : null,
      trace: ends ? (tracing?.begin(incoming.traceparent) ?? null) : null,
      hear,
      account: { clientId: viewer?.clientId ?? null, operation: prepared.name },
    });
  };

  /** What remains to be done once there is an answer. */
  const close = (admitted: Admitted, seen: Observation, reads: Reads | null, answer: Answer): Answer => {
    const { incoming, prepared, viewer, charge } = admitted;
    const { requestId, receivedAt } = incoming;
    charge.settle();
    const kept = reads?.freshnessOf(answer);
    if (kept) incoming.onKept?.(kept);
    const endedAt = performance.now();
    const durationMs = endedAt - receivedAt;
    if (incoming.onTimed && mayTrace(viewer)) incoming.onTimed(toServerTiming(durationMs, seen));
    const facts: OperationReport = {
      requestId,
      operation: prepared.name,
      kind: prepared.operation.operation,
      hash: prepared.hash,
      viewer: viewer?.id ?? null,
      clientId: viewer?.clientId ?? null,
      client: incoming.clientName ?? null,
      durationMs,
      calls: seen.calls,
      depth: seen.depth,
      outcome: outcomeOf(answer),
    };
    seen.ears.trace?.end({ ...facts, startedAt: receivedAt, endedAt });
    report(facts);
    return answer;
  };

  const execute = (admitted: Admitted): Answer | Promise<Answer> => {
    const { incoming, prepared, viewer } = admitted;
    const by = { requestId: incoming.requestId, viewer, operation: prepared.name };
    const seen = observe(admitted);
    const reads = listenToReads(admitted);
    const told = (answer: Answer): Answer => {
      tellRefusals(answer, by);
      return close(admitted, seen, reads, answer);
    };
    const failed = (error: unknown): Answer => close(admitted, seen, reads, refusal(error, by));
    let answer: Answer | Promise<Answer>;
    try {
      answer = answerTo(admitted, seen, reads);
    } catch (error) {
      return failed(error);
    }
    return answer instanceof Promise ? answer.then(told, failed) : told(answer);
  };

  /** An operation that was refused before it ran. */
  const refuse = (incoming: Incoming, error: unknown): Answer => {
    const { requestId, params } = incoming;
    const answer = refusal(error, { requestId, operation: params.operationName });
    report({
      requestId,
      operation: params.operationName,
      kind: null,
      hash: null,
      viewer: null,
      clientId: null,
      client: incoming.clientName ?? null,
      durationMs: performance.now() - incoming.receivedAt,
      calls: 0,
      depth: 0,
      outcome: outcomeOf(answer),
    });
    return answer;
  };

  const executeOne = (admitted: Admitted): Answer | Promise<Answer> => {
    if (admitted.prepared.operation.operation !== 'subscription') return execute(admitted);
    admitted.charge.settle();
    return refuse(admitted.incoming, oneAnswerOnly());
  };

  return {
    admit,
    execute,
    refusal,
    stream: createStreaming({ schema, engine, refusal, tellRefusals, observe, report, toErrors }),
    run(incoming) {
      let admitted: Admitted | Promise<Admitted>;
      try {
        admitted = admit(incoming);
      } catch (error) {
        return refuse(incoming, error);
      }
      return admitted instanceof Promise
        ? admitted.then(executeOne, (error: unknown) => refuse(incoming, error))
        : executeOne(admitted);
    },
  };
}

const oneAnswerOnly = (): WeirError =>
  new WeirError('BAD_USER_INPUT', 'A subscription has more than one answer.', {
    hint: 'Ask with `accept: text/event-stream`, or by graphql-ws.',
  });
