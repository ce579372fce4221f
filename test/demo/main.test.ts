import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { demoBackends } from '../../demo/backends.ts';
import { backends } from '../../src/backends.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const main = join(root, 'demo/main.ts');

let dataDir: string;
const children: ChildProcess[] = [];
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'weir-demo-main-'));
});
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await rm(dataDir, { recursive: true, force: true });
});

const byNode: readonly string[] = [process.execPath, main];
const byNpm: readonly string[] = ['npm', 'run', 'demo'];

/** The demo as a process of its own. */
function runDemo(environment: Readonly<Record<string, string>> = {}, [command = '', ...args] = byNode) {
  const child = spawn(command, args, {
    cwd: root,
    env: {
      PATH: process.env.PATH,
      DATA_DIR: dataDir,
      DEMO_LATENCY: '0',
      DEMO_PORT_BASE: '0',
      ...environment,
    },
  });
  children.push(child);
  let [out, errors] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk) => {
    errors += chunk;
  });
  const ended = once(child, 'close').then(([code]) => ({ code, out, errors }));
  return {
    child,
    ended,
    /** Waits for the last line, and answers the addresses by name. */
    ready: async (): Promise<Map<string, string>> => {
      while (!out.includes('is ready')) {
        const over = await Promise.race([ended, once(child.stdout, 'data').then(() => null)]);
        if (over) throw new Error(`the demo ended with ${over.code}: ${over.errors}`);
      }
      return new Map(
        [...out.matchAll(/^(\w+) +(http:\S+)$/gm)].map(([, name = '', url = '']) => [name, url]),
      );
    },
  };
}

const send = async (url: string | undefined, path: string, body: unknown, headers = {}) => {
  const response = await fetch(`${url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  return z.record(z.string(), z.unknown()).parse(await response.json());
};

it('has the backends of the gateway’s table, in the order of their ports', () => {
  const byPort = Object.entries(backends).sort(([, a], [, b]) => a.demoPort - b.demoPort);
  expect([...demoBackends.keys()]).toEqual(byPort.map(([name]) => name));
  expect(byPort.map(([, { demoPort }]) => demoPort)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
});

it.each(['SIGINT', 'SIGTERM'] as const)(
  'says a line for each backend, and ends well on %s',
  async (signal) => {
    const demo = runDemo();
    const urls = await demo.ready();
    expect([...urls.keys()]).toEqual([...demoBackends.keys()]);
    for (const url of urls.values()) expect((await fetch(`${url}/openapi.json`)).status).toBe(200);
    demo.child.kill(signal);
    expect(await demo.ended).toMatchObject({ code: 0, errors: '' });
  },
);

it('ends well on a signal that comes while it starts', async () => {
  const demo = runDemo();
  await once(demo.child.stdout, 'data');
  demo.child.kill('SIGTERM');
  expect(await demo.ended).toMatchObject({ code: 0, errors: '' });
});

it('does not wait for calls that wait', async () => {
  const demo = runDemo();
  const url = (await demo.ready()).get('products');
  const headers = { 'content-type': 'application/json' };
  await fetch(`${url}/_demo/faults`, { method: 'PUT', headers, body: '{"latencyMs":60000}' });
  const waiting = fetch(`${url}/products/1`).catch(() => 'dropped');
  const callsOf = async () => z.array(z.unknown()).parse(await (await fetch(`${url}/_demo/calls`)).json());
  await expect.poll(async () => (await callsOf()).length).toBe(1);
  const startedAt = performance.now();
  demo.child.kill('SIGTERM');
  expect(await demo.ended).toMatchObject({ code: 0, errors: '' });
  expect(performance.now() - startedAt).toBeLessThan(10_000);
  expect(await waiting).toBe('dropped');
});

it.each(['SIGTERM', 'SIGKILL'] as const)(
  'leaves nothing running when its npm is gone by %s',
  async (signal) => {
    const demo = runDemo({}, byNpm);
    const url = (await demo.ready()).get('users');
    demo.child.kill(signal);
    // Its output ends with the last process that holds it.
    await demo.ended;
    await expect(fetch(`${url}/_demo/calls`)).rejects.toThrow();
  },
);

it('keeps after kill -9 what it has answered, and nothing half done', async () => {
  const demo = runDemo();
  const urls = await demo.ready();
  const machineOf = async (users: string | undefined) => {
    const { accessToken } = await send(users, '/tokens', {
      clientId: 'weir-gateway',
      clientSecret: 'weir-demo-secret',
    });
    return { authorization: `Bearer ${accessToken}` };
  };
  const machine = await machineOf(urls.get('users'));
  const body = { items: [{ productId: '4', quantity: 1 }] };
  const answered: unknown[] = [];
  const reserve = async (index: number) => {
    const headers = { ...machine, 'idempotency-key': `kill-${index}` };
    answered.push((await send(urls.get('inventory'), '/reservations', body, headers)).id);
  };
  const writing = Array.from({ length: 200 }, (_, index) => reserve(index).catch(() => null));
  await Promise.race(writing);
  demo.child.kill('SIGKILL');
  await Promise.all(writing);
  await demo.ended;

  const again = runDemo();
  const inventory = (await again.ready()).get('inventory');
  const rows = z
    .array(z.object({ kind: z.string(), id: z.string() }))
    .parse(await (await fetch(`${inventory}/_demo/ledger`)).json());
  const held = rows.map(({ id }) => id);
  expect(answered.length).toBeGreaterThan(0);
  expect(held).toEqual(expect.arrayContaining(answered));
  const { available } = z
    .object({ available: z.number() })
    .parse(await (await fetch(`${inventory}/stock/4`)).json());
  again.child.kill('SIGTERM');
  await again.ended;
  const before = runDemo({ DATA_DIR: join(dataDir, 'fresh') });
  const fresh = (await before.ready()).get('inventory');
  const seeded = z.object({ available: z.number() }).parse(await (await fetch(`${fresh}/stock/4`)).json());
  expect(seeded.available - available).toBe(held.length);
  before.child.kill('SIGTERM');
  await before.ended;
});

it('says what to do where a port is taken', async () => {
  const holder = createServer().listen(0, '127.0.0.1');
  await once(holder, 'listening');
  const { port } = z.object({ port: z.number() }).parse(holder.address());
  const { code, errors } = await runDemo({ DEMO_PORT_BASE: String(Math.min(port, 65_527)) }).ended;
  holder.close();
  expect(code).toBe(1);
  expect(errors).toContain(`Port ${port}, where the demo's "users" backend is to listen, is taken.`);
  expect(errors).toContain('DEMO_PORT_BASE=5101 npm run demo');
});

it('says all that is wrong with its settings at once', async () => {
  const { code, errors } = await runDemo({ DEMO_LATENCY: 'realstic', DEMO_PORT_BASE: '65530' }).ended;
  expect(code).toBe(1);
  expect(errors).toContain('DEMO_LATENCY=realstic: expected "realistic" or milliseconds from 0 to 60000');
  expect(errors).toContain('DEMO_PORT_BASE=65530: expected a port from 0 to 65527');
});

it('says which store cannot be opened', async () => {
  const { code, errors } = await runDemo({ DATA_DIR: '/dev/null/demo' }).ended;
  expect(code).toBe(1);
  expect(errors).toMatch(/^The demo cannot start: .*\/dev\/null\/demo/);
});
