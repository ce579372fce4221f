import { useCallback, useEffect, useState, useSyncExternalStore } from 'react';
import { WeirError, type WeirPart } from '../src/index.ts';
import { readSession, type Session } from './weir.ts';

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

/** Where the reader is: what stands behind the `#`. */
export function usePlace(): string {
  return useSyncExternalStore(onHash, () => location.hash.slice(1) || '/');
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

/** Runs a screen's query, again whenever `key` changes, and calls it off when the reader leaves. */
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
        setState((before) => ({ ...before, failure, busy: false }));
      }
    };
    void run();
    return () => off.abort();
  }, [key, round]);
  const retry = useCallback(() => setRound((before) => before + 1), []);
  return { ...state, retry };
}

/** A single answer, as `useScreen` reads it. */
export async function* once<T>(answer: Promise<T>): AsyncGenerator<T, void> {
  yield await answer;
}
