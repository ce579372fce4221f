import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { type ExecutionResult, execute, type GraphQLSchema } from 'graphql';
import type { Call, CallRecord, Viewer } from '../call.ts';
import { WeirError } from '../errors.ts';
import type { Identity } from '../guard/identity.ts';
import type { StoredDocuments } from '../guard/stored-documents.ts';
import type { Recorder } from '../waterfall/recorder.ts';
import { checkBounds } from './bounds.ts';
import { createBudget } from './budget.ts';
import { type ReportInternal, toClientError } from './client-errors.ts';
import { InvalidDocument, MAX_ERRORS } from './documents.ts';
import type { Engine } from './engine.ts';
import { explainRunnable } from './explain.ts';
import type { Admitted, Answer, Incoming, OperationReport } from './operation.ts';
import { toBudgetMs } from './params.ts';
import type { Runnable } from './runnable.ts';
import { settleErrors } from './settle-errors.ts';

export interface PipelineOptions {
  readonly schema: GraphQLSchema;
  readonly engine: Engine;
  /** The documents that may be asked for by a hash. */
  readonly stored: StoredDocuments;
  /** Makes what hears the calls of one operation whose waterfall was asked for. */
  readonly recorderFrom: (receivedAt: number) => Recorder;
  readonly identity: Identity;
  readonly deadlineMs: number;
  readonly production: boolean;
  readonly report: (report: OperationReport) => void;
  readonly reportInternal: ReportInternal;
}

export interface Pipeline {
  /** Every check before execution, in the documented order. Throws what the client is to be told. */
  admit(incoming: Incoming): Promise<Admitted>;
  /** Runs an admitted operation; resolves with its answer, whatever happens. */
  execute(admitted: Admitted): Promise<Answer>;
  /** `admit` and `execute`, with refusals as an answer without data. */
  run(incoming: Incoming): Promise<Answer>;
  /** The answer that tells a client why there is none. */
  refusal(error: unknown, incoming: Pick<Incoming, 'requestId'>): Answer;
}

/** An operation's answer and what was seen of its calls. */
interface Done {
  readonly answer: Answer;
  readonly calls: number;
  readonly depth: number;
}

/** How long after its deadline an operation may still gather what its aborted calls left, in milliseconds. */
const GRACE_MS = 15;

/** Within this time calls that nobody waits for any more are cut and have told so, in milliseconds. */
const CUT_MS = 12;
/** A request id for a request that brought none. */
export function newRequestId(): string {
  return randomUUID();
}

/** W3C trace context for a request that brought none; sampled, since somebody wants to see it. */
function newTraceparent(): string {
  return `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-01`;
}

/** The one ordered way of every operation, whatever it came by. */
export function createPipeline(options: PipelineOptions): Pipeline {
  const { schema, engine, stored, recorderFrom, identity, deadlineMs, production, report, reportInternal } =
    options;

  const admit = async (incoming: Incoming): Promise<Admitted> => {
    const { params } = incoming;
    if (params.query !== null) engine.documents.checkSize(params.query, params.operationName);
    const { text, toKeep } = stored.find(params);
    const prepared = engine.documents.prepare(text, params.operationName);
    if (toKeep !== null) stored.keep(toKeep, text);
    if (incoming.readOnly && prepared.operation.operation !== 'query') {
      throw new WeirError('METHOD_NOT_ALLOWED', 'GET can only read.', { hint: 'Send mutations with POST.' });
    }
    checkBounds(prepared.bounds, params.variables);
    const budgetMs = toBudgetMs(incoming.timeoutMs, deadlineMs);
    const viewer = await identity.identify(incoming.authorization);
    if (prepared.introspects && production && !viewer?.scopes.has('explore')) {
      throw new WeirError('GRAPHQL_VALIDATION_FAILED', 'Introspection is not open to everybody here.', {
        hint: 'It takes a token with the scope "explore".',
      });
    }
    return { incoming, prepared, text, viewer, budgetMs };
  };

  const mayTrace = (viewer: Viewer | null): boolean =>
    !production || (viewer?.scopes.has('explore') ?? false);

  const executeWith = async ({ incoming, prepared, viewer, budgetMs }: Admitted): Promise<Done> => {
    const budget = createBudget(budgetMs, incoming.signal);
    const recorder = incoming.wantsTrace && mayTrace(viewer) ? recorderFrom(incoming.receivedAt) : null;
    const traceparent = incoming.traceparent ?? (recorder ? newTraceparent() : null);
    const seen = { calls: 0, depth: 0 };
    const call: Call = {
      requestId: incoming.requestId,
      signal: budget.signal,
      deadlineAt: budget.deadlineAt,
      viewer,
      onBehalfOf: null,
      traceparent,
      observe: (record: CallRecord) => {
        if (record.source === 'network') seen.calls += 1;
        if (record.demand !== null && record.demand.wave > seen.depth) seen.depth = record.demand.wave;
        recorder?.observe(record, context.step());
      },
      demand: null,
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
      const waterfall = recorder?.finish({ traceId: (traceparent ?? '').slice(3, 35), loads, endedAt });
      const explain =
        incoming.wantsExplanation && mayTrace(viewer) ? explainRunnable(runnable, variables) : undefined;
      const extensions = {
        ...(waterfall === undefined ? {} : { waterfall }),
        ...(explain === undefined ? {} : { explain }),
      };
      return { ...seen, answer: toAnswer(result, incoming.requestId, reportInternal, extensions) };
    } finally {
      context.finish();
      budget.end();
    }
  };

  const refusal = (error: unknown, { requestId }: Pick<Incoming, 'requestId'>): Answer => {
    const errors = error instanceof InvalidDocument ? error.errors : [error];
    return { errors: errors.map((one) => toClientError(one, requestId, reportInternal)) };
  };

  const execute = async (admitted: Admitted): Promise<Answer> => {
    const startedAt = performance.now();
    const { incoming, prepared, viewer } = admitted;
    const done = await executeWith(admitted).catch((error: unknown) => ({
      answer: refusal(error, incoming),
      calls: 0,
      depth: 0,
    }));
    report({
      requestId: incoming.requestId,
      operation: prepared.name,
      kind: prepared.operation.operation,
      hash: prepared.hash,
      viewer: viewer?.id ?? null,
      clientId: viewer?.clientId ?? null,
      durationMs: performance.now() - startedAt,
      calls: done.calls,
      depth: done.depth,
      outcome: outcomeOf(done.answer),
    });
    return done.answer;
  };

  return {
    admit,
    execute,
    refusal,
    async run(incoming) {
      let admitted: Admitted;
      try {
        admitted = await admit(incoming);
      } catch (error) {
        const answer = refusal(error, incoming);
        report({
          requestId: incoming.requestId,
          operation: incoming.params.operationName,
          kind: null,
          hash: null,
          viewer: null,
          clientId: null,
          durationMs: 0,
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

/**
 * The result, or `DEADLINE_EXCEEDED` where something waits on after its calls were aborted.
 *
 * Calls end with the budget's signal, so this is for code that does not listen to it.
 */
function orLate(running: Promise<ExecutionResult>, afterMs: number): Promise<ExecutionResult> {
  return new Promise((resolve, reject) => {
    const late = new WeirError('DEADLINE_EXCEEDED', 'The answer was not ready in time.');
    const timer = setTimeout(() => reject(late), afterMs);
    running.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

function toAnswer(
  { data, errors }: ExecutionResult,
  requestId: string,
  reportInternal: ReportInternal,
  extensions: Answer['extensions'] & object,
): Answer {
  // Without data nothing has run: these are faults of the variables, of which there can be one an entry of a list.
  const told = data === undefined ? errors?.slice(0, MAX_ERRORS) : errors;
  return {
    ...(told && told.length > 0
      ? { errors: told.map((error) => toClientError(error, requestId, reportInternal)) }
      : {}),
    ...(data === undefined ? {} : { data }),
    ...(Object.keys(extensions).length === 0 ? {} : { extensions }),
  };
}

function outcomeOf({ data, errors }: Answer): string {
  if (!errors || errors.length === 0) return 'ok';
  if (data) return 'partial';
  const code = errors[0]?.extensions?.code;
  return typeof code === 'string' ? code : 'INTERNAL';
}
