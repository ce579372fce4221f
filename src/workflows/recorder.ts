import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { hasEnded, type WorkflowState } from './state.ts';
import type { WorkflowStore } from './store.ts';

/** Keeps the public state of one running workflow, and writes it down whenever it has changed. */
export interface Recorder {
  /** As it stands in memory; what is written may be a moment behind. */
  current(): WorkflowState;
  /** Changes it. What has ended stays as it is. */
  change(toNext: (state: WorkflowState) => WorkflowState): void;
  /** Resolves when everything is written, however long the database is away. */
  flush(): Promise<void>;
  /** Writes nothing more: somebody else goes on, or will. */
  stop(): void;
}

export interface RecorderOptions {
  readonly store: Pick<WorkflowStore, 'save'>;
  /** The process that runs the workflow; once another one does, nothing is written any more. */
  readonly owner: string;
  readonly initial: WorkflowState;
  /** Hears of every state that was written. */
  publish(state: WorkflowState): void;
  log(message: string): void;
}

/** How long changes are gathered before they are written. */
const gatherMs = 4;

/**
 * Records one run.
 *
 * Changes that follow one another faster than the database takes them are written together: a reader may miss a
 * state that lasted a millisecond, and the workflow never waits for its own record but where it asks to.
 */
export function createRecorder({ store, owner, initial, publish, log }: RecorderOptions): Recorder {
  let state = initial;
  let written: WorkflowState = initial;
  let superseded = false;
  let writing: Promise<void> | null = null;
  let timer: NodeJS.Timeout | undefined;

  const isWritten = (): boolean =>
    superseded || isDeepStrictEqual({ ...state, ...ofOthers(written) }, { ...written });

  const write = async (): Promise<void> => {
    for (let waitMs = 100; !isWritten(); ) {
      const next = state;
      try {
        const saved = await store.save(next, owner);
        if (saved === null) {
          superseded = true;
          return;
        }
        written = { ...next, ...ofOthers(saved) };
        waitMs = 100;
        publish(saved);
      } catch (error) {
        log(`The state of workflow ${state.id} could not be written yet: ${String(error)}`);
        await delay(waitMs);
        waitMs = Math.min(waitMs * 2, 2000);
      }
    }
  };

  const start = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    writing ??= write().finally(() => {
      writing = null;
    });
    return writing;
  };

  return {
    current: () => ({ ...state, ...ofOthers(written) }),
    change(toNext) {
      if (hasEnded(state)) return;
      state = toNext(state);
      // The end of a step and the beginning of the next are written together.
      if (writing === null && !isWritten()) timer ??= setTimeout(() => void start(), gatherMs);
    },
    stop() {
      clearTimeout(timer);
      superseded = true;
    },
    async flush() {
      while (!isWritten()) await start();
    },
  };
}

/** What the database counts and other processes write. */
function ofOthers({ revision, progress }: WorkflowState): Pick<WorkflowState, 'revision' | 'progress'> {
  return { revision, progress };
}
