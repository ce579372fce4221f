import { createSourceEventStream, execute, type GraphQLSchema, Kind, visit } from 'graphql';
import type { Call } from '../call.ts';
import { WeirError } from '../errors.ts';
import { Budget } from './budget.ts';
import type { PreparedOperation } from './documents.ts';
import type { Engine, OperationContext } from './engine.ts';
import { isInParts, type PartialAnswer, runInParts, toPartialAnswer } from './incremental.ts';
import type { Observation } from './observation.ts';
import type { Admitted, Answer, OperationReport } from './operation.ts';
import type { RefusedBy, TellRefusals } from './refusals.ts';
import type { ToErrors } from './to-errors.ts';

export interface StreamingOptions {
  readonly schema: GraphQLSchema;
  readonly engine: Engine;
  readonly refusal: (error: unknown, by: RefusedBy) => Answer;
  /** What is seen of an operation's calls. */
  readonly observe: (admitted: Admitted) => Observation;
  readonly tellRefusals: TellRefusals;
  readonly report: (report: OperationReport) => void;
  readonly toErrors: ToErrors;
}

/** Answers one after the other; whoever stops reading ends what makes them. */
export type Answers = AsyncGenerator<PartialAnswer, void>;

/** Runs an operation whose answer does not come at once: a subscription, or one with `@defer` or `@stream`. */
export type Streaming = (admitted: Admitted) => Answers;

/** The longest that a timer of Node can wait, in milliseconds. */
const LONGEST_MS = 2 ** 31 - 1;

/** Whether the answer of an operation comes in several parts, where the client takes such. */
export function comesInParts({ document, operation }: PreparedOperation): boolean {
  if (operation.operation === 'subscription') return true;
  let found = false;
  visit(document, {
    [Kind.DIRECTIVE]: ({ name }: { readonly name: { readonly value: string } }) => {
      if (name.value === 'defer' || name.value === 'stream') found = true;
    },
  });
  return found;
}

/** Makes what runs such operations: the checks are behind them, the same deadline and the same errors before them. */
export function createStreaming(options: StreamingOptions): Streaming {
  const { schema, engine, refusal, tellRefusals, observe, report, toErrors } = options;

  const open = (admitted: Admitted, budget: Budget, seen: Observation): OperationContext => {
    const { incoming, prepared, viewer } = admitted;
    const { trace, account } = seen.ears;
    const call: Call = {
      requestId: incoming.requestId,
      signal: budget.signal,
      deadlineAt: budget.deadlineAt,
      viewer,
      onBehalfOf: null,
      traceparent: seen.traceparentOf(incoming.traceparent),
      ...(trace === null ? {} : { traceparentFor: trace.forAttempt }),
      observe: (record) => {
        admitted.charge.observe(record);
        seen.observe(record, context.step());
      },
      demand: null,
      account,
    };
    const { variables } = incoming.params;
    const context = engine.open(call, prepared.runnableFor(variables), variables);
    context.start();
    return context;
  };

  /** Hands on what `run` yields, and tells the log when it has ended, however it did. */
  async function* reported(admitted: Admitted, seen: Observation, run: Answers): Answers {
    const { incoming, prepared, viewer } = admitted;
    const { receivedAt: startedAt } = incoming;
    const by = { requestId: incoming.requestId, viewer, operation: prepared.name };
    let outcome = 'ok';
    try {
      for await (const answer of run) {
        const code = answer.errors?.[0]?.extensions?.code;
        if (code !== undefined) outcome = answer.data ? 'partial' : String(code);
        tellRefusals(answer, by);
        yield answer;
      }
    } catch (error) {
      const answer = refusal(error, by);
      outcome = String(answer.errors?.[0]?.extensions?.code);
      yield answer;
    } finally {
      admitted.charge.settle();
      const endedAt = performance.now();
      const facts = {
        ...seen.ears.account,
        requestId: incoming.requestId,
        kind: prepared.operation.operation,
        hash: prepared.hash,
        outcome,
      };
      seen.ears.trace?.end({ ...facts, startedAt, endedAt });
      const { calls, depth } = seen;
      report({ ...facts, viewer: viewer?.id ?? null, durationMs: endedAt - startedAt, calls, depth });
    }
  }

  async function* parts(admitted: Admitted, seen: Observation): Answers {
    const { incoming, prepared, budgetMs } = admitted;
    const budget = new Budget(budgetMs, incoming.client);
    budget.start();
    const context = open(admitted, budget, seen);
    /** The whole operation's calls, beside its last part. */
    const told = () => {
      const waterfall = seen.waterfall(context.loads());
      return waterfall === null ? {} : { extensions: { waterfall } };
    };
    try {
      const { variables } = incoming.params;
      const runnable = prepared.runnableFor(variables);
      const toError = toErrors(incoming, runnable);
      const result = await runInParts(schema, runnable, context.value, variables);
      if (isInParts(result)) {
        for await (const part of result) {
          const answer = toPartialAnswer(part, toError);
          yield part.hasNext === false ? { ...answer, ...told() } : answer;
        }
      } else yield { ...toPartialAnswer(result, toError), ...told() };
    } finally {
      context.finish();
      budget.end();
    }
  }

  /** One event's answer, with a budget and with loaders of its own: what was read for the last one may be old. */
  async function answerTo(event: unknown, admitted: Admitted, seen: Observation): Promise<Answer> {
    const { incoming, prepared, budgetMs } = admitted;
    const budget = new Budget(budgetMs, incoming.client);
    budget.start();
    const context = open(admitted, budget, seen);
    try {
      const { variables } = incoming.params;
      const runnable = prepared.runnableFor(variables);
      const { document, operation } = runnable;
      const result = await execute({
        schema,
        document,
        rootValue: event,
        contextValue: context.value,
        variableValues: variables,
        operationName: operation.name?.value,
      });
      return toPartialAnswer(result, toErrors(incoming, runnable));
    } finally {
      context.finish();
      budget.end();
    }
  }

  async function* events(admitted: Admitted, seen: Observation): Answers {
    const { incoming, prepared, viewer } = admitted;
    const lifeMs = viewer === null ? LONGEST_MS : viewer.expiresAt - Date.now();
    const life = new Budget(Math.min(Math.max(lifeMs, 0), LONGEST_MS), incoming.client);
    life.start();
    const context = open(admitted, life, seen);
    try {
      const source = await createSourceEventStream({
        schema,
        document: prepared.document,
        contextValue: context.value,
        variableValues: incoming.params.variables,
        operationName: prepared.name,
      });
      if (!(Symbol.asyncIterator in source)) {
        yield toPartialAnswer(source, toErrors(incoming, prepared));
        return;
      }
      for await (const event of until(life.signal, source)) yield await answerTo(event, admitted, seen);
      if (life.expired) {
        throw new WeirError('UNAUTHENTICATED', 'The access token has ended, and the stream with it.', {
          hint: 'Sign in again, and subscribe with the new token.',
        });
      }
    } finally {
      context.finish();
      life.end();
    }
  }

  return (admitted) => {
    const seen = observe(admitted);
    const isSubscription = admitted.prepared.operation.operation === 'subscription';
    return reported(admitted, seen, isSubscription ? events(admitted, seen) : parts(admitted, seen));
  };
}

/** What a source yields until the signal ends. Does not wait for a source that is itself waiting. */
async function* until(signal: AbortSignal, source: AsyncIterable<unknown>): AsyncGenerator<unknown, void> {
  const iterator = source[Symbol.asyncIterator]();
  const ended = new Promise<null>((resolve) => {
    if (signal.aborted) resolve(null);
    else signal.addEventListener('abort', () => resolve(null), { once: true });
  });
  try {
    for (;;) {
      const next = await Promise.race([iterator.next(), ended]);
      if (next === null || next.done) return;
      yield next.value;
    }
  } finally {
    iterator.return?.(undefined).catch(() => {});
  }
}
