import { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { messageOf } from './message-of.ts';

/** How a lasting connection is kept. */
export interface SessionOptions {
  readonly url: string;
  /** What the connection calls itself in `pg_stat_activity`. */
  readonly name: string;
  /** Runs on each new connection before it counts as up; a throw makes it try again. */
  setUp(client: pg.Client): Promise<void>;
  /** A connection is up and set up. `reconnected` is false the first time. */
  onUp?(reconnected: boolean): void;
  /** The connection is lost. */
  onDown?(): void;
  onNotification?(message: pg.Notification): void;
  log(message: string): void;
}

/** One connection of our own, for what must not come from a pool: locks, LISTEN. */
export interface Session {
  /** The connection, or null while there is none. */
  current(): pg.Client | null;
  /** Resolves when it is up for the first time. */
  readonly ready: Promise<void>;
  /** Cuts a connection that no longer answers; a new one is made. */
  cut(): void;
  close(): Promise<void>;
}

interface Connection {
  readonly client: pg.Client;
  readonly socket: Socket;
  readonly ended: Promise<void>;
}

/** Between two tries; short, since whoever lost a lock is in a hurry to have it back. */
const retryMs = 200;

/** Keeps one connection up until it is closed, making a new one whenever it is lost. Never rejects. */
export function createSession(options: SessionOptions): Session {
  let current: Connection | null = null;
  let closed = false;
  let ups = 0;
  const ready = Promise.withResolvers<void>();

  const connect = async (): Promise<Connection> => {
    // A socket of our own, since `client.end()` waits for a server that may be past answering.
    const socket = new Socket();
    const ended = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    const client = new pg.Client({
      stream: () => socket,
      connectionString: options.url,
      application_name: options.name,
      connectionTimeoutMillis: 3000,
      keepAlive: true,
    });
    client.on('error', () => undefined);
    if (options.onNotification) client.on('notification', options.onNotification);
    try {
      await client.connect();
      await options.setUp(client);
      return { client, socket, ended };
    } catch (error) {
      socket.destroy();
      throw error;
    }
  };

  const keep = async (): Promise<void> => {
    let silent = false;
    while (!closed) {
      try {
        const connection = await connect();
        if (closed) {
          connection.socket.destroy();
          return;
        }
        current = connection;
        silent = false;
        options.onUp?.(ups > 0);
        ups += 1;
        ready.resolve();
        await connection.ended;
        current = null;
        if (!closed) options.onDown?.();
      } catch (error) {
        if (!silent) options.log(`${options.name}: no connection to the database: ${messageOf(error)}`);
        silent = true;
      }
      if (!closed) await delay(retryMs);
    }
  };
  const kept = keep();

  return {
    current: () => current?.client ?? null,
    ready: ready.promise,
    cut() {
      current?.socket.destroy();
    },
    async close() {
      closed = true;
      const connection = current;
      if (connection) {
        await Promise.race([connection.client.end(), delay(1000, undefined, { ref: false })]).catch(
          () => undefined,
        );
        connection.socket.destroy();
      }
      await kept;
    },
  };
}
