import type { PageStorage } from './graphiql-types.ts';

/** GraphiQL's own prefix for the names of what it keeps. */
const namespace = 'graphiql:';
/** Lists of past queries, each with the headers it was sent with. */
const histories = new Set([`${namespace}queries`, `${namespace}favorites`]);

/**
 * Where GraphiQL keeps tabs, history and theme: the given storage, less request headers.
 *
 * GraphiQL leaves headers out of its tabs when told to, but its history writes them down all the same, and a
 * token pasted into the headers editor would lie in `localStorage` for good.
 */
export function createPageStorage(storage: Storage): PageStorage {
  const names = () => Object.keys(storage).filter((name) => name.startsWith(namespace));
  return {
    getItem: (name) => storage.getItem(name),
    setItem: (name, value) => storage.setItem(name, histories.has(name) ? withoutHeaders(value) : value),
    removeItem: (name) => storage.removeItem(name),
    clear() {
      for (const name of names()) storage.removeItem(name);
    },
    get length() {
      return names().length;
    },
  };
}

function withoutHeaders(json: string): string {
  return JSON.stringify(JSON.parse(json), (key, value: unknown) => (key === 'headers' ? undefined : value));
}
