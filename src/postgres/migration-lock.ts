import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';

/**
 * Runs `migrate` while no other process migrates the same database, so that any number of replicas may start at
 * once on an empty one.
 *
 * The lock is asked for again and again rather than waited for: a session that waits inside PostgreSQL holds a
 * snapshot, which keeps the migrating one's `create index concurrently` from ever ending. Throws after `timeoutMs`.
 */
export async function withMigrationLock<T>(
  url: string,
  migrate: (client: pg.Client) => Promise<T>,
  timeoutMs = 60_000,
): Promise<T> {
  const client = new pg.Client({ connectionString: url, application_name: 'weir migrations' });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const until = performance.now() + timeoutMs;
    while (!(await tryLock(client))) {
      if (performance.now() > until) {
        throw new Error(
          `Another process has been migrating the database for ${Math.round(timeoutMs / 1000)} s.`,
        );
      }
      await delay(50);
    }
    // The lock ends with the session.
    return await migrate(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function tryLock(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ taken: boolean }>(
    "select pg_try_advisory_lock(hashtextextended('weir migrations', 0)) as taken",
  );
  return rows[0]?.taken === true;
}
