import { useCallback, useEffect, useState, useSyncExternalStore } from 'react';
import { WeirError, type WeirPart } from '../src/index.ts';
import { readSession, type Session, writeSession } from './weir.ts';

function listenTo(...events: readonly string[]): (tell: () => void) => () => void {
  return (tell) => {
    for (const event of events) addEventListener(event, tell);
    return () => {
      for (const event of events) removeEventListener(event, tell);
    };
  };
}

const onHash = listenTo('hashchange');
const onSession = listenTo('weir:session');

/** Where the reader is: the address keeps all that a screen was asked for, so that going back goes back. */
export interface Place {
  readonly path: string;
  readonly asked: URLSearchParams;
  /** Both, as they stand behind the `#`. */
  readonly whole: string;
}

/** What stands behind the `#`. */
export function usePlace(): Place {
  const whole = useSyncExternalStore(onHash, () => location.hash.slice(1) || '/');
  const [path = '/', query = ''] = whole.split('?');
  return { path, asked: new URLSearchParams(query), whole };
}

/** The address of a place; what is empty is left out. */
export function placeOf(path: string, asked: Readonly<Record<string, string | null>> = {}): string {
  const given = Object.entries(asked).filter((entry): entry is [string, string] => Boolean(entry[1]));
  return given.length === 0 ? `#${path}` : `#${path}?${new URLSearchParams(given)}`;
}

/** Who is signed in. */
export function useSession(): Session | null {
  const text = useSyncExternalStore(onSession, () => JSON.stringify(readSession()));
  return JSON.parse(text) as Session | null;
}

/** What a screen has of its one query. */
export interface Screen<Result> {
  /** What is there, of the last answer too while the next one comes. */
  readonly data: Result | null;
  /** What is missing from it. */
  readonly errors: readonly WeirError[];
  /** Why there is nothing. */
  readonly failure: WeirError | null;
  readonly busy: boolean;
  retry(): void;
}

/** Runs a screen's query, again whenever `key` or the reader changes, and calls it off when the reader leaves. */
export function useScreen<Result>(
  key: string,
  read: (signal: AbortSignal) => AsyncIterable<Pick<WeirPart<Result>, 'data' | 'errors'>>,
): Screen<Result> {
  const [state, setState] = useState<Omit<Screen<Result>, 'retry'>>({
    data: null,
    errors: [],
    failure: null,
    busy: true,
  });
  const [round, setRound] = useState(0);
  const reader = useSession()?.token ?? '';
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` says all that `read` depends on.
  useEffect(() => {
    const off = new AbortController();
    const run = async (): Promise<void> => {
      setState((before) => ({ ...before, busy: true, failure: null }));
      try {
        for await (const { data, errors } of read(off.signal)) {
          setState({ data, errors, failure: null, busy: true });
        }
        setState((before) => ({ ...before, busy: false }));
      } catch (error) {
        if (off.signal.aborted) return;
        const failure =
          error instanceof WeirError ? error : new WeirError('INTERNAL', 'This page made a mistake.');
        setState((before) => ({ ...before, errors: [], failure, busy: false }));
        // A token that is not good any more spoils what everybody may read, too.
        if (failure.code === 'UNAUTHENTICATED') writeSession(null);
      }
    };
    void run();
    return () => off.abort();
  }, [key, round, reader]);
  const retry = useCallback(() => setRound((before) => before + 1), []);
  return { ...state, retry };
}

/** A single answer, as `useScreen` reads it. */
export async function* once<T>(answer: Promise<T>): AsyncGenerator<T, void> {
  yield await answer;
}
