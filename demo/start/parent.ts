/** How often to look, in milliseconds. */
const LOOK_MS = 1_000;

/**
 * Calls back once the process that started this one is gone.
 *
 * npm does not always hand a signal on: killed, it leaves its child behind. Only looked for under npm, since whoever
 * starts node directly may well want it to outlive them.
 */
export function onParentGone(gone: () => void): void {
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    gone();
  }, LOOK_MS);
  timer.unref();
}
