import { type KeyboardEvent, useCallback, useMemo, useRef, useState } from 'react';
import type { Comparison } from '../waterfall/comparison.ts';
import { type Chart as ChartModel, type ChartRow, criticalLinks } from '../waterfall/layout.ts';
import { inMs } from '../waterfall/units.ts';
import { ChartGrid } from './chart-grid.tsx';
import { ChartRowView } from './chart-row.tsx';
import { targetOf } from './roving-focus.ts';

/** How near to the moment of the answer the ruler's other marks stay silent, in per cent. */
const answerRoom = 9;

interface ChartProps {
  readonly chart: ChartModel;
  /** The chart's rows from top to bottom. */
  readonly rows: readonly ChartRow[];
  readonly totalMs: number;
  readonly comparison: Comparison | null;
  readonly selectedId: string | null;
  /** Calls that a note beside the chart speaks of. */
  readonly pointedAt: ReadonlySet<string>;
  readonly onSelect: (id: string | null) => void;
}

/**
 * The calls as bars on one ruler, grouped by wave.
 *
 * A list box to the keyboard and to screen readers: the arrow keys walk through the calls, left and right through
 * the waves, Enter selects and lets go.
 */
export function Chart({ chart, rows, totalMs, comparison, selectedId, pointedAt, onSelect }: ChartProps) {
  const list = useRef<HTMLDivElement>(null);
  const [activeId, setActiveId] = useState(rows[0]?.call.id ?? null);
  const links = useMemo(() => criticalLinks(chart), [chart]);
  const select = useCallback(
    (id: string) => {
      setActiveId(id);
      onSelect(id);
    },
    [onSelect],
  );

  function onKeyDown(event: KeyboardEvent) {
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      if (activeId !== null) onSelect(activeId === selectedId ? null : activeId);
      return;
    }
    const target = targetOf(event.key, chart, activeId);
    if (target === null) return;
    event.preventDefault();
    setActiveId(target);
    list.current?.querySelector<HTMLElement>(`[data-call="${CSS.escape(target)}"]`)?.focus();
  }

  return (
    <div className="wf-chart">
      <div className="wf-ruler" aria-hidden="true">
        <div className="wf-plot">
          {chart.ticks
            .filter(({ left }) => Math.abs(left - chart.endLeft) > answerRoom)
            .map((tick) => (
              <span key={tick.ms} className="wf-tick" style={{ left: `${tick.left}%` }}>
                {tick.ms === 0 ? '0' : inMs(tick.ms)}
              </span>
            ))}
          <span className="wf-answer" style={{ left: `${chart.endLeft}%` }}>
            {inMs(totalMs)}
          </span>
        </div>
      </div>
      <div
        ref={list}
        className="wf-list"
        role="listbox"
        aria-label="REST calls by wave"
        tabIndex={-1}
        onKeyDown={onKeyDown}
      >
        <ChartGrid chart={chart} links={links} />
        {chart.waves.map((wave) => (
          // biome-ignore lint/a11y/useSemanticElements: a group of options in a list box; a <fieldset> holds no options.
          <div
            key={wave.wave}
            role="group"
            aria-label={`Wave ${wave.wave}, ${inMs(wave.startMs)} to ${inMs(wave.endMs)}`}
          >
            <div className="wf-wave" aria-hidden="true">
              <span className="wf-wave-name">
                Wave {wave.wave}
                <span className="wf-wave-note">
                  {wave.rows.length === 1 ? '1 call' : `${wave.rows.length} calls`}
                </span>
              </span>
              <span className="wf-plot">
                <span
                  className="wf-wave-span"
                  style={{
                    left: `${(wave.startMs / chart.spanMs) * 100}%`,
                    width: `${((wave.endMs - wave.startMs) / chart.spanMs) * 100}%`,
                  }}
                />
              </span>
            </div>
            {wave.rows.map((row) => (
              <ChartRowView
                key={row.call.id}
                row={row}
                spanMs={chart.spanMs}
                earlier={comparison?.before.get(row.call.id) ?? null}
                selected={row.call.id === selectedId}
                tabbable={row.call.id === activeId}
                pointedAt={pointedAt.has(row.call.id)}
                onSelect={select}
              />
            ))}
          </div>
        ))}
      </div>
    </div>
  );
}
