import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

interface Started {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly exited: Promise<number | null>;
}

const running: Started[] = [];

function start(file: string, environment: Readonly<Record<string, string>>, ownGroup = false): Started {
  const child = spawn(process.execPath, [file], {
    cwd: root,
    detached: ownGroup,
    env: { PATH: process.env.PATH, EXPLORER: 'false', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (output += chunk));
  const exited = once(child, 'close').then(([code]) => code as number | null);
  const started = { child, output: () => output, exited };
  running.push(started);
  return started;
}

const until = async (what: () => boolean | Promise<boolean>, patienceMs = 20_000): Promise<void> => {
  const end = Date.now() + patienceMs;
  while (!(await what())) {
    if (Date.now() > end) throw new Error('waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};

/** Nine free ports in a row, as far as that can be known beforehand. */
async function freePorts(): Promise<number> {
  for (;;) {
    const base = 20_000 + Math.floor(Math.random() * 30_000);
    const free = await Promise.all(Array.from({ length: 10 }, (_, index) => isFree(base + index)));
    if (free.every(Boolean)) return base;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

describe('the processes', () => {
  let dataDir: string;
  let base: number;
  const environment = (): Record<string, string> => ({
    DATA_DIR: dataDir,
    DEMO_PORT_BASE: String(base),
    PORT: String(base + 9),
    DEMO_LATENCY: '0',
  });
  const isUp = async (port: number): Promise<boolean> => !(await isFree(port));
  const allDown = async (): Promise<boolean> => {
    const up = await Promise.all(Array.from({ length: 10 }, (_, index) => isUp(base + index)));
    return !up.some(Boolean);
  };

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'weir-start-'));
    base = await freePorts();
  });
  afterEach(async () => {
    const left = running.splice(0);
    for (const { child } of left) child.kill('SIGKILL');
    await Promise.all(left.map(({ exited }) => exited));
    await until(allDown);
  });
  afterAll(() => rm(dataDir, { recursive: true, force: true }));

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'npm start is ready, answers, and ends everything on %s',
    async (signal) => {
      const weir = start('demo/start.ts', environment());
      await until(() => weir.output().includes('Weir is ready.'));
      const response = await fetch(`http://127.0.0.1:${base + 9}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"query":"{ product(id: \\"Product:1\\") { name } }"}',
      });
      expect(((await response.json()) as { data: unknown }).data).toEqual({
        product: { name: expect.any(String) },
      });
      weir.child.kill(signal);
      expect(await weir.exited).toBe(0);
      await until(allDown);
    },
  );

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'npm start leaves no database behind when its whole group gets %s, and then once more',
    async (signal) => {
      const folder = await mkdtemp(join(tmpdir(), 'weir-start-'));
      // Where root runs this, PostgreSQL runs as somebody else, who has to be let in.
      await chmod(folder, 0o755);
      const weir = start('demo/start.ts', { ...environment(), DATA_DIR: folder }, true);
      await until(() => weir.output().includes('Weir is ready.'));
      const postmaster = join(folder, 'postgres', 'postmaster.pid');
      await until(() => existsSync(postmaster));
      const group = -(weir.child.pid ?? 0);
      process.kill(group, signal);
      await new Promise((resolve) => setTimeout(resolve, 50));
      process.kill(group, signal);
      expect(await weir.exited).toBe(0);
      await until(allDown);
      expect(existsSync(postmaster)).toBe(false);
      await rm(folder, { recursive: true, force: true });
    },
  );

  it('npm start leaves nothing running when it is killed outright, and starts again', async () => {
    const first = start('demo/start.ts', environment());
    await until(() => first.output().includes('Weir is ready.'));
    first.child.kill('SIGKILL');
    await until(allDown);
    const second = start('demo/start.ts', environment());
    await until(() => second.output().includes('Weir is ready.'));
    second.child.kill('SIGINT');
    expect(await second.exited).toBe(0);
  });

  it('npm start starts no backend that has an address', async () => {
    const weir = start('demo/start.ts', { ...environment(), PRODUCTS_URL: 'http://127.0.0.1:9' });
    await until(() => weir.output().includes('Weir is ready.'));
    expect(await isUp(base + 1)).toBe(false);
    expect(await isUp(base)).toBe(true);
  });

  it.each([
    ['src/main.ts', 9, 'PORT=4010 npm run gateway'],
    ['demo/main.ts', 0, 'DEMO_PORT_BASE=5101 npm run demo'],
  ])('%s says what to do about a taken port, and fails', async (file, offset, advice) => {
    const squatter = createServer().listen(base + offset, '127.0.0.1');
    await once(squatter, 'listening');
    try {
      const { exited, output } = start(file, environment());
      expect(await exited).toBe(1);
      expect(output()).toContain(`Port ${base + offset}`);
      expect(output()).toContain(advice);
    } finally {
      squatter.close();
    }
  });

  it('the gateway names all faults of the settings at once, and fails', async () => {
    const { exited, output } = start('src/main.ts', {
      PORT: 'eighty',
      ORDERS_URL: 'orders:4104',
      NODE_ENV: 'prodction',
      RATE_LIMITS: '5',
      HOST: '0.0.0.0',
    });
    expect(await exited).toBe(1);
    expect(output()).toContain('PORT="eighty": expected a whole number from 0 to 65535');
    expect(output()).toContain('ORDERS_URL="orders:4104": expected an address such as http://host:port');
    expect(output()).toContain('did you mean production?');
    expect(output()).toContain('RATE_LIMITS: no such setting; the nearest is RATE_LIMIT');
    expect(output()).toContain('HOST="0.0.0.0"');
  });

  it('the gateway starts without its backends, and ends on SIGTERM', async () => {
    const gateway = start('src/main.ts', environment());
    await until(() => gateway.output().includes('is ready'));
    const ready = await fetch(`http://127.0.0.1:${base + 9}/readyz`);
    expect(ready.status).toBe(503);
    gateway.child.kill('SIGTERM');
    expect(await gateway.exited).toBe(0);
  });
});
