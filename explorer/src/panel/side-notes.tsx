import type { Advice } from '../waterfall/advice.ts';
import type { Comparison } from '../waterfall/comparison.ts';
import type { ChartRow } from '../waterfall/layout.ts';
import { counted, inMs } from '../waterfall/units.ts';
import { isMade } from '../waterfall/waterfall.ts';
import { HintIcon } from './icons.tsx';

interface SideNotesProps {
  readonly rows: readonly ChartRow[];
  readonly advice: readonly Advice[];
  readonly comparison: Comparison | null;
  readonly truncated: boolean;
  /** Points at calls in the chart while a note is looked at. */
  readonly onPoint: (callIds: ReadonlySet<string>) => void;
  readonly onSelect: (callId: string) => void;
}

/** What there is to know while no call is selected: the backends, what could be better, what changed. */
export function SideNotes({ rows, advice, comparison, truncated, onPoint, onSelect }: SideNotesProps) {
  return (
    <div className="wf-notes">
      <h3>Backends</h3>
      <ul className="wf-legend">
        {backendsOf(rows).map((backend) => (
          <li
            key={backend.name}
            className={`weir-backend-${backend.colour}`}
            onPointerEnter={() => onPoint(backend.callIds)}
            onPointerLeave={() => onPoint(nothing)}
          >
            <span className="wf-swatch" aria-hidden="true" />
            <span>{backend.name}</span>
            <span className="wf-legend-calls">
              {backend.made === 0 ? 'no call' : counted(backend.made, 'call')}
            </span>
            <span className="wf-legend-time">{backend.made === 0 ? '' : inMs(backend.longestMs)}</span>
          </li>
        ))}
      </ul>
      {truncated && (
        <p className="wf-remark">There were more calls than a waterfall holds; the rest is left out.</p>
      )}
      {advice.length > 0 && (
        <>
          <h3>Could be better</h3>
          <ul className="wf-advice">
            {advice.map((item) => (
              <li key={`${item.kind} ${item.title}`} data-kind={item.kind}>
                <button
                  type="button"
                  onClick={() => item.callIds[0] !== undefined && onSelect(item.callIds[0])}
                  onPointerEnter={() => onPoint(new Set(item.callIds))}
                  onPointerLeave={() => onPoint(nothing)}
                  onFocus={() => onPoint(new Set(item.callIds))}
                  onBlur={() => onPoint(nothing)}
                >
                  <HintIcon />
                  <strong>{item.title}</strong>
                  <span>{item.detail}</span>
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
      {comparison && comparison.changes.length > 0 && (
        <>
          <h3>Since the run before</h3>
          <ul className="wf-changes">
            {comparison.changes.map(({ backend, route, made, madeBefore }) => (
              <li key={`${backend} ${route}`}>
                <strong>{backend}</strong> {route}{' '}
                <span>
                  {madeBefore} → {made}
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

const nothing: ReadonlySet<string> = new Set();

interface BackendNote {
  readonly name: string;
  readonly colour: number;
  readonly made: number;
  readonly longestMs: number;
  readonly callIds: ReadonlySet<string>;
}

function backendsOf(rows: readonly ChartRow[]): readonly BackendNote[] {
  const names = [...new Set(rows.map((row) => row.call.backend))];
  return names.map((name) => {
    const own = rows.filter((row) => row.call.backend === name);
    return {
      name,
      colour: own[0]?.colour ?? 0,
      made: own.filter((row) => isMade(row.call)).length,
      longestMs: Math.max(...own.map((row) => row.call.durationMs)),
      callIds: new Set(own.map((row) => row.call.id)),
    };
  });
}
