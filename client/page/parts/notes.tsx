import type { ReactNode } from 'react';
import type { ProblemNoteFragment } from '../../src/generated/graphql.ts';
import type { Screen } from '../hooks.ts';
import { apology, missing, problemWords } from './words.ts';

/** What stands above a screen: nothing, what is missing, or why there is nothing. */
export function ScreenNote({ screen }: { readonly screen: Omit<Screen<unknown>, 'data'> }) {
  const { failure, errors, busy, retry } = screen;
  if (failure === null && errors.length === 0) return null;
  const text =
    failure === null ? `We could not load ${missing(errors)}. The rest is here.` : apology(failure);
  return (
    <div className="note" role={failure === null ? 'status' : 'alert'}>
      <p>{text}</p>
      <button type="button" className="second" onClick={retry} disabled={busy}>
        Try again
      </button>
    </div>
  );
}

export interface ProblemsProps {
  readonly problems: readonly ProblemNoteFragment[];
  /** What the reader can do about them at once. */
  readonly children?: ReactNode;
}

/** Why something was not done. */
export function Problems({ problems, children }: ProblemsProps) {
  if (problems.length === 0) return null;
  return (
    <div className="note problems" role="alert">
      <ul>
        {problems.map((problem) => (
          <li key={`${problem.code} ${problem.path.join('.')}`}>{problemWords(problem)}</li>
        ))}
      </ul>
      {children}
    </div>
  );
}

/** What is said of a write that nobody answered for. */
export function Apology({ children }: { readonly children: string | null }) {
  return children === null ? null : (
    <p className="note" role="alert">
      {children}
    </p>
  );
}

/** Something is on its way. */
export function Loading({ when }: { readonly when: boolean }) {
  return when ? (
    <p className="loading" role="status">
      Loading…
    </p>
  ) : null;
}
