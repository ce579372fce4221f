import { Apology, Problems } from './notes.tsx';
import { WorkflowProgress } from './progress.tsx';
import type { Write } from './use-write.ts';

/** What has become of a button's write: how it goes on, why it was refused, or that nobody knows. */
export function WhatCameOfIt({ write }: { readonly write: Write }) {
  const { written, apology, onEnd } = write;
  const again = apology && `${apology} If you press the button again, it is still done only once.`;
  return (
    <>
      <Apology>{again}</Apology>
      {written?.workflow ? (
        <WorkflowProgress key={written.workflow.id} first={written.workflow} begun onEnd={onEnd} />
      ) : (
        <Problems problems={written?.problems ?? []} />
      )}
    </>
  );
}
