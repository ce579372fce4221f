import { setTimeout as pause } from 'node:timers/promises';
import { type ExecutionResult, execute, type GraphQLSchema } from 'graphql';
import type { Call, CallRecord, Viewer } from '../call.ts';
import { toAnswer } from './answer.ts';
import { Budget } from './budget.ts';
import type { Engine } from './engine.ts';
import { explainRunnable } from './explain.ts';
import type { Observation } from './observation.ts';
import type { Admitted, Answer } from './operation.ts';
import { orLate } from './or-late.ts';
import type { Reads } from './reads.ts';
import type { Runnable } from './runnable.ts';
import { settleErrors } from './settle-errors.ts';
import type { ToErrors } from './to-errors.ts';

export interface RunOptions {
  readonly schema: GraphQLSchema;
  readonly engine: Engine;
  /** Whether a viewer may look at what an operation costs. */
  readonly mayTrace: (viewer: Viewer | null) => boolean;
  readonly toErrors: ToErrors;
}

/** How long after its deadline an operation may still gather what its aborted calls left, in milliseconds. */
const GRACE_MS = 15;
/** Within this time calls that nobody waits for any more are cut and have told so, in milliseconds. */
const CUT_MS = 12;

/**
 * Makes what runs one admitted operation within its budget. Throws, or rejects, where there is no answer to tell.
 *
 * An operation that needs nobody else's answer has its own at once: then no timer is set for it and nothing waits.
 */
export function createRun(
  options: RunOptions,
): (admitted: Admitted, seen: Observation, reads: Reads | null) => Answer | Promise<Answer> {
  const { schema, engine, mayTrace, toErrors } = options;

  return ({ incoming, prepared, viewer, budgetMs, charge }, seen, reads) => {
    const { recorder, trace, account } = seen.ears;
    const { requestId, wantsExplanation } = incoming;
    const { variables } = incoming.params;
    const budget = new Budget(budgetMs, incoming.client);
    const call: Call = {
      requestId,
      signal: budget.signal,
      deadlineAt: budget.deadlineAt,
      viewer,
      onBehalfOf: null,
      traceparent: seen.traceparentOf(incoming.traceparent),
      traceparentFor: trace?.forAttempt,
      observe: (record: CallRecord) => {
        charge.observe(record);
        seen.observe(record, context.step());
      },
      onRead: reads?.hear,
      demand: null,
      account,
    };
    const runnable = prepared.runnableFor(variables);
    const context = engine.open(call, runnable, variables);
    const end = (): void => {
      context.finish();
      budget.end();
    };

    const extend = async (endedAt: number): Promise<Answer['extensions']> => {
      const loads = context.loads();
      if (recorder && context.busy()) {
        // Begun ahead, and not needed in the end: whoever looks at the waterfall is to see these calls too.
        budget.end();
        await pause(CUT_MS);
      }
      const waterfall = seen.waterfall(loads, endedAt);
      const explain = wantsExplanation && mayTrace(viewer) ? explainRunnable(runnable, variables) : undefined;
      if (waterfall === null && explain === undefined) return undefined;
      return { ...(waterfall && { waterfall }), ...(explain && { explain }) };
    };

    const finish = async (running: Promise<ExecutionResult>): Promise<Answer> => {
      try {
        budget.start();
        context.start();
        const result = await orLate(running, budgetMs + GRACE_MS);
        const extensions = recorder || wantsExplanation ? await extend(performance.now()) : undefined;
        return toAnswer(result, toErrors(incoming, runnable), extensions);
      } finally {
        end();
      }
    };

    let result: ExecutionResult | Promise<ExecutionResult>;
    try {
      result = start(schema, runnable, context.value, variables);
    } catch (error) {
      end();
      throw error;
    }
    // Loads that were begun ahead, and are not needed in the end, are to be ended as well.
    if (result instanceof Promise || recorder || wantsExplanation || context.busy()) {
      return finish(Promise.resolve(result));
    }
    end();
    return toAnswer(result, toErrors(incoming, runnable), undefined);
  };
}

/** Runs the compiled operation where there is one, graphql-js where there is none; both tell the same errors. */
function start(
  schema: GraphQLSchema,
  { compiled, document, operation }: Runnable,
  contextValue: unknown,
  variableValues: Readonly<Record<string, unknown>>,
): ExecutionResult | Promise<ExecutionResult> {
  const settle = (result: ExecutionResult): ExecutionResult => {
    const { data, errors } = result;
    if (!errors || errors.length < 2) return result;
    return { ...result, errors: settleErrors(schema, operation, data, errors) };
  };
  const result = compiled
    ? compiled.query(undefined, contextValue, variableValues)
    : execute({ schema, document, contextValue, variableValues, operationName: operation.name?.value });
  return result instanceof Promise ? result.then(settle) : settle(result);
}
