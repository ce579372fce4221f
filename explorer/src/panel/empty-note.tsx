import type { ReactNode } from 'react';
import { useExplorer, useSession } from '../explorer-context.ts';
import type { Run } from '../runs.ts';
import type { Summary } from '../waterfall/summary.ts';
import { counted } from '../waterfall/units.ts';
import { DockButton } from './panel-tools.tsx';
import type { PanelPlace } from './use-panel-place.ts';

interface EmptyNoteProps {
  /** Null where nothing was run yet. */
  readonly run: Run | null;
  readonly place: PanelPlace;
}

/** Stands where the chart would be, and says why it is not there. */
export function EmptyNote({ run, place }: EmptyNoteProps) {
  const { session } = useExplorer();
  const { trace } = useSession();
  const { title, text } = trace || run?.traced ? noteOn(run) : traceIsOff;
  return (
    <div className="wf-empty">
      <DockButton place={place} />
      <Sketch busy={run?.state === 'running'} />
      <h2>{title}</h2>
      <p>{text}</p>
      {!trace && (
        <button type="button" className="weir-primary" onClick={() => session.setTrace(true)}>
          Turn the trace on
        </button>
      )}
    </div>
  );
}

/** Stands where the bars would be when an operation needed no call. */
export function NoCalls({ summary: { saved, savedBy } }: { readonly summary: Summary }) {
  return (
    <div className="wf-empty">
      <Sketch busy={false} />
      <h2>No REST call was needed</h2>
      <p>
        {savedBy.cached > 0
          ? `Everything came from the cache: ${counted(savedBy.cached, 'call')} saved.`
          : saved > 0
            ? `${counted(saved, 'call')} saved.`
            : 'This operation asks no backend for anything.'}
      </p>
    </div>
  );
}

interface Note {
  readonly title: string;
  readonly text: ReactNode;
}

const traceIsOff: Note = {
  title: 'The trace is off',
  text: 'With the trace on, each operation comes back with the REST calls that it took.',
};

function noteOn(run: Run | null): Note {
  if (run === null) {
    return {
      title: 'One query in, the fewest REST calls out',
      text: (
        <>
          Run an operation (<kbd>Ctrl</kbd> <kbd>Enter</kbd>) and the calls that answered it are drawn here:
          what ran side by side, what had to wait, and what was not needed at all.
        </>
      ),
    };
  }
  if (run.state === 'running') return { title: 'Running…', text: 'The waterfall comes with the answer.' };
  if (run.state === 'stopped')
    return { title: 'Stopped', text: 'The run was stopped before an answer came.' };
  if (run.state === 'unreachable') {
    return { title: 'The gateway could not be reached', text: 'Is it running? The response says more.' };
  }
  if (!run.traced) {
    return { title: 'This run was not traced', text: 'The trace is on now: run the operation again.' };
  }
  if (run.waterfall.kind === 'unreadable') {
    return {
      title: 'This waterfall cannot be read',
      text: `The gateway sent one, but ${run.waterfall.reason}.`,
    };
  }
  if (run.status !== null && run.status >= 400) {
    return {
      title: 'The gateway did not run this operation',
      text: `It answered with HTTP ${run.status}; the response says why. No backend was asked.`,
    };
  }
  return {
    title: 'The gateway sent no waterfall',
    text: (
      <>
        In production it is for people whose token has the scope <code>explore</code>. Operations that stop
        before they run have none either: the response says why.
      </>
    ),
  };
}

/** Three bars that step down: the shape of what is to come. */
function Sketch({ busy }: { readonly busy: boolean }) {
  return (
    <svg className="wf-sketch" viewBox="0 0 180 64" data-busy={busy} aria-hidden="true">
      <rect x="4" y="6" width="78" height="10" rx="5" />
      <rect x="4" y="22" width="54" height="10" rx="5" />
      <rect x="84" y="38" width="52" height="10" rx="5" />
      <rect x="138" y="54" width="34" height="10" rx="5" />
    </svg>
  );
}
