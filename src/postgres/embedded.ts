import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { checkVersion, makeDatabase, role } from './cluster.ts';
import { type DatabaseUser, databaseUser } from './database-user.ts';
import { messageOf } from './message-of.ts';
import { type NativePrograms, packagedNative, prepareNative } from './native.ts';
import { type Place, preparePlace, socketPort } from './place.ts';
import { runningPostmaster, type StartedPostmaster, startPostmaster, stopPostmaster } from './postmaster.ts';
import { takeStartLock } from './start-lock.ts';

/** How an embedded PostgreSQL is started. */
export interface EmbeddedOptions {
  /** The folder that holds the database, its log and its lock; see `chooseDataDir`. */
  readonly dataDir: string;
  /** Hears what an operator should know, a line at a time. */
  log(message: string): void;
  /** The folder with PostgreSQL's programs; by default the installed package's. */
  readonly native?: string;
  /** Where programs and sockets go that cannot stay where they are; by default the system's. */
  readonly temporary?: string;
}

/** A running PostgreSQL of our own. */
export interface EmbeddedPostgres {
  /** How to connect: a `postgresql:` address over a Unix socket. It stays the same when the server is restarted. */
  readonly url: string;
  /** True where it ran already, started by another process or by one that was killed. */
  readonly adopted: boolean;
  /** Lets go of it; the last process that lets go stops it. Call it after everything that uses the database. */
  close(): Promise<void>;
}

const database = 'postgres';
/** Every process that uses the server holds this advisory lock, shared: whoever can have it alone is the last. */
const tenancyKey = 7_283_905_114;
const startTimeoutMs = 30_000;

/**
 * Makes sure that a PostgreSQL runs on `dataDir`, and restarts it should it die while it is needed.
 *
 * Adopts one that another process started or that a killed process left behind; otherwise makes the database (once)
 * and starts it, detached and reachable only through a Unix socket that only its account and root may open. Throws
 * with what is wrong and what to do about it.
 */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const { dataDir, log, temporary = tmpdir() } = options;
  const user = databaseUser();
  const place = preparePlace(dataDir, user, temporary);
  const programs = prepareNative(options.native ?? packagedNative(), user, temporary, log);
  let tenant = await joinServer(place, programs, user, log);
  const adopted = tenant.adopted;
  let closing: Promise<void> | null = null;
  let rejoining: Promise<void> = Promise.resolve();

  const watch = () => {
    tenant.client.once('end', () => {
      if (!closing) rejoining = rejoin();
    });
  };
  const rejoin = async () => {
    log('The embedded PostgreSQL is gone; starting it again.');
    for (let waitMs = 200; !closing; waitMs = Math.min(waitMs * 2, 5000)) {
      try {
        tenant = await joinServer(place, programs, user, log);
        return watch();
      } catch (error) {
        log(`It could not be started: ${messageOf(error)}`);
        await delay(waitMs);
      }
    }
  };
  const leave = async () => {
    await rejoining;
    const lock = await takeStartLock(place.lockFile, startTimeoutMs);
    try {
      const last = await isLast(tenant.client);
      await tenant.client.end().catch(() => undefined);
      if (last) await stopPostmaster(tenant.pid);
    } finally {
      lock.release();
    }
  };

  watch();
  return {
    url: `postgresql://${role}@localhost:${socketPort}/${database}?host=${encodeURIComponent(place.socketDir)}`,
    adopted,
    close() {
      closing ??= leave();
      return closing;
    },
  };
}

/** A session that keeps the server from being stopped by somebody else. */
interface Tenant {
  readonly client: pg.Client;
  readonly pid: number;
  readonly adopted: boolean;
}

/** Finds the server or starts it, and becomes one of those that need it. */
async function joinServer(
  place: Place,
  programs: NativePrograms,
  user: DatabaseUser,
  log: (message: string) => void,
): Promise<Tenant> {
  const lock = await takeStartLock(place.lockFile, startTimeoutMs);
  try {
    if (!existsSync(join(place.pgData, 'PG_VERSION'))) await makeDatabase(place.pgData, programs, user, log);
    await checkVersion(place.pgData, programs, user);
    return await connectOrStart(place, programs, user);
  } finally {
    lock.release();
  }
}

async function connectOrStart(place: Place, programs: NativePrograms, user: DatabaseUser): Promise<Tenant> {
  const until = performance.now() + startTimeoutMs;
  let started: StartedPostmaster | null = null;
  let reason = 'it did not answer';
  while (performance.now() < until) {
    const running = await runningPostmaster(place.pgData);
    if (running) {
      if (running.socketDir !== null && running.socketDir !== place.socketDir) {
        throw new Error(
          `A PostgreSQL with another address (${running.socketDir}) runs on ${place.pgData}. Stop it (process ` +
            `${running.pid}), or set DATABASE_URL.`,
        );
      }
      if (running.socketDir !== null) {
        try {
          return { client: await connectTenant(place), pid: running.pid, adopted: started === null };
        } catch (error) {
          reason = messageOf(error);
          if (lacksDatabase(error)) {
            // Nobody can use it, and nobody else would stop it.
            if (started) await stopPostmaster(running.pid);
            break;
          }
        }
      }
    } else if (started === null) {
      started = startPostmaster({ ...place, programs, user, port: socketPort });
    } else if (started.ended() !== null) {
      reason = `it ended with ${started.ended()}`;
      if (!isPassing(started.said())) break;
      started = null;
    }
    await delay(20);
  }
  throw new Error(startFault(place, reason, started?.said() ?? ''));
}

/** Whether a server answers and has lost our database, which no waiting brings back. */
function lacksDatabase(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '3D000';
}

/** Whether waiting cures it: the processes of a server that was killed take a moment to notice. */
function isPassing(said: string): boolean {
  return /still in use|already exists/.test(said);
}

function startFault(place: Place, reason: string, said: string): string {
  const quote = said ? ` It says:\n${said}\n` : ' ';
  return (
    `The embedded PostgreSQL on ${place.pgData} could not be started: ${reason}.${quote}` +
    `Its log is ${place.logFile}. Mend what it names, or set DATABASE_URL to a PostgreSQL of your own.`
  );
}

async function connectTenant(place: Place): Promise<pg.Client> {
  const client = new pg.Client({
    host: place.socketDir,
    port: socketPort,
    user: role,
    database,
    application_name: 'weir tenant',
    connectionTimeoutMillis: 5000,
  });
  // A lost connection shows itself by 'end'; without a listener an 'error' would end the process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ data_directory: string }>('show data_directory');
    if (rows[0]?.data_directory !== place.pgData) {
      throw new Error(`another database answers at ${place.socketDir}: ${rows[0]?.data_directory}`);
    }
    await client.query('select pg_advisory_lock_shared($1)', [tenancyKey]);
    return client;
  } catch (error) {
    client.end().catch(() => undefined);
    throw error;
  }
}

async function isLast(client: pg.Client): Promise<boolean> {
  try {
    await client.query('select pg_advisory_unlock_shared($1)', [tenancyKey]);
    const { rows } = await client.query<{ alone: boolean }>('select pg_try_advisory_lock($1) as alone', [
      tenancyKey,
    ]);
    return rows[0]?.alone === true;
  } catch {
    // It is gone already, or going.
    return false;
  }
}
