import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { z } from 'zod';

/** Decodes one row; a zod schema fits. */
export interface RowDecoder<Row> {
  parse(row: unknown): Row;
}

/** A value that SQL can be given. */
export type SqlValue = SQLInputValue;

/** One backend's SQLite file. */
export interface Store {
  /** Runs a statement and says how many rows it changed. */
  run(sql: string, ...values: readonly SqlValue[]): number;
  /** Every row, decoded. */
  all<Row>(decoder: RowDecoder<Row>, sql: string, ...values: readonly SqlValue[]): Row[];
  /** The first row, decoded, or null. */
  get<Row>(decoder: RowDecoder<Row>, sql: string, ...values: readonly SqlValue[]): Row | null;
  /** Runs `act` in one transaction: all of it stays, or, when it throws, nothing. Not to be nested. */
  transaction<T>(act: () => T): T;
  /** Runs `act` inside a transaction; when it throws, only what it did is undone. */
  savepoint<T>(act: () => T): T;
  /** The next free id of a collection, counted up from the last: `"10001"`. Call it inside a transaction. */
  nextId(collection: string): string;
  close(): void;
}

/** Puts the first data into an empty store, inside the transaction that also makes its tables. */
export type Seed = (store: Store) => void;

/** What a store holds. */
export interface StoreDefinition {
  /** The file's name without its ending: `orders`. */
  readonly name: string;
  /** Raise it when `schema` or the seed changes: an older file is then refused, with a word on what to do. */
  readonly version: number;
  /** SQL that makes the tables and indexes. */
  readonly schema: string;
  /** Loads the seed. Called only for a new store, so that a later start does not pay for the generators. */
  loadSeed(): Promise<Seed>;
}

/** Tables that every backend has: ids, stored answers, what took effect. */
const commonSchema = `
  CREATE TABLE sequence (collection TEXT PRIMARY KEY, last INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE stored_answer (
    route TEXT NOT NULL, idempotency_key TEXT NOT NULL, fingerprint TEXT NOT NULL,
    status INTEGER NOT NULL, body TEXT NOT NULL, at REAL NOT NULL,
    PRIMARY KEY (route, idempotency_key)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE ledger (
    position INTEGER PRIMARY KEY, at REAL NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL,
    idempotency_key TEXT, subject TEXT
  ) STRICT;
  CREATE INDEX ledger_by_key ON ledger (idempotency_key, kind) WHERE idempotency_key IS NOT NULL;
`;

const versionRow = z.object({ user_version: z.number() });
const sequenceRow = z.object({ last: z.number() });

/** A column that holds JSON, decoded and then checked by `schema`. */
export function jsonColumn<T>(schema: z.ZodType<T>) {
  return z
    .string()
    .transform((text): unknown => JSON.parse(text))
    .pipe(schema);
}

/**
 * Opens `<dataDir>/<name>.sqlite`, and makes and seeds it where it is new.
 *
 * Tables and seed go in within one transaction, so a start that was killed half-way begins again. The journal
 * is a write-ahead log synced at checkpoints: what was answered outlives the process (also `kill -9`), though
 * not a loss of power. Throws where the file was made by another version of the demo.
 */
export async function openStore(dataDir: string, definition: StoreDefinition): Promise<Store> {
  mkdirSync(dataDir, { recursive: true });
  const file = join(dataDir, `${definition.name}.sqlite`);
  const database = new DatabaseSync(file, { timeout: 5000 });
  try {
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
    const store = toStore(database);
    const versionOf = () => store.get(versionRow, 'PRAGMA user_version')?.user_version ?? 0;
    if (versionOf() === 0) {
      const seed = await definition.loadSeed();
      store.transaction(() => {
        // Another process may have been first while the seed was loading.
        if (versionOf() !== 0) return;
        database.exec(commonSchema);
        database.exec(definition.schema);
        seed(store);
        database.exec(`PRAGMA user_version = ${definition.version}`);
      });
    }
    if (versionOf() !== definition.version) {
      throw new Error(
        `${file} was made by another version of the demo. Remove it (its data is seeded anew), or set DATA_DIR to another folder.`,
      );
    }
    return store;
  } catch (error) {
    database.close();
    throw error;
  }
}

function toStore(database: DatabaseSync): Store {
  const statements = new Map<string, StatementSync>();
  const statementOf = (sql: string): StatementSync => {
    const known = statements.get(sql);
    if (known) return known;
    const statement = database.prepare(sql);
    statements.set(sql, statement);
    return statement;
  };
  const within = <T>(begin: string, commit: string, rollback: string, act: () => T): T => {
    database.exec(begin);
    try {
      const result = act();
      database.exec(commit);
      return result;
    } catch (error) {
      database.exec(rollback);
      throw error;
    }
  };
  const store: Store = {
    run: (sql, ...values) => Number(statementOf(sql).run(...values).changes),
    all: (decoder, sql, ...values) =>
      statementOf(sql)
        .all(...values)
        .map((row) => decoder.parse(row)),
    get: (decoder, sql, ...values) => {
      const row = statementOf(sql).get(...values);
      return row === undefined ? null : decoder.parse(row);
    },
    // IMMEDIATE: takes the write lock at once, so a second process waits instead of failing half-way.
    transaction: (act) => within('BEGIN IMMEDIATE', 'COMMIT', 'ROLLBACK', act),
    savepoint: (act) => within('SAVEPOINT act', 'RELEASE act', 'ROLLBACK TO act; RELEASE act', act),
    nextId: (collection) => {
      const row = store.get(
        sequenceRow,
        `INSERT INTO sequence (collection, last) VALUES (?, 1)
         ON CONFLICT (collection) DO UPDATE SET last = last + 1 RETURNING last`,
        collection,
      );
      return String(row?.last ?? 1);
    },
    close: () => database.close(),
  };
  return store;
}

/** Lets `nextId` go on after the ids that a seed gave out: `1` to `last`. */
export function startIdsAfter(store: Store, collection: string, last: number): void {
  store.run('INSERT INTO sequence (collection, last) VALUES (?, ?)', collection, last);
}
