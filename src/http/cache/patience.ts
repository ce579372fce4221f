/**
 * Waits for a promise, and after `waitMs` no longer than there is nothing to stand in for it. The promise then
 * goes on unheard.
 */
export function withPatience<T>(awaited: Promise<T>, waitMs: number, standIn: () => T | null): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      const stand = standIn();
      if (stand !== null) resolve(stand);
    }, waitMs);
    awaited.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
