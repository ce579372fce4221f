import { useEffect, useRef, useState } from 'react';
import {
  type StepStatus,
  WorkflowProgressDocument,
  type WorkflowStateFragment,
  type WorkflowStatus,
} from '../../src/generated/graphql.ts';
import { usePlace } from '../hooks.ts';
import { weir } from '../weir.ts';
import { Problems } from './notes.tsx';
import { stepWords, workflowWords } from './words.ts';

const SAYS: Readonly<Record<WorkflowStatus, string>> = {
  RUNNING: 'at work…',
  WAITING: 'waiting',
  SUCCEEDED: 'done',
  FAILED: 'not done',
  COMPENSATING: 'being taken back…',
  COMPENSATED: 'taken back, nothing is left of it',
  CANCELLED: 'cancelled',
};

const STEP_SAYS: Readonly<Record<StepStatus, string>> = {
  PENDING: 'to come',
  RUNNING: 'at work…',
  SUCCEEDED: 'done',
  FAILED: 'refused',
  COMPENSATED: 'taken back',
  SKIPPED: 'not needed',
};

/** Whether nothing more happens to a workflow. */
export function hasEnded({ status }: Pick<WorkflowStateFragment, 'status'>): boolean {
  return ['SUCCEEDED', 'FAILED', 'COMPENSATED', 'CANCELLED'].includes(status);
}

export interface WorkflowProgressProps {
  readonly first: WorkflowStateFragment;
  /** Whether the reader has just begun it, and is to be led to it. */
  readonly begun?: boolean;
  /** Hears of the last state. */
  readonly onEnd?: (state: WorkflowStateFragment) => void;
}

/** A workflow as it goes on, live; read out as it changes. */
export function WorkflowProgress({ first, begun = false, onEnd }: WorkflowProgressProps) {
  const [state, setState] = useState(first);
  const [lost, setLost] = useState(false);
  const start = useRef(first);
  const told = useRef(onEnd);
  told.current = onEnd;
  const heading = useRef<HTMLHeadingElement>(null);
  // The form that was sent has gone, and the keyboard's place with it.
  useEffect(() => {
    if (begun) heading.current?.focus();
  }, [begun]);
  useEffect(() => {
    const off = new AbortController();
    const hear = (now: WorkflowStateFragment): void => {
      setState(now);
      if (hasEnded(now)) told.current?.(now);
    };
    const follow = async (): Promise<void> => {
      const { id } = start.current;
      if (hasEnded(start.current)) return hear(start.current);
      const { signal } = off;
      try {
        for await (const { data } of weir.subscribe(WorkflowProgressDocument, { id }, { signal })) {
          if (data.workflow) hear(data.workflow);
        }
      } catch {
        if (!signal.aborted) setLost(true);
      }
    };
    void follow();
    return () => off.abort();
  }, []);
  const { name, status, steps, problems, waitingFor, subject } = state;
  return (
    <section className="progress" aria-label={`${workflowWords(name)}: progress`}>
      <h2 ref={heading} tabIndex={-1}>
        {workflowWords(name)}{' '}
        <span className="badge" data-status={status} role="status">
          {SAYS[status]}
        </span>
      </h2>
      {waitingFor && <p>We wait for {waitingFor}.</p>}
      <ol>
        {steps
          .filter((step) => step.status !== 'SKIPPED' && !(hasEnded(state) && step.status === 'PENDING'))
          .map((step) => (
            <li key={step.name} data-status={step.status}>
              <span>{stepWords(step.name)}</span>
              <small>
                {step.status === 'RUNNING' && status === 'WAITING' ? SAYS.WAITING : STEP_SAYS[step.status]}
                {step.attempts > 1 && `, at the ${ordinal(step.attempts)} try`}
              </small>
            </li>
          ))}
      </ol>
      <Problems problems={problems} />
      {lost && (
        <p className="note" role="alert">
          We cannot show how it goes on; it goes on all the same. <a href="#/account">Your account</a> has it.
        </p>
      )}
      {status === 'SUCCEEDED' && subject && <LinkTo subject={subject} />}
    </section>
  );
}

/** Leads to what a workflow has made; nowhere for who is there already. */
function LinkTo({ subject }: { readonly subject: { readonly __typename: string; readonly id: string } }) {
  const { path } = usePlace();
  const [to, says] =
    subject.__typename === 'Order'
      ? [`/orders/${subject.id}`, 'See your order']
      : ['/account', 'See your bookings'];
  return path === to ? null : (
    <p>
      <a href={`#${to}`}>{says}</a>
    </p>
  );
}

function ordinal(count: number): string {
  return count === 2 ? 'second' : count === 3 ? 'third' : `${count}th`;
}
