/** A value that can be watched: fits React's `useSyncExternalStore`. */
export interface Observed<T> {
  get(): T;
  set(value: T): void;
  /** Calls back after each change. Gives what ends that. */
  subscribe(listener: () => void): () => void;
}

/** Builds a watched value. Setting it to what it is tells nobody. */
export function createObserved<T>(initial: T): Observed<T> {
  const listeners = new Set<() => void>();
  let current = initial;
  return {
    get: () => current,
    set(value) {
      if (Object.is(value, current)) return;
      current = value;
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
