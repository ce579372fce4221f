/** A level of names, each leading to the next level or, at the last, to what was made. */
interface Level<T> {
  readonly next: Map<string, Level<T>>;
  made: { readonly value: T } | null;
}

/**
 * Keeps what was made for a key, so that labels are put together once and not on every call.
 *
 * Keys are made of names that are bounded already: nothing is ever dropped.
 */
export function byKey<A extends readonly string[], T>(make: (...key: A) => T): (...key: A) => T {
  const root: Level<T> = { next: new Map(), made: null };
  return (...key) => {
    let level = root;
    for (const name of key) {
      let next = level.next.get(name);
      if (next === undefined) {
        next = { next: new Map(), made: null };
        level.next.set(name, next);
      }
      level = next;
    }
    level.made ??= { value: make(...key) };
    return level.made.value;
  };
}
