import type { ReactNode } from 'react';
import type { Comparison } from '../waterfall/comparison.ts';
import type { Summary } from '../waterfall/summary.ts';
import { counted, inBytes, inMs, inTimes } from '../waterfall/units.ts';

interface SummaryStripProps {
  readonly summary: Summary;
  readonly comparison: Comparison | null;
  /** The panel's tools. */
  readonly children: ReactNode;
}

/** The figures of a run in one line. */
export function SummaryStrip({ summary, comparison, children }: SummaryStripProps) {
  const { made, retries, failed, saved, savedBy, depth, bytes, overheadMs } = summary;
  const [total, unit] = inMs(summary.totalMs).split(' ');
  return (
    <header className="wf-summary">
      <p className="wf-total">
        <span className="wf-total-value">
          {total}
          <small> {unit}</small>
        </span>
        {comparison && <Difference comparison={comparison} />}
      </p>
      <dl className="wf-figures">
        <Figure name="in Weir itself" value={inMs(overheadMs)} notes={[`${inBytes(bytes)} read`]} />
        <Figure
          name={made === 1 ? 'call made' : 'calls made'}
          value={made.toLocaleString('en')}
          notes={[
            depth > 0 && `${counted(depth, 'step')} deep`,
            retries > 0 && counted(retries, 'retry', 'retries'),
            failed > 0 && `${failed} failed`,
          ]}
        />
        <Figure
          name={saved === 1 ? 'call saved' : 'calls saved'}
          value={saved.toLocaleString('en')}
          notes={[
            savedBy.batched > 0 && `${savedBy.batched} batched`,
            savedBy.deduplicated > 0 && `${savedBy.deduplicated} deduplicated`,
            savedBy.cached > 0 && `${savedBy.cached} cached`,
          ]}
        />
      </dl>
      <Race summary={summary} />
      {children}
      <p className="wf-hidden" role="status">
        {`Answered in ${inMs(summary.totalMs)} with ${counted(made, 'call')}, ${saved} saved. The plain calls one after the other need ${inMs(summary.serialMs)}.`}
      </p>
    </header>
  );
}

interface FigureProps {
  readonly name: string;
  readonly value: string;
  /** What it is made of, in the line below. */
  readonly notes?: readonly (string | false)[];
}

function Figure({ name, value, notes = [] }: FigureProps) {
  return (
    <div className="wf-figure">
      <dt>{name}</dt>
      <dd className="wf-figure-value">{value}</dd>
      <dd className="wf-figure-note">{notes.filter((note) => note !== false).join(' · ')}</dd>
    </div>
  );
}

/** What this took beside what the plain REST calls take one after the other, to scale. */
function Race({ summary: { totalMs, serialMs, timesFaster } }: { readonly summary: Summary }) {
  if (timesFaster === null) return null;
  return (
    <div
      className="wf-race"
      title="The same data by plain REST calls, one an object and one after the other: a model"
    >
      <span className="wf-race-name">Weir</span>
      <span className="wf-race-track">
        <span className="wf-race-bar wf-race-weir" style={{ width: `${(totalMs / serialMs) * 100}%` }} />
      </span>
      <span className="wf-race-value">{inMs(totalMs)}</span>
      <span className="wf-race-name">REST client</span>
      <span className="wf-race-track">
        <span className="wf-race-bar" style={{ width: '100%' }} />
      </span>
      <span className="wf-race-value">{inMs(serialMs)}</span>
      <strong className="wf-race-times">
        {inTimes(timesFaster)}×<small>faster</small>
      </strong>
    </div>
  );
}

function Difference({ comparison: { totalMs, made } }: { readonly comparison: Comparison }) {
  const even = Math.abs(totalMs) < 0.5;
  const words = even ? 'as before' : `${inMs(Math.abs(totalMs))} ${totalMs < 0 ? 'faster' : 'slower'}`;
  const calls = made === 0 ? '' : `, ${counted(Math.abs(made), 'call')} ${made < 0 ? 'fewer' : 'more'}`;
  return (
    <span className="wf-difference" data-way={even ? 'even' : totalMs < 0 ? 'faster' : 'slower'}>
      <span aria-hidden="true">{even ? '=' : totalMs < 0 ? '▾' : '▴'}</span> {words}
      {calls}
    </span>
  );
}
