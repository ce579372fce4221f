import { readFileSync } from 'node:fs';

/** How often to look, in milliseconds. */
const LOOK_MS = 1_000;

/**
 * Calls back once the npm that started this process is gone.
 *
 * npm does not always hand a signal on: killed, it leaves its child behind. Only looked for under npm, since whoever
 * starts node directly may well want it to outlive them. npm runs a script through a shell, which outlives npm; so
 * where the parent is a shell, its parent is looked at too (on Linux, where that can be read).
 */
export function onParentGone(gone: () => void): void {
  if (process.env.npm_lifecycle_event === undefined) return;
  const before = startersOf();
  const timer = setInterval(() => {
    if (startersOf() === before) return;
    clearInterval(timer);
    gone();
  }, LOOK_MS);
  timer.unref();
}

/** The ids of the parent and, where that is a shell, of its parent: another text once one of them is gone. */
function startersOf(): string {
  const parent = process.ppid;
  const { command, parentId } = readProcess(parent);
  return /^(ba|da|z)?sh$/.test(command) ? `${parent} of ${parentId}` : `${parent}`;
}

/** A process's command and parent as Linux tells them; empty where it does not. */
function readProcess(id: number): { readonly command: string; readonly parentId: string } {
  try {
    const [, command = '', parentId = ''] =
      /^\d+ \((.*)\) \S+ (\d+)/s.exec(readFileSync(`/proc/${id}/stat`, 'utf8')) ?? [];
    return { command, parentId };
  } catch {
    return { command: '', parentId: '' };
  }
}
