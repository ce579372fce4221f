import { useRunsOf } from '../explorer-context.ts';
import { useActiveTabId } from '../page/tab-watcher.tsx';
import type { TabRuns } from '../runs.ts';
import { compareRuns } from '../waterfall/comparison.ts';
import type { Waterfall } from '../waterfall/waterfall.ts';
import { EmptyNote } from './empty-note.tsx';
import { ResizeHandle } from './resize-handle.tsx';
import { RunView } from './run-view.tsx';
import { usePanelPlace } from './use-panel-place.ts';

/** GraphiQL's Waterfall plugin: the REST calls of the last run in the tab in front. */
export function WaterfallPanel() {
  const tabId = useActiveTabId();
  const runs = useRunsOf(tabId);
  const place = usePanelPlace();
  const shown = runs && waterfallToShow(runs);

  return (
    <section
      className="weir-panel"
      aria-label="Waterfall"
      data-dock={place.dock}
      {...(place.dock === 'bottom' && { style: { height: place.height } })}
    >
      {place.dock === 'bottom' && <ResizeHandle height={place.height} setHeight={place.setHeight} />}
      {runs && shown ? (
        <RunView
          key={`${tabId} ${runs.last.id}`}
          run={runs.last}
          waterfall={shown}
          comparison={runs.previous && shown !== runs.previous ? compareRuns(shown, runs.previous) : null}
          stale={shown === runs.previous}
          place={place}
        />
      ) : (
        <EmptyNote run={runs?.last ?? null} place={place} />
      )}
    </section>
  );
}

/** The run's own waterfall; while it is under way the one before, so that a quick run does not flicker. */
function waterfallToShow({ last, previous }: TabRuns): Waterfall | null {
  if (last.waterfall.kind === 'waterfall') return last.waterfall.waterfall;
  return last.state === 'running' && last.traced ? previous : null;
}
