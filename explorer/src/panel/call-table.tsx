import type { ChartRow } from '../waterfall/layout.ts';
import { inBytes, inMs } from '../waterfall/units.ts';

interface CallTableProps {
  readonly rows: readonly ChartRow[];
  readonly selectedId: string | null;
  readonly onSelect: (id: string | null) => void;
}

/** The calls as a plain table: every figure, to read, copy and listen to. */
export function CallTable({ rows, selectedId, onSelect }: CallTableProps) {
  return (
    <div className="wf-table">
      <table>
        <caption className="wf-hidden">REST calls of this run</caption>
        <thead>
          <tr>
            <th scope="col">Wave</th>
            <th scope="col">Backend</th>
            <th scope="col">Call</th>
            <th scope="col">Status</th>
            <th scope="col">Start</th>
            <th scope="col">Took</th>
            <th scope="col">Keys</th>
            <th scope="col">Read</th>
            <th scope="col">From</th>
            <th scope="col">Attempt</th>
            <th scope="col">Critical</th>
            <th scope="col">Fields</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <CallTableRow
              key={row.call.id}
              row={row}
              selected={row.call.id === selectedId}
              onToggle={(id) => onSelect(id === selectedId ? null : id)}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface CallTableRowProps {
  readonly row: ChartRow;
  readonly selected: boolean;
  readonly onToggle: (id: string) => void;
}

function CallTableRow({ row: { call, colour, critical, failed }, selected, onToggle }: CallTableRowProps) {
  return (
    <tr className={`weir-backend-${colour}`} data-selected={selected} data-failed={failed}>
      <td>{call.wave}</td>
      <th scope="row">
        <span className="wf-swatch" data-source={call.source} aria-hidden="true" />
        {call.backend}
      </th>
      <td>
        <button type="button" aria-pressed={selected} onClick={() => onToggle(call.id)}>
          {call.route}
        </button>
      </td>
      <td>{call.error ?? call.status ?? '–'}</td>
      <td className="wf-number">{inMs(call.startMs)}</td>
      <td className="wf-number">{inMs(call.durationMs)}</td>
      <td className="wf-number">{call.batchSize}</td>
      <td className="wf-number">{inBytes(call.bytes)}</td>
      <td>{call.source}</td>
      <td className="wf-number">{call.attempt}</td>
      <td>{critical ? 'yes' : ''}</td>
      <td className="wf-table-fields">{call.paths.join(', ')}</td>
    </tr>
  );
}
