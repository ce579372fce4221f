import { memo } from 'react';
import type { ChartRow } from '../waterfall/layout.ts';
import { counted, inMs } from '../waterfall/units.ts';
import type { WaterfallCall } from '../waterfall/waterfall.ts';

interface ChartRowViewProps {
  readonly row: ChartRow;
  readonly spanMs: number;
  /** When the same call ran in the run before, or null. */
  readonly earlier: { readonly startMs: number; readonly endMs: number } | null;
  readonly selected: boolean;
  readonly tabbable: boolean;
  readonly pointedAt: boolean;
  readonly onSelect: (id: string) => void;
}

/** One call: its backend and route on the left, its bar on the ruler. Memoised: a chart may have hundreds. */
export const ChartRowView = memo(function ChartRowView(props: ChartRowViewProps) {
  const { row, spanMs, earlier, selected, tabbable, pointedAt, onSelect } = props;
  const { call, left, width } = row;
  const label = labelOf(call);
  // The gutter at the right holds a short label; a long one at the end of the ruler goes to the bar's other side.
  const before = left + width > 70 && left > 30 && label.time.length + label.note.length > 22;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list box around it takes the keys.
    <div
      className={`wf-row weir-backend-${row.colour}`}
      role="option"
      aria-selected={selected}
      aria-label={spoken(row)}
      tabIndex={tabbable ? 0 : -1}
      data-call={call.id}
      data-critical={row.critical}
      data-failed={row.failed}
      data-pointed={pointedAt}
      onClick={() => onSelect(call.id)}
    >
      <span className="wf-label">
        <span className="wf-swatch" data-source={call.source} />
        <span className="wf-backend">{call.backend}</span>
        <span className="wf-route">{call.route}</span>
      </span>
      <span className="wf-plot">
        {earlier && earlier.startMs < spanMs && (
          <span
            className="wf-earlier"
            style={{
              left: `${(earlier.startMs / spanMs) * 100}%`,
              width: `${((Math.min(earlier.endMs, spanMs) - earlier.startMs) / spanMs) * 100}%`,
            }}
          />
        )}
        <span
          className="wf-bar"
          data-source={call.source}
          data-retried={row.retried}
          style={{ left: `${left}%`, width: `${width}%` }}
        >
          {row.segments.map((segment) => (
            <span
              key={segment.kind}
              className={`wf-segment wf-${segment.kind}`}
              style={{ flexGrow: Math.max(segment.width, 0.01) }}
            />
          ))}
        </span>
        <span
          className="wf-bar-label"
          style={before ? { right: `${100 - left}%` } : { left: `${left + width}%` }}
        >
          {label.time}
          {label.note && <span className="wf-bar-note"> {label.note}</span>}
        </span>
      </span>
    </div>
  );
});

const sourceWords = { network: '', cache: 'cache', stale: 'stale cache', shared: 'shared' } as const;

function labelOf(call: WaterfallCall): { readonly time: string; readonly note: string } {
  const notes = [
    call.error ?? (call.status !== null && call.status >= 400 ? `HTTP ${call.status}` : ''),
    sourceWords[call.source],
    call.attempt > 1 ? `attempt ${call.attempt}` : '',
    call.batchSize > 1 ? `${call.batchSize} keys` : '',
  ];
  return {
    time: call.source === 'cache' && call.durationMs < 0.1 ? '' : inMs(call.durationMs),
    note: notes.filter(Boolean).join(' · '),
  };
}

/** A row in words, for who does not see it. */
function spoken({ call, critical }: ChartRow): string {
  return [
    `${call.backend}, ${call.route}`,
    call.error ?? (call.status === null ? '' : `status ${call.status}`),
    `started at ${inMs(call.startMs)}, took ${inMs(call.durationMs)}`,
    call.batchSize > 1 ? counted(call.batchSize, 'key') : '',
    call.attempt > 1 ? `attempt ${call.attempt}` : '',
    call.source === 'network'
      ? ''
      : `answered from ${call.source === 'shared' ? 'a call under way' : `the ${sourceWords[call.source]}`}`,
    critical ? 'on the critical path' : '',
  ]
    .filter(Boolean)
    .join(', ');
}
