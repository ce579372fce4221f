import type { Chart, CriticalLink } from '../waterfall/layout.ts';

/** The heights of the chart's lines in pixels, as `panel.css` draws them. */
const rowHeight = 26;
const waveHeight = 28;

interface ChartGridProps {
  readonly chart: Chart;
  readonly links: readonly CriticalLink[];
}

/** What lies behind the bars: the ruler's lines, the moment of the answer, and the critical path's joints. */
export function ChartGrid({ chart, links }: ChartGridProps) {
  const middles = rowMiddles(chart);
  return (
    <div className="wf-grid" aria-hidden="true">
      {chart.ticks.map((tick) => (
        <span key={tick.ms} className="wf-grid-line" style={{ left: `${tick.left}%` }} />
      ))}
      <span className="wf-grid-end" style={{ left: `${chart.endLeft}%` }} />
      {links.map(({ fromRow, toRow, left, width }) => {
        const from = middles[fromRow] ?? 0;
        const to = middles[toRow] ?? 0;
        return (
          <span
            key={`${fromRow} ${toRow}`}
            className="wf-link"
            data-upward={to < from}
            style={{
              left: `${left}%`,
              width: `${width}%`,
              top: Math.min(from, to),
              height: Math.abs(to - from),
            }}
          />
        );
      })}
    </div>
  );
}

/** Where each row's middle is, in pixels from the top of the list. */
function rowMiddles({ waves }: Chart): readonly number[] {
  let top = 0;
  return waves.flatMap((wave) => {
    top += waveHeight;
    return wave.rows.map(() => {
      top += rowHeight;
      return top - rowHeight / 2;
    });
  });
}
