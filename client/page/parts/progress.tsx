import { useEffect, useRef, useState } from 'react';
import { WorkflowProgressDocument, type WorkflowStateFragment } from '../../src/generated/graphql.ts';
import { weir } from '../weir.ts';
import { Problems } from './notes.tsx';
import { words } from './words.ts';

const ENDED = new Set(['SUCCEEDED', 'FAILED', 'COMPENSATED', 'CANCELLED']);
const SAYS: Readonly<Record<string, string>> = {
  RUNNING: 'At work…',
  WAITING: 'Waiting',
  SUCCEEDED: 'Done',
  FAILED: 'Not done',
  COMPENSATING: 'Taking it back…',
  COMPENSATED: 'Taken back: nothing is left of it',
  CANCELLED: 'Cancelled',
};
const MARKS: Readonly<Record<string, string>> = {
  PENDING: '○',
  RUNNING: '◐',
  SUCCEEDED: '●',
  FAILED: '✕',
  COMPENSATED: '↺',
  SKIPPED: '–',
};

/** A workflow as it goes on, live; read out as it changes. */
export function WorkflowProgress({ first }: { readonly first: WorkflowStateFragment }) {
  const [state, setState] = useState(first);
  const [lost, setLost] = useState(false);
  const start = useRef(first);
  useEffect(() => {
    const { id, status } = start.current;
    if (ENDED.has(status)) return;
    const off = new AbortController();
    const follow = async (): Promise<void> => {
      try {
        for await (const { data } of weir.subscribe(
          WorkflowProgressDocument,
          { id },
          { signal: off.signal },
        )) {
          if (data.workflow) setState(data.workflow);
        }
      } catch {
        if (!off.signal.aborted) setLost(true);
      }
    };
    void follow();
    return () => off.abort();
  }, []);
  return (
    <section className="progress" aria-live="polite" aria-label={`${words(state.name)}: progress`}>
      <h3>
        {words(state.name)}: <span data-status={state.status}>{SAYS[state.status] ?? state.status}</span>
      </h3>
      {state.waitingFor && <p>{state.waitingFor}</p>}
      <ol>
        {state.steps.map((step) => (
          <li key={step.name} data-status={step.status}>
            <span aria-hidden="true">{MARKS[step.status]}</span> {words(step.name)}
            <span className="visually-hidden">: {step.status.toLowerCase()}</span>
            {step.attempts > 1 && <small> tried {step.attempts} times</small>}
          </li>
        ))}
      </ol>
      <Problems problems={state.problems} />
      {lost && <p>We cannot show how it goes on; it goes on all the same. See your account.</p>}
    </section>
  );
}
