import { useGraphiQL } from '@graphiql/react';
import { useEffect } from 'react';
import { useExplorer } from '../explorer-context.ts';

/** Follows the tab in front, and tells the runs about it, since GraphiQL's fetcher does not say for whom it fetches. */
export function TabWatcher() {
  const { runs } = useExplorer();
  const tabId = useActiveTabId();
  const queryEditor = useGraphiQL((state) => state.queryEditor);
  useEffect(() => runs.setActiveTab(tabId), [runs, tabId]);
  // GraphiQL puts one tab's text in the place of another's and leaves the editor where it was scrolled to.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the tab is what it should follow.
  useEffect(() => queryEditor?.setScrollPosition({ scrollTop: 0, scrollLeft: 0 }), [queryEditor, tabId]);
  return null;
}

/** The id of the tab in front. */
export function useActiveTabId(): string {
  return useGraphiQL(({ tabs, activeTabIndex }) => tabs[activeTabIndex]?.id ?? '');
}
