import { useMemo, useRef, useState } from 'react';
import { useExplorer } from '../explorer-context.ts';
import type { Run } from '../runs.ts';
import { adviseOn } from '../waterfall/advice.ts';
import type { Comparison } from '../waterfall/comparison.ts';
import { layoutChart } from '../waterfall/layout.ts';
import { summarise } from '../waterfall/summary.ts';
import type { Waterfall } from '../waterfall/waterfall.ts';
import { CallDetail } from './call-detail.tsx';
import { CallTable } from './call-table.tsx';
import { Chart } from './chart.tsx';
import { NoCalls } from './empty-note.tsx';
import { PanelTools, type View } from './panel-tools.tsx';
import { SideNotes } from './side-notes.tsx';
import { SummaryStrip } from './summary-strip.tsx';
import { useFieldMarks } from './use-field-marks.ts';
import type { PanelPlace } from './use-panel-place.ts';

interface RunViewProps {
  readonly run: Run;
  readonly waterfall: Waterfall;
  readonly comparison: Comparison | null;
  /** Whether the waterfall is of the run before, while this one is under way. */
  readonly stale: boolean;
  readonly place: PanelPlace;
}

/** One run: the summary above, its calls below, and beside them the selected call or what there is to know. */
export function RunView({ run, waterfall, comparison, stale, place }: RunViewProps) {
  const { colourOf } = useExplorer();
  const chart = useMemo(() => layoutChart(waterfall, colourOf), [waterfall, colourOf]);
  const summary = useMemo(() => summarise(waterfall), [waterfall]);
  const advice = useMemo(() => adviseOn(waterfall), [waterfall]);
  const rows = useMemo(() => chart.waves.flatMap((wave) => wave.rows), [chart]);
  const [selectedId, setSelectedId] = useState<string | null>(null);
  const [pointedAt, setPointedAt] = useState<ReadonlySet<string>>(nothing);
  const [view, setView] = useState<View>('chart');
  const root = useRef<HTMLDivElement>(null);
  const selected = rows.find((row) => row.call.id === selectedId) ?? null;
  const marks = useFieldMarks(selected, run.request.operationName);

  function release() {
    setSelectedId(null);
    root.current?.querySelector<HTMLElement>('.wf-row[tabindex="0"]')?.focus();
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape lets go from anywhere in the panel.
    <div
      ref={root}
      className="wf-run"
      data-stale={stale}
      onKeyDown={(event) => event.key === 'Escape' && selected && release()}
    >
      <SummaryStrip summary={summary} comparison={comparison}>
        <PanelTools run={run} waterfall={waterfall} view={view} setView={setView} place={place} />
      </SummaryStrip>
      <div className="wf-body">
        {rows.length === 0 ? (
          <NoCalls summary={summary} />
        ) : view === 'chart' ? (
          <Chart
            chart={chart}
            rows={rows}
            totalMs={waterfall.totalMs}
            comparison={comparison}
            selectedId={selectedId}
            pointedAt={pointedAt}
            onSelect={setSelectedId}
          />
        ) : (
          <CallTable rows={rows} selectedId={selectedId} onSelect={setSelectedId} />
        )}
        {rows.length > 0 && (
          <aside className="wf-aside">
            {selected ? (
              <CallDetail row={selected} marks={marks} onClose={release} />
            ) : (
              <SideNotes
                rows={rows}
                advice={advice}
                comparison={comparison}
                truncated={waterfall.truncated}
                onPoint={setPointedAt}
                onSelect={setSelectedId}
              />
            )}
          </aside>
        )}
      </div>
    </div>
  );
}

const nothing: ReadonlySet<string> = new Set();
