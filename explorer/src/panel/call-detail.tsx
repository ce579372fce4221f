import type { ChartRow } from '../waterfall/layout.ts';
import { counted, inBytes, inMs } from '../waterfall/units.ts';
import type { WaterfallCall } from '../waterfall/waterfall.ts';
import { CloseIcon } from './icons.tsx';
import type { FieldMarks } from './use-field-marks.ts';

interface CallDetailProps {
  readonly row: ChartRow;
  readonly marks: FieldMarks;
  readonly onClose: () => void;
}

/** All that is known of one call. */
export function CallDetail({ row, marks, onClose }: CallDetailProps) {
  const { call } = row;
  return (
    <div className={`wf-detail weir-backend-${row.colour}`}>
      <header className="wf-detail-head">
        <h3>
          <span className="wf-swatch" data-source={call.source} aria-hidden="true" />
          {call.backend}
        </h3>
        <button
          type="button"
          className="wf-button"
          aria-label="Let go of this call"
          title="Esc"
          onClick={onClose}
        >
          <CloseIcon />
        </button>
      </header>
      <p className="wf-detail-route">{call.route}</p>
      <p className="wf-badges">
        <span className="wf-badge" data-tone={row.failed ? 'bad' : 'plain'}>
          {call.status === null ? 'no status' : call.status}
        </span>
        {call.error && (
          <span className="wf-badge" data-tone="bad">
            {call.error}
          </span>
        )}
        <span className="wf-badge">{sourceWords[call.source]}</span>
        <span className="wf-badge">wave {call.wave}</span>
        {call.attempt > 1 && <span className="wf-badge">attempt {call.attempt}</span>}
        {row.critical && (
          <span className="wf-badge" data-tone="strong">
            critical path
          </span>
        )}
      </p>
      <Times call={call} />
      <Fields call={call} marks={marks} />
      <Keys call={call} />
    </div>
  );
}

const sourceWords = {
  network: 'network',
  cache: 'from the cache',
  stale: 'from the cache, past its date',
  shared: 'shared a call under way',
} as const;

function Times({ call }: { readonly call: WaterfallCall }) {
  const times: readonly (readonly [string, string | null])[] = [
    ['Started', inMs(call.startMs)],
    ['Took', inMs(call.durationMs)],
    ['Queue', call.queueMs === null ? null : inMs(call.queueMs)],
    ['First byte', call.waitMs === null ? null : inMs(call.waitMs)],
    ['Rest', call.downloadMs === null ? null : inMs(call.downloadMs)],
    ['Read', inBytes(call.bytes)],
  ];
  return (
    <dl className="wf-facts">
      {times.map(
        ([name, value]) =>
          value !== null && (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ),
      )}
    </dl>
  );
}

/** The fields that asked, each leading to its place in the editor. */
function Fields({ call, marks }: { readonly call: WaterfallCall; readonly marks: FieldMarks }) {
  const { positions, reveal } = marks;
  const found = new Map(positions?.map((position) => [position.path, position]));
  if (call.paths.length === 0) return null;
  return (
    <>
      <h4>{counted(call.paths.length, 'field')} asked for it</h4>
      <ul className="wf-fields">
        {call.paths.map((path) => {
          const position = found.get(path);
          return (
            <li key={path}>
              {position ? (
                <button type="button" onClick={() => reveal(position)} title="Show it in the editor">
                  <Path path={path} />
                  <span>line {position.line}</span>
                </button>
              ) : (
                <Path path={path} />
              )}
            </li>
          );
        })}
      </ul>
      {found.size === 0 && (
        <p className="wf-remark">
          The editor’s text is not the one of this run any more, so no field is marked.
        </p>
      )}
    </>
  );
}

/** A path that may break after its dots. */
function Path({ path }: { readonly path: string }) {
  return <span>{path.replaceAll('.', '.\u200b')}</span>;
}

const shownKeys = 60;

function Keys({ call: { keys, batchSize } }: { readonly call: WaterfallCall }) {
  if (keys.length === 0 && batchSize <= 1) return null;
  return (
    <>
      <h4>{counted(Math.max(batchSize, keys.length), 'key')} in one call</h4>
      <p className="wf-keys">
        {keys.slice(0, shownKeys).map((key) => (
          <code key={key}>{key}</code>
        ))}
        {keys.length > shownKeys && <span>and {keys.length - shownKeys} more</span>}
      </p>
    </>
  );
}
