import { useState } from 'react';
import { type ProblemNoteFragment, SignInDocument } from '../../src/generated/graphql.ts';
import { WeirError } from '../../src/index.ts';
import { Apology, Problems } from '../parts/notes.tsx';
import { apology } from '../parts/words.ts';
import { weir, writeSession } from '../weir.ts';

/** Who is it? Leads to where the reader came from. */
export function SignIn({ back }: { readonly back: string }) {
  const [email, setEmail] = useState('ada@example.com');
  const [password, setPassword] = useState('');
  const [problems, setProblems] = useState<readonly ProblemNoteFragment[]>([]);
  const [sorry, setSorry] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const signIn = async (): Promise<void> => {
    setBusy(true);
    setSorry(null);
    try {
      const { data } = await weir.mutate(SignInDocument, { email, password });
      const { accessToken, user } = data.signIn;
      setProblems(data.signIn.problems);
      if (!accessToken) return;
      writeSession({ token: accessToken, name: user?.name ?? email });
      location.replace(`#${back}`);
    } catch (error) {
      setSorry(error instanceof WeirError ? apology(error) : 'Something did not work. It is on our side.');
    } finally {
      setBusy(false);
    }
  };
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        void signIn();
      }}
    >
      <h1>Sign in</h1>
      <label>
        E-mail
        <input
          type="email"
          required
          autoComplete="username"
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
      </label>
      <label>
        Password
        <input
          type="password"
          required
          autoComplete="current-password"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
      </label>
      <Problems problems={problems} />
      <Apology>{sorry}</Apology>
      <button type="submit" disabled={busy}>
        {busy ? 'Signing in…' : 'Sign in'}
      </button>
      <p>
        <small>In the demo everybody’s password is “waterfall”.</small>
      </p>
    </form>
  );
}
