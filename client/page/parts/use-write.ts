import { useRef, useState } from 'react';
import type { ProblemNoteFragment, WorkflowStateFragment } from '../../src/generated/graphql.ts';
import { newIdempotencyKey, WeirError } from '../../src/index.ts';
import { apology } from './words.ts';

/** What a write answers. */
export interface Written {
  readonly workflow?: WorkflowStateFragment | null;
  readonly problems: readonly ProblemNoteFragment[];
}

export interface Write {
  readonly busy: boolean;
  readonly written: Written | null;
  /** Why nobody knows whether it was done: sending again settles it, with the same key. */
  readonly apology: string | null;
  run(): void;
}

/**
 * A button's write: one key until it was answered, however often the button is pressed. `input` says what is written:
 * another input is another write.
 */
export function useWrite(input: string, send: (idempotencyKey: string) => Promise<Written>): Write {
  const [busy, setBusy] = useState(false);
  const [written, setWritten] = useState<Written | null>(null);
  const [sorry, setSorry] = useState<string | null>(null);
  const key = useRef<{ readonly input: string; readonly key: string } | null>(null);
  const run = async (): Promise<void> => {
    if (key.current?.input !== input) key.current = { input, key: newIdempotencyKey() };
    setBusy(true);
    setSorry(null);
    try {
      setWritten(await send(key.current.key));
      key.current = null;
    } catch (error) {
      setSorry(error instanceof WeirError ? apology(error) : 'Something did not work. It is on our side.');
    } finally {
      setBusy(false);
    }
  };
  return { busy, written, apology: sorry, run: () => void run() };
}
