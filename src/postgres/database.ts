import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded.ts';

/** A PostgreSQL to work with: the one that was named, or one of our own. */
export interface Database {
  /** How to connect. */
  readonly url: string;
  readonly embedded: boolean;
  /** Call it last. An embedded server is stopped by the last process that needed it. */
  close(): Promise<void>;
}

/** Where durable data goes: a named database, or else a folder for an embedded one. */
export interface DatabaseOptions {
  /** `DATABASE_URL`, or null for an embedded database in `dataDir`. */
  readonly url: string | null;
  readonly dataDir: string;
  log(message: string): void;
}

/** Gives the database that `DATABASE_URL` names, or starts (or adopts) the embedded one in `dataDir`. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  if (options.url !== null) {
    return { url: options.url, embedded: false, close: async () => undefined };
  }
  const server: EmbeddedPostgres = await startEmbeddedPostgres(options);
  return { url: server.url, embedded: true, close: () => server.close() };
}
