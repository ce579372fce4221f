import type { Context } from '../context.ts';
import { originOf } from '../workflows/origin.ts';
import { idempotencyConflict } from '../workflows/problems.ts';
import type { Sagas } from '../workflows/sagas/index.ts';
import type { WorkflowState } from '../workflows/state.ts';
import type { InputOf } from '../workflows/workflows.ts';
import type { ProblemParent } from './problems.ts';

/** What every payload of a mutation that begins a workflow says. */
export interface Begun {
  readonly workflow: WorkflowState | null;
  readonly problems: readonly ProblemParent[];
}

export interface BeginOptions {
  /** The client's idempotency key. */
  readonly key: string;
  /** Whether to answer only when the workflow has ended, or the time is nearly up. */
  readonly wait: boolean;
}

/** What an answer needs after the wait, in milliseconds: it must be out before the operation's time is up. */
const answerMs = 150;

/** Begins the viewer's workflow of this name and key, or answers for the one that the key began before. */
export async function beginWorkflow<N extends keyof Sagas & string>(
  { workflows, call, viewer }: Context,
  name: N,
  input: InputOf<Sagas[N]>,
  { key, wait }: BeginOptions,
): Promise<Begun> {
  // The access rule SIGNED_IN stands before every mutation that comes here.
  const startedBy = viewer?.id ?? '';
  const leftMs = Math.max(0, Math.floor(call.deadlineAt - performance.now() - answerMs));
  const waitUntil = wait ? AbortSignal.any([call.signal, AbortSignal.timeout(leftMs)]) : null;
  const started = await workflows.start(name, input, {
    scope: `viewer:${startedBy}`,
    key,
    startedBy,
    waitUntil,
    origin: originOf(call),
  });
  if (started.conflict) return { workflow: null, problems: [idempotencyConflict()] };
  return { workflow: started.workflow, problems: started.workflow.problems };
}
