import { type FormEvent, useEffect, useId, useRef, useState } from 'react';
import { useExplorer, useSession } from '../explorer-context.ts';
import type { SignedIn } from '../session.ts';
import { signIn } from '../sign-in.ts';

/** The button that says who is signed in, and what it opens. */
export function SignInControl() {
  const { signedIn, notice } = useSession();
  const popover = useRef<HTMLDivElement>(null);
  const id = useId();
  const close = () => popover.current?.hidePopover();

  useEffect(() => {
    // A session that ended by itself is news to whoever works here.
    if (notice) popover.current?.showPopover();
  }, [notice]);

  return (
    <>
      <button type="button" className="weir-sign-in" popoverTarget={id} data-signed-in={signedIn !== null}>
        {signedIn ? (
          <>
            <span className="weir-sign-in-dot" aria-hidden="true" />
            {signedIn.name ?? 'Signed in'}
          </>
        ) : (
          'Sign in'
        )}
      </button>
      <div ref={popover} id={id} popover="auto" className="weir-popover" role="dialog" aria-label="Sign in">
        {signedIn ? (
          <SignedInCard signedIn={signedIn} onDone={close} />
        ) : (
          <SignInForm notice={notice} onDone={close} />
        )}
      </div>
    </>
  );
}

const demoPassword = 'waterfall';
const demoPeople = [
  { name: 'Ada', email: 'ada@example.com' },
  { name: 'Grace', email: 'grace@example.com' },
  { name: 'Root', email: 'root@example.com' },
];

function SignInForm({ notice, onDone }: { readonly notice: string | null; readonly onDone: () => void }) {
  const { url, session } = useExplorer();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  function submit(event: FormEvent) {
    event.preventDefault();
    void enter(email, password);
  }

  async function enter(as: string, by: string) {
    setBusy(true);
    setProblem(null);
    const outcome = await signIn(url, as, by);
    setBusy(false);
    if ('problem' in outcome) {
      setProblem(outcome.problem);
      return;
    }
    setPassword('');
    session.adopt(outcome.signedIn);
    onDone();
  }

  return (
    <form className="weir-form" onSubmit={submit}>
      <h2>Sign in</h2>
      {notice && <p className="weir-form-notice">{notice}</p>}
      <label>
        Email
        <input
          type="email"
          name="email"
          autoComplete="username"
          required
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
      </label>
      <label>
        Password
        <input
          type="password"
          name="password"
          autoComplete="current-password"
          required
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
      </label>
      {problem && (
        <p className="weir-form-problem" role="alert">
          {problem}
        </p>
      )}
      <button type="submit" className="weir-primary" disabled={busy}>
        {busy ? 'Signing in…' : 'Sign in'}
      </button>
      <fieldset className="weir-people">
        <legend>In the demo world</legend>
        {demoPeople.map((person) => (
          <button
            key={person.email}
            type="button"
            disabled={busy}
            onClick={() => void enter(person.email, demoPassword)}
          >
            {person.name}
          </button>
        ))}
      </fieldset>
      <p className="weir-form-hint">
        The token stays in this browser tab. You can also put one into the Headers editor:{' '}
        <code>{'{ "authorization": "Bearer …" }'}</code>
      </p>
    </form>
  );
}

function SignedInCard({ signedIn, onDone }: { readonly signedIn: SignedIn; readonly onDone: () => void }) {
  const { session } = useExplorer();
  const until = signedIn.expiresAt && new Date(signedIn.expiresAt);
  return (
    <div className="weir-form">
      <h2>{signedIn.name ?? 'Signed in'}</h2>
      <p className="weir-form-hint">
        Requests carry this person’s token
        {until && ` until ${until.toLocaleString([], { dateStyle: 'medium', timeStyle: 'short' })}`}.
      </p>
      <button
        type="button"
        className="weir-secondary"
        onClick={() => {
          session.signOut();
          onDone();
        }}
      >
        Sign out
      </button>
    </div>
  );
}
