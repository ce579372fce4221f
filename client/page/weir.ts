import { createWeirClient } from '../src/index.ts';

const KEY = 'weir.session';

/** Who is signed in on this page, for as long as the tab is open. */
export interface Session {
  readonly token: string;
  readonly name: string;
}

/** What this tab remembers of who signed in. */
export function readSession(): Session | null {
  const text = sessionStorage.getItem(KEY);
  return text === null ? null : (JSON.parse(text) as Session);
}

/** Signs in, or out with null. */
export function writeSession(session: Session | null): void {
  if (session === null) sessionStorage.removeItem(KEY);
  else sessionStorage.setItem(KEY, JSON.stringify(session));
  dispatchEvent(new Event('weir:session'));
}

export const weir = createWeirClient({
  url: new URL('/graphql', location.href).href,
  token: () => readSession()?.token ?? null,
  clientName: 'weir-shop',
  // The gateway knows the page's documents since it was built, and runs them where it runs no others.
  documents: 'hash',
});
