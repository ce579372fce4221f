import type { Call } from '../call.ts';
import { WeirError } from '../errors.ts';
import type { Tracing } from '../tracing/tracing.ts';
import type { Origin } from './origin.ts';
import { Refusal } from './problems.ts';

/** What a step calls backends for. */
export interface StepFacts {
  readonly workflowId: string;
  readonly workflow: string;
  /** What it does, such as `charge` or `undo-charge`. */
  readonly step: string;
  /** On whose behalf, as a raw user id; null where the gateway acts for nobody in particular. */
  readonly userId: string | null;
  readonly origin: Origin;
  /** The budget of this attempt. */
  readonly budgetMs: number;
}

/**
 * Does a step's work once, with a call of the gateway's own on behalf of a user: billed to the client that started the
 * workflow, and in the trace of the operation that did, as a span of its own.
 */
export async function withStepCall<T>(
  tracing: Tracing | null,
  { workflowId, workflow, step, userId, origin, budgetMs }: StepFacts,
  work: (call: Call) => Promise<T>,
): Promise<T> {
  const trace = tracing?.begin(origin.traceparent ?? undefined) ?? null;
  const startedAt = performance.now();
  const call: Call = {
    requestId: `workflow-${workflowId}`,
    signal: AbortSignal.timeout(budgetMs),
    deadlineAt: startedAt + budgetMs,
    viewer: null,
    onBehalfOf: userId,
    traceparent: trace?.traceparent ?? origin.traceparent,
    ...(trace === null ? {} : { traceparentFor: trace.forAttempt }),
    observe: trace === null ? null : (record) => trace.observe(record, null),
    demand: null,
    account: { clientId: origin.clientId, operation: `workflow ${workflow}` },
  };
  let error: string | null = null;
  try {
    return await work(call);
  } catch (thrown) {
    error = codeOf(thrown);
    throw thrown;
  } finally {
    trace?.endStep({ workflowId, workflow, step, error, startedAt, endedAt: performance.now() });
  }
}

function codeOf(thrown: unknown): string {
  if (thrown instanceof Refusal) return thrown.problem.code;
  return thrown instanceof WeirError ? thrown.code : 'INTERNAL';
}
