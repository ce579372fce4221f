import type { Viewer } from '../call.ts';
import { mayAct } from '../visibility.ts';
import { invalidInput, notFound } from './problems.ts';
import { approvalTopic } from './saga.ts';
import { hasEnded, type Problem, type WorkflowState } from './state.ts';
import type { Decision } from './store.ts';
import type { WorkflowHost } from './workflow-host.ts';

/** The workflow that was decided, and what stood against it. */
export interface DecisionAnswer {
  readonly workflow: WorkflowState | null;
  readonly problems: readonly Problem[];
}

/** Writes an administrator's answer down and wakes the workflow. The first answer counts. */
export async function decide(
  host: WorkflowHost,
  viewer: Viewer,
  id: string,
  decision: Decision,
): Promise<DecisionAnswer> {
  const record = await host.store.find(id);
  if (!record || !mayAct(viewer, record.state.startedBy)) {
    return { workflow: null, problems: [notFound('There is no such workflow.', ['workflowId'])] };
  }
  const { state } = record;
  const earlier = await host.store.decisionOf(id);
  if (!earlier && state.waitingOn !== approvalTopic) {
    const message = 'This workflow does not wait for a decision.';
    return { workflow: state, problems: [invalidInput(message, ['workflowId'])] };
  }
  const counts = earlier ?? (await host.store.decide(id, decision));
  // Rung again for a repeat: whoever decided first may have died before ringing.
  if (!hasEnded(state)) await host.send(id, approvalTopic, null, `${id}/decision`);
  const same = counts?.by === decision.by && counts.approve === decision.approve;
  return { workflow: state, problems: same ? [] : [alreadyDecided] };
}

const alreadyDecided: Problem = {
  type: 'AlreadyDecided',
  code: 'ALREADY_DECIDED',
  message: 'Somebody has decided this already.',
  path: ['workflowId'],
};
