import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { type ExecutionResult, execute, type GraphQLSchema } from 'graphql';
import type { Call, CallRecord, Viewer } from '../call.ts';
import { WeirError } from '../errors.ts';
import { RateLimited } from '../guard/rate-limit.ts';
import type { Drift } from '../http/decode.ts';
import type { Tracing } from '../tracing/tracing.ts';
import type { Recorder } from '../waterfall/recorder.ts';
import { type AdmissionOptions, createAdmission } from './admission.ts';
import { outcomeOf, toAnswer } from './answer.ts';
import { createBudget } from './budget.ts';
import { type ReportInternal, toClientError } from './client-errors.ts';
import { InvalidDocument } from './documents.ts';
import { explainRunnable } from './explain.ts';
import { type HearAll, Observation, toServerTiming } from './observation.ts';
import type { Admitted, Answer, Incoming, OperationReport } from './operation.ts';
import { orLate } from './or-late.ts';
import { listenToReads, type Reads } from './reads.ts';
import { createTellRefusals, type Refused, type RefusedBy } from './refusals.ts';
import type { Runnable } from './runnable.ts';
import { settleErrors } from './settle-errors.ts';
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
  admit(incoming: Incoming): Promise<Admitted>;
  /** Runs an admitted operation; resolves with its answer, whatever happens. */
  execute(admitted: Admitted): Promise<Answer>;
  /** Runs an admitted operation whose answer comes in parts: see `comesInParts`. */
  readonly stream: Streaming;
  /** `admit` and `execute`, with refusals as an answer without data. */
  run(incoming: Incoming): Promise<Answer>;
  /** The answer that tells a client why there is none. */
  refusal(error: unknown, by: RefusedBy): Answer;
}

/** How long after its deadline an operation may still gather what its aborted calls left, in milliseconds. */
const GRACE_MS = 15;
/** Within this time calls that nobody waits for any more are cut and have told so, in milliseconds. */
const CUT_MS = 12;

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

  /** Runs it; rejects where there is no answer to tell. */
  const answerTo = async (
    { incoming, prepared, viewer, budgetMs, charge }: Admitted,
    seen: Observation,
    reads: Reads | null,
  ): Promise<Answer> => {
    const { recorder, trace, account } = seen.ears;
    const budget = createBudget(budgetMs, incoming.signal);
    const call: Call = {
      requestId: incoming.requestId,
      signal: budget.signal,
      deadlineAt: budget.deadlineAt,
      viewer,
      onBehalfOf: null,
      traceparent: seen.traceparentOf(incoming.traceparent),
      ...(trace === null ? {} : { traceparentFor: trace.forAttempt }),
      observe: (record: CallRecord) => {
        charge.observe(record);
        seen.observe(record, context.step());
      },
      onRead: reads?.hear,
      demand: null,
      account,
    };
    const { variables } = incoming.params;
    const runnable = prepared.runnableFor(variables);
    const context = engine.open(call, runnable, variables);
    try {
      const result = await orLate(run(schema, runnable, context.value, variables), budgetMs + GRACE_MS);
      const endedAt = performance.now();
      const loads = context.loads();
      if (recorder && context.busy()) {
        // Begun ahead, and not needed in the end: whoever looks at the waterfall is to see these calls too.
        budget.end();
        await pause(CUT_MS);
      }
      const waterfall = seen.waterfall(loads, endedAt);
      const explain =
        incoming.wantsExplanation && mayTrace(viewer) ? explainRunnable(runnable, variables) : undefined;
      const extensions = {
        ...(waterfall === null ? {} : { waterfall }),
        ...(explain === undefined ? {} : { explain }),
      };
      return toAnswer(result, toErrors(incoming, runnable), extensions);
    } finally {
      context.finish();
      budget.end();
    }
  };

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

  const execute = async (admitted: Admitted): Promise<Answer> => {
    const { incoming, prepared, viewer } = admitted;
    const { requestId, receivedAt } = incoming;
    const by = { requestId, viewer, operation: prepared.name };
    const seen = observe(admitted);
    const { account } = seen.ears;
    const reads = listenToReads(admitted);
    const answer = await answerTo(admitted, seen, reads).then(
      (answered) => {
        tellRefusals(answered, by);
        return answered;
      },
      (error: unknown) => refusal(error, by),
    );
    admitted.charge.settle();
    const kept = reads?.freshnessOf(answer);
    if (kept) incoming.onKept?.(kept);
    const endedAt = performance.now();
    const durationMs = endedAt - receivedAt;
    if (mayTrace(viewer)) incoming.onTimed?.(toServerTiming(durationMs, seen));
    const facts = {
      ...account,
      requestId,
      kind: prepared.operation.operation,
      hash: prepared.hash,
      outcome: outcomeOf(answer),
    };
    seen.ears.trace?.end({ ...facts, startedAt: receivedAt, endedAt });
    const { calls, depth } = seen;
    report({
      ...facts,
      viewer: viewer?.id ?? null,
      client: incoming.clientName ?? null,
      durationMs,
      calls,
      depth,
    });
    return answer;
  };

  return {
    admit,
    execute,
    refusal,
    stream: createStreaming({ schema, engine, refusal, tellRefusals, observe, report, toErrors }),
    async run(incoming) {
      let admitted: Admitted;
      try {
        admitted = await admit(incoming);
        if (admitted.prepared.operation.operation === 'subscription') {
          admitted.charge.settle();
          throw oneAnswerOnly();
        }
      } catch (error) {
        const { requestId, params } = incoming;
        const answer = refusal(error, { requestId, operation: params.operationName });
        report({
          requestId: incoming.requestId,
          operation: incoming.params.operationName,
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
      }
      return execute(admitted);
    },
  };
}

const oneAnswerOnly = (): WeirError =>
  new WeirError('BAD_USER_INPUT', 'A subscription has more than one answer.', {
    hint: 'Ask with `accept: text/event-stream`, or by graphql-ws.',
  });

/** Runs the compiled operation where there is one, graphql-js where there is none; both tell the same errors. */
async function run(
  schema: GraphQLSchema,
  { compiled, document, operation }: Runnable,
  contextValue: unknown,
  variableValues: Readonly<Record<string, unknown>>,
): Promise<ExecutionResult> {
  const result = await (compiled
    ? compiled.query(undefined, contextValue, variableValues)
    : execute({ schema, document, contextValue, variableValues, operationName: operation.name?.value }));
  const { data, errors } = result;
  if (!errors || errors.length < 2) return result;
  return { ...result, errors: settleErrors(schema, operation, data, errors) };
}
