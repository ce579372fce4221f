import type { Run } from '../runs.ts';
import { toCurl } from '../waterfall/curl.ts';
import type { Waterfall } from '../waterfall/waterfall.ts';
import { CopyButton } from './copy-button.tsx';
import { DockBottomIcon, DockSideIcon } from './icons.tsx';
import type { PanelPlace } from './use-panel-place.ts';

/** The calls as bars, or as figures. */
export type View = 'chart' | 'table';

interface PanelToolsProps {
  readonly run: Run;
  readonly waterfall: Waterfall;
  readonly view: View;
  readonly setView: (view: View) => void;
  readonly place: PanelPlace;
}

export function PanelTools({ run, waterfall, view, setView, place }: PanelToolsProps) {
  return (
    <div className="wf-tools">
      <fieldset className="wf-views">
        <legend className="wf-hidden">How to show the calls</legend>
        {(['chart', 'table'] as const).map((name) => (
          <button
            key={name}
            type="button"
            className="wf-button"
            aria-pressed={view === name}
            onClick={() => setView(name)}
          >
            {name === 'chart' ? 'Chart' : 'Table'}
          </button>
        ))}
      </fieldset>
      <CopyButton
        label="JSON"
        title="Copy the waterfall as JSON"
        text={() => JSON.stringify(waterfall, null, 2)}
      />
      <CopyButton
        label="cURL"
        title="Copy the GraphQL request as a cURL command, without its secrets"
        text={() => toCurl(run.request)}
      />
      <DockButton place={place} />
    </div>
  );
}

export function DockButton({ place: { dock, setDock } }: { readonly place: PanelPlace }) {
  const label = dock === 'bottom' ? 'Move the panel beside the editors' : 'Move the panel below the editors';
  return (
    <button
      type="button"
      className="wf-button"
      aria-label={label}
      title={label}
      onClick={() => setDock(dock === 'bottom' ? 'side' : 'bottom')}
    >
      {dock === 'bottom' ? <DockSideIcon /> : <DockBottomIcon />}
    </button>
  );
}
