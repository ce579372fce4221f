import type { Change, ChangeChannel } from './change-channel.ts';
import type { WorkflowState } from './state.ts';

/** Hears of a workflow's state whenever it has changed, in order of revision; some revisions may be left out. */
export type ChangeListener = (state: WorkflowState) => void;

/** Tells whoever watches a workflow of its changes, on whatever replica they happen. */
export interface Changes {
  /** Answers a function that ends the watch. */
  watch(id: string, listener: ChangeListener): () => void;
  /** Tells whoever watches in this process of a change that it has written, or of a state that it has read. */
  publish(state: WorkflowState): void;
  close(): Promise<void>;
}

export interface ChangesOptions {
  readonly channel: ChangeChannel;
  /** Reads the state of a workflow that changed elsewhere. */
  read(id: string): Promise<WorkflowState | null>;
  /** The revisions of workflows, in one statement. */
  revisionsOf(ids: readonly string[]): Promise<readonly Change[]>;
  readonly reread?: Reread;
}

/** How often everything watched is read again, in milliseconds, whatever was told. */
export interface Reread {
  /** While changes are heard of: one may have been told while only this process, or only the other, was cut off. */
  readonly hearingMs: number;
  /** While they are not. */
  readonly deafMs: number;
}

const usualReread: Reread = { hearingMs: 5000, deafMs: 1000 };

interface Watched {
  readonly listeners: Set<ChangeListener>;
  /** The highest revision that listeners have heard of. */
  seen: number;
  reading: boolean;
  /** A change came in while one was being read. */
  again: boolean;
}

/**
 * Watches over a channel that may lose what it is told.
 *
 * What was missed is found by reading everything watched again: when changes are heard of again, again and again while
 * they are not, and now and then while they are.
 */
export function createChanges(options: ChangesOptions): Changes {
  const { channel, read, revisionsOf, reread = usualReread } = options;
  const watched = new Map<string, Watched>();
  /** When everything was read again last; before all time where that is to be made up for. */
  let rereadAt = Number.NEGATIVE_INFINITY;
  const readSoon = (): void => {
    // The database is away, or busy. A watcher must not miss the end for that.
    rereadAt = Number.NEGATIVE_INFINITY;
  };

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
      readSoon();
    } finally {
      entry.reading = false;
    }
  };

  const hearOf = ({ id, revision }: Change): void => {
    const entry = watched.get(id);
    if (entry && revision > entry.seen) void refresh(id, entry);
  };

  let rereading = false;
  let due = false;
  const readAgain = async (): Promise<void> => {
    due = true;
    if (rereading) return;
    rereading = true;
    try {
      while (due && watched.size > 0) {
        due = false;
        const startedAt = performance.now();
        for (const change of await revisionsOf([...watched.keys()])) hearOf(change);
        rereadAt = startedAt;
      }
    } catch {
      readSoon();
    } finally {
      rereading = false;
    }
  };

  const timer = setInterval(() => {
    if (!channel.hears || performance.now() - rereadAt >= reread.hearingMs) void readAgain();
  }, reread.deafMs);
  timer.unref();
  channel.hear({ onChange: hearOf, onBack: () => void readAgain() });

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
    async close() {
      clearInterval(timer);
      await channel.close();
    },
  };
}
