/** A `Storage` that forgets: what `sessionStorage` is to a browser's tab. */
export function createMemoryStorage(entries: Readonly<Record<string, string>> = {}): Storage {
  // As in a browser, the names kept are properties, and `Object.keys` lists them.
  const storage = {};
  const methods = {
    getItem: (name: string) => Reflect.get(storage, name) ?? null,
    setItem: (name: string, value: string) => void Reflect.set(storage, name, String(value)),
    removeItem: (name: string) => void Reflect.deleteProperty(storage, name),
    clear: () => Object.keys(storage).forEach((name) => void Reflect.deleteProperty(storage, name)),
    key: (index: number) => Object.keys(storage)[index] ?? null,
    length: { get: () => Object.keys(storage).length },
  };
  Object.assign(storage, entries);
  for (const [name, method] of Object.entries(methods)) {
    Object.defineProperty(storage, name, typeof method === 'function' ? { value: method } : method);
  }
  return storage as Storage;
}
