import { createSession } from '../postgres/session.ts';
import type { WorkflowState } from './state.ts';
import { changesChannel } from './store.ts';

/** Hears of a workflow's state whenever it has changed, in order of revision; some revisions may be left out. */
export type ChangeListener = (state: WorkflowState) => void;

/** Tells whoever watches a workflow of its changes, on whatever replica they happen. */
export interface Changes {
  /** Answers a function that ends the watch. */
  watch(id: string, listener: ChangeListener): () => void;
  /** Tells of a change that this process made, or of a state that it has just read. */
  publish(state: WorkflowState): void;
  close(): Promise<void>;
}

export interface ChangesOptions {
  readonly url: string;
  /** Reads the state of a workflow that changed elsewhere. */
  read(id: string): Promise<WorkflowState | null>;
  log(message: string): void;
}

interface Watched {
  readonly listeners: Set<ChangeListener>;
  /** The highest revision that listeners have heard of. */
  seen: number;
  reading: boolean;
  /** A change came in while one was being read. */
  again: boolean;
}

/** After a failed read. */
const retryMs = 500;

/**
 * Watches over PostgreSQL's LISTEN.
 *
 * After a lost connection, everything watched is read again: whatever was missed meanwhile is in it.
 */
export function createChanges({ url, read, log }: ChangesOptions): Changes {
  const watched = new Map<string, Watched>();

  const publish = (state: WorkflowState): void => {
    const entry = watched.get(state.id);
    if (!entry || state.revision <= entry.seen) return;
    entry.seen = state.revision;
    for (const listener of [...entry.listeners]) listener(state);
  };

  const refresh = async (id: string, entry: Watched): Promise<void> => {
    if (entry.reading) {
      entry.again = true;
      return;
    }
    entry.reading = true;
    try {
      do {
        entry.again = false;
        const state = await read(id);
        if (state) publish(state);
      } while (entry.again);
    } catch {
      // The database is away, or busy. A watcher must not miss the end for that.
      setTimeout(() => watched.get(id) === entry && void refresh(id, entry), retryMs).unref();
    } finally {
      entry.reading = false;
    }
  };

  const refreshAll = (): void => {
    for (const [id, entry] of watched) void refresh(id, entry);
  };

  const session = createSession({
    url,
    name: 'weir changes',
    log,
    setUp: async (client) => {
      await client.query(`listen ${changesChannel}`);
    },
    onUp: refreshAll,
    onNotification({ payload = '' }) {
      const [id = '', revision] = payload.split(' ');
      const entry = watched.get(id);
      if (entry && Number(revision) > entry.seen) void refresh(id, entry);
    },
  });

  return {
    watch(id, listener) {
      const entry = watched.get(id) ?? { listeners: new Set(), seen: 0, reading: false, again: false };
      watched.set(id, entry);
      entry.listeners.add(listener);
      return () => {
        entry.listeners.delete(listener);
        if (entry.listeners.size === 0) watched.delete(id);
      };
    },
    publish,
    close: () => session.close(),
  };
}
