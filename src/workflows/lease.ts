import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import { createSession } from '../postgres/session.ts';

/**
 * A process's sign of life: an advisory lock that lives in a connection which PostgreSQL ends when it falls silent.
 *
 * While the lock is held the process is alive. When it dies, sleeps or loses its connection, the lock is free within
 * `timeoutMs`, and others may finish what it had begun.
 */
export interface Lease {
  /** Resolves when the lock was taken for the first time. */
  readonly ready: Promise<void>;
  /** Whether the lock was surely ours a moment ago; where not, somebody else may have taken over. */
  isFresh(): boolean;
  /** Whether there is a connection that answers. */
  isUp(): boolean;
  /** Whether it has been up long enough for others, who lost theirs at the same time, to be back as well. */
  isSettled(): boolean;
  /**
   * Runs `work` if the process of this name is gone, while nobody else can run its own for that name. False where
   * it lives, or where this process itself is not sure of its connection.
   */
  ifGone(name: string, work: () => Promise<void>): Promise<boolean>;
  close(): Promise<void>;
}

export interface LeaseOptions {
  readonly url: string;
  /** Unique a start of a process. */
  readonly name: string;
  /** How long a silent process keeps its lock. */
  readonly timeoutMs?: number;
  /** How long after its own connection was lost and made anew a process judges others. */
  readonly settleMs?: number;
  log(message: string): void;
}

const lockOf = "hashtextextended('weir executor ' || $1, 0)";

export function createLease(options: LeaseOptions): Lease {
  const { url, name, timeoutMs = 4000, settleMs = 5000, log } = options;
  let closed = false;
  let ackedAt = Number.NEGATIVE_INFINITY;
  let settledAt = Number.POSITIVE_INFINITY;

  const session = createSession({
    url,
    name: 'weir lease',
    log,
    async setUp(client) {
      await client.query(`set idle_session_timeout = ${timeoutMs}`);
      const { rows } = await client.query<{ taken: boolean; uptime: number }>(
        `select pg_try_advisory_lock(${lockOf}) as taken,
           extract(epoch from clock_timestamp() - pg_postmaster_start_time())::float8 * 1000 as uptime`,
        [name],
      );
      if (!rows[0]?.taken) throw new Error('its lock is still held by an earlier connection');
      // Nobody was connected before the server was there: those who were must get the time to come back.
      settledAt = performance.now() + Math.max(0, settleMs - rows[0].uptime);
      ackedAt = performance.now();
    },
    onUp(reconnected) {
      if (reconnected) settledAt = performance.now() + settleMs;
    },
    onDown() {
      settledAt = Number.POSITIVE_INFINITY;
      if (!closed) log('The connection that shows that this process is alive was lost; making a new one.');
    },
  });

  /** One statement after the other: a connection takes no two at once. */
  let tail: Promise<unknown> = Promise.resolve();
  const ask = (
    client: pg.Client,
    sql: string,
    values: readonly unknown[] = [],
  ): Promise<readonly unknown[]> => {
    const asked = tail.then(async () => (await client.query(sql, [...values])).rows);
    tail = asked.catch(() => undefined);
    return asked;
  };
  const tryLock = async (client: pg.Client, other: string): Promise<boolean> => {
    const rows = await ask(client, `select 1 where pg_try_advisory_lock(${lockOf})`, [other]);
    return rows.length === 1;
  };

  const beat = async (): Promise<void> => {
    while (!closed) {
      const client = session.current();
      if (client) {
        const sentAt = performance.now();
        const late = setTimeout(() => session.cut(), timeoutMs);
        try {
          await ask(client, 'select 1');
          ackedAt = Math.max(ackedAt, sentAt);
        } catch {
          // The session notices by itself.
        } finally {
          clearTimeout(late);
        }
      }
      await delay(timeoutMs / 4, undefined, { ref: false });
    }
  };
  const beating = session.ready.then(beat);

  const isUp = (): boolean => session.current() !== null;
  const isFresh = (): boolean => isUp() && performance.now() - ackedAt < (timeoutMs * 3) / 4;

  return {
    ready: session.ready,
    isFresh,
    isUp,
    isSettled: () => isFresh() && performance.now() >= settledAt,
    async ifGone(other, work) {
      const client = session.current();
      if (!client || !isFresh()) return false;
      if (!(await tryLock(client, other))) return false;
      try {
        await work();
      } finally {
        // Where the connection is lost, so is the lock.
        await ask(client, `select pg_advisory_unlock(${lockOf})`, [other]).catch(() => undefined);
      }
      return true;
    },
    async close() {
      closed = true;
      await session.close();
      void beating;
    },
  };
}
