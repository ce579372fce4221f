import type { Changes } from './changes.ts';
import type { WorkflowState } from './state.ts';

/** The states of one workflow, from now on. */
export interface StateWatch {
  /** The newest state that was not given yet; states that came and went meanwhile are left out. */
  next(): Promise<WorkflowState>;
  close(): void;
}

/** Watches one workflow; what happens between two calls of `next` is not lost. */
export function watchStates(changes: Changes, id: string): StateWatch {
  let newest: WorkflowState | null = null;
  let wake: (() => void) | null = null;
  const unwatch = changes.watch(id, (state) => {
    newest = state;
    wake?.();
  });
  return {
    async next() {
      while (newest === null) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      const state: WorkflowState = newest;
      newest = null;
      return state;
    },
    close: unwatch,
  };
}
