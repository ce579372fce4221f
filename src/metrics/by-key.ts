/**
 * Keeps what was made for a key, so that labels are put together once and not on every call.
 *
 * Keys are made of names that are bounded already: nothing is ever dropped.
 */
export function byKey<A extends readonly string[], T>(make: (...key: A) => T): (...key: A) => T {
  const made = new Map<string, T>();
  return (...key) => {
    const name = key.join('\n');
    let value = made.get(name);
    if (value === undefined) {
      value = make(...key);
      made.set(name, value);
    }
    return value;
  };
}
