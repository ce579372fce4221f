import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { until } from '../rest-client.ts';

/** Whether this machine has a Redis to test with. Says so loudly where it has none. */
export function hasRedis(): boolean {
  const found = spawnSync('redis-server', ['--version']).status === 0;
  if (!found)
    console.warn('SKIPPED: no redis-server on this machine, so nothing shared between replicas was tested');
  return found;
}

/** A Redis of a test's own, on a free port of loopback, with its files in a folder of its own. */
export interface RedisServer extends AsyncDisposable {
  readonly port: number;
  /** A client for a gateway to copy, on the server's own port or on that of a way to it. */
  client(port?: number): Redis;
  /** Ends it as a crash would: nothing is saved. */
  kill(): Promise<void>;
  /** Starts it again on the same port, empty. */
  start(): Promise<void>;
  /** Stops it from answering, with all connections left open. */
  freeze(): void;
  thaw(): void;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}

/** Starts one. It is ended by its own process, whatever else runs on the machine. */
export async function startRedis(): Promise<RedisServer> {
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), 'weir-redis-'));
  const clients: Redis[] = [];
  let running: ChildProcess | null = null;

  const start = async (): Promise<void> => {
    const options = [
      '--port',
      String(port),
      '--bind',
      '127.0.0.1',
      '--dir',
      folder,
      '--save',
      '',
      '--appendonly',
      'no',
    ];
    running = spawn('redis-server', options, { stdio: 'ignore' });
    const probe = new Redis({ port, host: '127.0.0.1', retryStrategy: () => 20, maxRetriesPerRequest: null });
    probe.on('error', () => undefined);
    await probe.ping();
    probe.disconnect();
  };
  const kill = async (): Promise<void> => {
    const ended = running;
    running = null;
    if (!ended || ended.exitCode !== null) return;
    ended.kill('SIGCONT');
    ended.kill('SIGKILL');
    await until(() => ended.exitCode !== null || ended.signalCode !== null);
  };

  await start();
  return {
    port,
    client(through = port) {
      // It comes back quickly, so that a test need not wait.
      const client = new Redis({
        port: through,
        host: '127.0.0.1',
        retryStrategy: () => 30,
        lazyConnect: true,
      });
      client.on('error', () => undefined);
      clients.push(client);
      return client;
    },
    kill,
    start,
    freeze: () => void running?.kill('SIGSTOP'),
    thaw: () => void running?.kill('SIGCONT'),
    async [Symbol.asyncDispose]() {
      for (const client of clients) client.disconnect();
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
