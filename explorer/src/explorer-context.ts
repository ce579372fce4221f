import { createContext, useContext, useSyncExternalStore } from 'react';
import type { Runs, TabRuns } from './runs.ts';
import type { Session, SessionState } from './session.ts';
import type { ColourOf } from './waterfall/backend-colours.ts';

/** What the explorer's components share. Made once, in `main.tsx`. */
export interface ExplorerParts {
  /** The endpoint's whole address. */
  readonly url: string;
  readonly session: Session;
  readonly runs: Runs;
  readonly colourOf: ColourOf;
}

export const ExplorerContext = createContext<ExplorerParts | null>(null);

/** The shared parts. Throws outside of the explorer. */
export function useExplorer(): ExplorerParts {
  const parts = useContext(ExplorerContext);
  if (!parts) throw new Error('useExplorer works below <Explorer> only');
  return parts;
}

export function useSession(): SessionState {
  const { session } = useExplorer();
  return useSyncExternalStore(session.subscribe, session.get);
}

/** The runs of one of GraphiQL's tabs, or null where it has made none. */
export function useRunsOf(tabId: string): TabRuns | null {
  const { runs } = useExplorer();
  return useSyncExternalStore(runs.subscribe, () => runs.of(tabId));
}
