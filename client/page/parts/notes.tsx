import type { ProblemNoteFragment } from '../../src/generated/graphql.ts';
import type { Screen } from '../hooks.ts';
import { apology, missing } from './words.ts';

/** What stands above a screen: nothing, what is missing, or why there is nothing. */
export function ScreenNote({ screen }: { readonly screen: Omit<Screen<unknown>, 'data'> }) {
  const { failure, errors, busy, retry } = screen;
  if (failure === null && errors.length === 0) return null;
  const text =
    failure === null ? `We could not load ${missing(errors)}. The rest is here.` : apology(failure);
  return (
    <div className="note" role={failure === null ? 'status' : 'alert'}>
      <p>{text}</p>
      <button type="button" onClick={retry} disabled={busy}>
        Try again
      </button>
    </div>
  );
}

/** Why something was not done, as the person at the screen can act on it. */
export function Problems({ problems }: { readonly problems: readonly ProblemNoteFragment[] }) {
  if (problems.length === 0) return null;
  return (
    <ul className="note problems" role="alert">
      {problems.map((problem) => (
        <li key={`${problem.code} ${problem.path.join('.')}`}>
          {problem.message}
          {problem.__typename === 'OutOfStock' && problem.available > 0 && ` There are ${problem.available}.`}
        </li>
      ))}
    </ul>
  );
}
