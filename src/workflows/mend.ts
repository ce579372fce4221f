import type { Changes } from './changes.ts';
import type { Engine } from './durable.ts';
import { stepFailed } from './problems.ts';
import { removeOld } from './retention.ts';
import type { Alert } from './step-runner.ts';
import type { WorkflowStore } from './store.ts';

export interface MendOptions {
  readonly engine: Engine;
  readonly store: WorkflowStore;
  readonly changes: Changes;
  /** Whether this process knows a workflow of this name. */
  knows(name: string): boolean;
  /** How long what has ended is kept. */
  readonly keepMs: number;
  /** Removes what else has been kept that long. */
  alsoRemove(keepMs: number): Promise<void>;
  alert(alert: Alert): void;
}

const mendEveryMs = 10_000;
const removeEveryMs = 3_600_000;
const pageSize = 100;

/**
 * Makes what looks after our records beside the workflows: to be called often, it acts now and then.
 *
 * Starts what was written down by a process that died before it could start it; wakes what a notification did not
 * reach; ends what the engine gave up; removes what is old.
 */
export function createMend({ engine, store, changes, knows, keepMs, alsoRemove, alert }: MendOptions) {
  let mendAt = 0;
  let removeAt = 0;
  return async (): Promise<void> => {
    if (performance.now() < mendAt) return;
    mendAt = performance.now() + mendEveryMs;
    for (const { id, name } of await engine.listUnstarted(mendEveryMs, pageSize)) {
      if (knows(name)) await engine.start(name, id);
    }
    await engine.wakeWaiting();
    for (const id of await engine.listBroken(pageSize)) {
      const problem = stepFailed('', 'The workflow was stopped from outside, or could not be run.', 'BROKEN');
      const state = await store.breakOff(id, problem);
      if (!state) continue;
      changes.publish(state);
      const message = 'the engine gave it up: look at what it had done';
      alert({ workflowId: id, workflow: state.name, step: '', attempts: 1, message, cause: null });
    }
    if (performance.now() < removeAt) return;
    removeAt = performance.now() + removeEveryMs;
    await removeOld(engine, store, keepMs);
    await alsoRemove(keepMs);
  };
}
