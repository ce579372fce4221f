import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startEmbeddedPostgres } from '../../src/postgres/embedded.ts';

/** A PostgreSQL for the tests of one file, with a database of its own for each that asks. */
export interface TestDatabase {
  /** The address of a new, empty database. */
  fresh(): Promise<string>;
  /** Kills the server at once; it is started again by itself. */
  kill(): void;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Starts an embedded PostgreSQL in a temporary folder. */
export async function startTestDatabase(): Promise<TestDatabase> {
  const folder = mkdtempSync(join(tmpdir(), 'weir-test-'));
  chmodSync(folder, 0o755);
  const server = await startEmbeddedPostgres({ dataDir: folder, log: () => undefined });
  let count = 0;
  return {
    async fresh() {
      count += 1;
      const name = `test_${count}`;
      await ask(server.url, `create database ${name}`);
      return server.url.replace('/postgres?', `/${name}?`);
    },
    kill() {
      const [pid] = readFileSync(join(folder, 'postgres', 'postmaster.pid'), 'utf8').split('\n');
      process.kill(Number(pid), 'SIGKILL');
    },
    async [Symbol.asyncDispose]() {
      await server.close();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** The rows of one statement, over a connection of its own. */
export async function ask(url: string, sql: string, values: readonly unknown[] = []): Promise<unknown[]> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: 10_000,
    query_timeout: 30_000,
  });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(sql, [...values])).rows;
  } finally {
    await client.end();
  }
}
