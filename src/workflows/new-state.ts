import type { Saga } from './saga.ts';
import { pendingStep, type WorkflowState } from './state.ts';

/** A workflow that is about to begin. */
export function newState(id: string, saga: Pick<Saga, 'name' | 'steps'>, startedBy: string): WorkflowState {
  return {
    id,
    name: saga.name,
    status: 'RUNNING',
    revision: 1,
    steps: saga.steps.map(pendingStep),
    progress: null,
    waitingFor: null,
    waitingOn: null,
    subject: null,
    problems: [],
    result: null,
    startedBy,
    startedAt: new Date().toISOString(),
    finishedAt: null,
  };
}
