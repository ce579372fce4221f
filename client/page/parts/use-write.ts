import { useRef, useState } from 'react';
import type { ProblemNoteFragment, WorkflowStateFragment } from '../../src/generated/graphql.ts';
import { newIdempotencyKey, WeirError } from '../../src/index.ts';
import { writeSession } from '../weir.ts';
import { apology } from './words.ts';

/** What a write answers. */
export interface Written {
  readonly workflow?: WorkflowStateFragment | null;
  readonly problems: readonly ProblemNoteFragment[];
}

export interface Write {
  /** Sent, or begun and not at its end. */
  readonly busy: boolean;
  readonly written: Written | null;
  /** The workflow's last state, where it has come. */
  readonly end: WorkflowStateFragment | null;
  /** Why nobody knows whether it was done: sending again settles it, with the same key. */
  readonly apology: string | null;
  run(): void;
  /** To be told of the workflow's last state. */
  onEnd(state: WorkflowStateFragment): void;
}

/**
 * A button's write: one key until it was answered, however often the button is pressed. `input` says what is written:
 * another input is another write.
 */
export function useWrite(input: string, send: (idempotencyKey: string) => Promise<Written>): Write {
  const [sending, setSending] = useState(false);
  const [written, setWritten] = useState<Written | null>(null);
  const [end, onEnd] = useState<WorkflowStateFragment | null>(null);
  const [sorry, setSorry] = useState<string | null>(null);
  const key = useRef<{ readonly input: string; readonly key: string } | null>(null);
  const run = async (): Promise<void> => {
    if (key.current?.input !== input) key.current = { input, key: newIdempotencyKey() };
    setSending(true);
    setSorry(null);
    setWritten(null);
    onEnd(null);
    try {
      setWritten(await send(key.current.key));
      key.current = null;
    } catch (error) {
      const known = error instanceof WeirError ? error : null;
      setSorry(known ? apology(known) : 'Something did not work. It is on our side.');
      if (known?.code === 'UNAUTHENTICATED') writeSession(null);
    } finally {
      setSending(false);
    }
  };
  const busy = sending || (written?.workflow != null && end === null);
  return { busy, written, end, apology: sorry, run: () => void run(), onEnd };
}
