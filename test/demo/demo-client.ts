import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import { z } from 'zod';
import { createDemoWorld } from '../../demo/world.ts';

/** Who calls: nobody, a person, a machine (for everybody or for Ada), or somebody with a token of their own make. */
export type Role = 'nobody' | 'ada' | 'grace' | 'root' | 'machine' | 'machineForAda' | 'forger';

/** An answer as it came over the wire. */
export interface DemoAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The text as JSON. Throws where it is none. */
  json(): unknown;
}

export interface DemoCall {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; a string as it stands. */
  readonly body?: unknown;
}

/** A client of one demo world. */
export interface DemoClient extends AsyncDisposable {
  /** The base address of each backend, by name. */
  readonly urls: Readonly<Record<string, string>>;
  call(role: Role, backend: string, path: string, call?: DemoCall): Promise<DemoAnswer>;
  /** Ends the world and starts it again on the same stores. Tokens stay good. */
  restart(): Promise<void>;
}

const zToken = z.object({ accessToken: z.string() });

/** Starts a demo world on a copy of the seeded stores, with every latency at zero, and signs everybody in. */
export async function createDemoClient(): Promise<DemoClient> {
  const dataDir = await mkdtemp(join(tmpdir(), 'weir-demo-'));
  await cp(inject('seededDataDir'), dataDir, { recursive: true });
  const start = () => createDemoWorld({ portBase: 0, dataDir, latency: 0 });
  let world = await start();

  const send = async (backend: string, path: string, { method, headers, body }: DemoCall) => {
    const response = await fetch(`${world.urls[backend]}${path}`, {
      method: method ?? 'GET',
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      text,
      json: (): unknown => JSON.parse(text),
    };
  };
  const tokenOf = async (path: string, body: object): Promise<string> =>
    zToken.parse((await send('users', path, { method: 'POST', body })).json()).accessToken;
  const personOf = (name: string) =>
    tokenOf('/sessions', { email: `${name}@example.com`, password: 'waterfall' });
  const [ada, grace, root, machine] = await Promise.all([
    personOf('ada'),
    personOf('grace'),
    personOf('root'),
    tokenOf('/tokens', { clientId: 'weir-gateway', clientSecret: 'weir-demo-secret' }),
  ]);
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
  const credentials: Readonly<Record<Role, Readonly<Record<string, string>>>> = {
    nobody: {},
    ada: bearer(ada),
    grace: bearer(grace),
    root: bearer(root),
    machine: bearer(machine),
    machineForAda: { ...bearer(machine), 'x-on-behalf-of': '1' },
    // A machine's claims under a signature that is none.
    forger: bearer(`${machine.slice(0, machine.lastIndexOf('.'))}.${'A'.repeat(86)}`),
  };

  return {
    get urls() {
      return world.urls;
    },
    call: (role, backend, path, call = {}) =>
      send(backend, path, { ...call, headers: { ...credentials[role], ...call.headers } }),
    restart: async () => {
      await world.close();
      world = await start();
    },
    [Symbol.asyncDispose]: async () => {
      await world.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
