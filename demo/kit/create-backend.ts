/**
 * How a REST backend of the demo world is written.
 *
 * A backend is a file in `demo/backends/` that exports one factory. It says what its store holds, what is in
 * it at first, and which routes there are; the kit does the rest the same way for all of them: problem
 * details, validation, tokens, paging, ETags, caching, idempotency, the ledger, latency, faults and the log.
 *
 * ```ts
 * export function createNotes(options: BackendOptions): Promise<Backend> {
 *   return createBackend(
 *     {
 *       name: 'notes', // serves contracts/notes.openapi.yaml, keeps <dataDir>/notes.sqlite
 *       version: 1, // raise it when schema or seed change
 *       schema: `CREATE TABLE note (id TEXT PRIMARY KEY, user_id TEXT NOT NULL, text TEXT NOT NULL) STRICT`,
 *       // Loaded only for a new store, and run inside the transaction that makes the tables.
 *       loadSeed: async () => {
 *         const { seededNotes } = await import('../seed/notes.ts');
 *         return (store) => {
 *           for (const note of seededNotes()) store.run('INSERT INTO note ...', note.id, ...);
 *           startIdsAfter(store, 'note', 100);
 *         };
 *       },
 *       // Runs at every start, after the seed: top up rows, make keys, build what the routes share.
 *       setup: async (store) => ({
 *         routes: [
 *           read({
 *             path: '/notes', by: 'ids', access: 'caller', usualMs: 60, cacheControl: personal,
 *             query: z.strictObject({ ids: keysParameter }),
 *             answer: ({ query, caller }) => ({
 *               items: rowsByIds(store, 'note', query.ids, noteRow).filter((n) => sees(caller, n.userId)),
 *             }),
 *           }),
 *           read({
 *             path: '/notes/{id}', access: 'caller', usualMs: 60, cacheControl: personal,
 *             query: noQuery,
 *             answer: ({ caller, param }) => visible(caller, noteById(param('id'))), // throws not-found
 *           }),
 *           readMadeBy({ store, path: '/notes', kinds: ['note.created'], usualMs: 60, items: notesOf }),
 *           write({
 *             path: '/notes', access: 'machine', usualMs: 60,
 *             body: z.strictObject({ userId: z.string(), text: z.string().min(1) }),
 *             act: ({ body, caller, record }) => {
 *               demandActsFor(caller, body.userId); // forbidden for a machine that acts for somebody else
 *               const note = { id: store.nextId('note'), ...body };
 *               store.run('INSERT INTO note ...', ...);
 *               record('note.created', note.id, `users/${body.userId}`);
 *               return created(note);
 *             },
 *           }),
 *         ],
 *       }),
 *     },
 *     options,
 *   );
 * }
 * ```
 *
 * Several reads on one path are told apart by `by`: exactly one such parameter may be there, and a read
 * without `by` takes the calls that have none. `act` is synchronous and inside a transaction: what it throws
 * (`Problem`) is undone, what it returns is kept, and with an `Idempotency-Key` the answer is stored beside it.
 * To keep something although the call fails, return `answerProblem(...)`; an answer of 500 or more is not
 * stored, so a repeat acts again. For a list use `pageOf`. Then add the factory to `demo/backends.ts`.
 */
import type { JWTVerifyGetKey } from 'jose';
import type { Route } from './route.ts';
import { createServer } from './server.ts';
import { openStore, type Store, type StoreDefinition } from './store.ts';

/** What a backend is made of, beside its store. */
export interface BackendParts {
  readonly routes: readonly Route[];
  /** Documents under `/.well-known`, by path: neither logged, delayed nor spoiled. */
  readonly documents?: Readonly<Record<string, () => unknown>>;
  /** The keys that sign tokens, where the backend has them itself; left out: `BackendOptions.tokenKeys`. */
  readonly tokenKeys?: JWTVerifyGetKey;
}

export interface BackendDefinition extends StoreDefinition {
  setup(store: Store): Promise<BackendParts>;
}

/** `realistic`: each route's own; a number: that many milliseconds for all. */
export type Latency = 'realistic' | number;

export interface BackendOptions {
  /** On loopback; 0 takes a free one. */
  readonly port: number;
  /** The folder of the stores. */
  readonly dataDir: string;
  readonly latency: Latency;
  /** The keys that sign callers' tokens: `remoteKeys(...)` of the users backend. */
  readonly tokenKeys: JWTVerifyGetKey;
}

/** A route as a contract names it. */
export interface ServedRoute {
  readonly method: string;
  /** The template: `/orders/{id}`. */
  readonly path: string;
  /** The query parameter that tells a read from others on its path, or null. */
  readonly by: string | null;
}

/** A backend that listens. */
export interface Backend {
  readonly name: string;
  /** `http://127.0.0.1:4104`. */
  readonly url: string;
  /** What it serves beside `/openapi.json` and `/_demo`, to be compared with its contract. */
  readonly routes: readonly ServedRoute[];
  /** Drops what is open, calls under way included, and closes the store. */
  close(): Promise<void>;
}

/**
 * Opens the store (making and seeding a new one), then listens on loopback.
 *
 * Throws where the store cannot be opened, and Node's `EADDRINUSE` where the port is taken.
 */
export async function createBackend(
  definition: BackendDefinition,
  options: BackendOptions,
): Promise<Backend> {
  const store = await openStore(options.dataDir, definition);
  try {
    const parts = await definition.setup(store);
    const server = createServer({
      name: definition.name,
      store,
      routes: parts.routes,
      documents: parts.documents ?? {},
      tokenKeys: parts.tokenKeys ?? options.tokenKeys,
      latency: options.latency,
    });
    const url = await server.listen(options.port);
    return {
      name: definition.name,
      url,
      routes: [
        ...Object.keys(parts.documents ?? {}).map((path) => ({ method: 'GET', path, by: null })),
        ...parts.routes.map(({ method, path, by }) => ({ method, path, by })),
      ],
      close: async () => {
        await server.close();
        store.close();
      },
    };
  } catch (error) {
    store.close();
    throw error;
  }
}
