import pg from 'pg';

/** The database could not be asked, or would not answer. The driver's error is its cause. */
export class DatabaseFault extends Error {
  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.name = 'DatabaseFault';
  }
}

/** Connections for short statements. */
export interface QueryPool {
  /** The rows of a statement. Rejects with a `DatabaseFault`, and soon, where the database is away. */
  query(sql: string, values?: readonly unknown[]): Promise<readonly unknown[]>;
  close(): Promise<void>;
}

/**
 * A pool that gives up early: whoever asks can do without for a moment, and must not wait for long.
 *
 * With `role` its connections act as that role, which the address's own must be a member of.
 */
export function createQueryPool(
  url: string,
  name: string,
  max: number,
  role: string | null = null,
): QueryPool {
  const pool = new pg.Pool({
    connectionString: url,
    application_name: name,
    ...(role === null ? {} : { options: `-c role=${role}` }),
    max,
    connectionTimeoutMillis: 2000,
    statement_timeout: 5000,
    query_timeout: 6000,
    idleTimeoutMillis: 60_000,
  });
  // A connection that is lost while nobody uses it is simply made anew.
  pool.on('error', () => undefined);
  return {
    async query(sql, values = []) {
      try {
        return (await pool.query(sql, [...values])).rows;
      } catch (error) {
        throw new DatabaseFault(error);
      }
    },
    close: () => pool.end(),
  };
}
