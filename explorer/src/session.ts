import { createObserved } from './observed.ts';

/** Who is signed in. */
export interface SignedIn {
  readonly token: string;
  /** The person's name where it is known. */
  readonly name: string | null;
  /** Milliseconds since the epoch, or null where it is not known. */
  readonly expiresAt: number | null;
}

export interface SessionState {
  readonly signedIn: SignedIn | null;
  /** Whether requests ask for the waterfall. */
  readonly trace: boolean;
  /** Why nobody is signed in any more, for people; null where nothing is to be said. */
  readonly notice: string | null;
}

export interface Session {
  get(): SessionState;
  subscribe(listener: () => void): () => void;
  /** From now on requests carry this token. What is not told about it is read from its claims. */
  adopt(signedIn: SignedIn): void;
  signOut(notice?: string): void;
  setTrace(trace: boolean): void;
  /** The token to send, or null. Ends a session whose token has run out. */
  liveToken(): string | null;
}

const signedInKey = 'weir.signedIn';
const traceKey = 'weir.trace';

/**
 * The explorer's own state: who is signed in, and whether to trace.
 *
 * It is kept in the given storage, which should be `sessionStorage`: a token must not outlive the browser's tab.
 */
export function createSession(storage: Storage, now: () => number = Date.now): Session {
  const state = createObserved<SessionState>({
    signedIn: restored(storage),
    trace: storage.getItem(traceKey) !== 'off',
    notice: null,
  });

  function signOut(notice: string | null): void {
    storage.removeItem(signedInKey);
    state.set({ ...state.get(), signedIn: null, notice });
  }

  return {
    get: state.get,
    subscribe: state.subscribe,
    adopt(signedIn) {
      const claims = claimsOf(signedIn.token);
      const complete = {
        ...signedIn,
        expiresAt: signedIn.expiresAt ?? (typeof claims.exp === 'number' ? claims.exp * 1000 : null),
      };
      storage.setItem(signedInKey, JSON.stringify(complete));
      state.set({ ...state.get(), signedIn: complete, notice: null });
    },
    signOut: (notice) => signOut(notice ?? null),
    setTrace(trace) {
      storage.setItem(traceKey, trace ? 'on' : 'off');
      state.set({ ...state.get(), trace });
    },
    liveToken() {
      const { signedIn } = state.get();
      if (signedIn?.expiresAt && signedIn.expiresAt <= now()) {
        signOut('Your session has run out. Please sign in again.');
        return null;
      }
      return signedIn?.token ?? null;
    },
  };
}

function restored(storage: Storage): SignedIn | null {
  const value = parsed(storage.getItem(signedInKey) ?? 'null');
  if (typeof value.token !== 'string') return null;
  return {
    token: value.token,
    name: typeof value.name === 'string' ? value.name : null,
    expiresAt: typeof value.expiresAt === 'number' ? value.expiresAt : null,
  };
}

/** A token's claims, unverified: good for showing, not for trusting. Empty for what is no JSON Web Token. */
function claimsOf(token: string): Readonly<Record<string, unknown>> {
  const [, payload = ''] = token.split('.');
  try {
    return parsed(atob(payload.replaceAll('-', '+').replaceAll('_', '/')));
  } catch {
    return {};
  }
}

function parsed(json: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
