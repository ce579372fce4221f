import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { createDemoWorld } from '../../demo/world.ts';
import type { Answer } from './conformity.ts';
import type { ContractEndpoint } from './contract.ts';

/** Who asks: nobody, a person, or a machine (on everybody's or on Ada's behalf). */
export type Role = 'nobody' | 'ada' | 'grace' | 'root' | 'machine' | 'machineForAda' | 'forger';

/** What is asked of an endpoint. */
export interface Question {
  readonly as: Role;
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Asks the backends of one demo world. */
export interface Asker extends AsyncDisposable {
  /** The base address of each backend, by name. */
  readonly urls: Readonly<Record<string, string>>;
  ask(endpoint: ContractEndpoint, question: Question): Promise<Answer>;
  /** Asks the address as it stands. */
  fetch(backend: string, path: string, init?: RequestInit): Promise<Answer>;
  /** A number that no other call has got: for names and keys. */
  next(): number;
}

const zToken = z.object({ accessToken: z.string() });

/** Starts a demo world on a copy of the seeded stores, with every latency at zero, and signs everybody in. */
export async function createAsker(seededDataDir: string): Promise<Asker> {
  const dataDir = await mkdtemp(join(tmpdir(), 'weir-contracts-'));
  await cp(seededDataDir, dataDir, { recursive: true });
  const world = await createDemoWorld({ portBase: 0, dataDir, latency: 0 });
  let numbers = 0;

  const send = async (backend: string, path: string, init: RequestInit = {}): Promise<Answer> => {
    const response = await fetch(`${world.urls[backend]}${path}`, init);
    return { status: response.status, headers: response.headers, text: await response.text() };
  };
  const tokenOf = async (path: string, body: object): Promise<string> => {
    const headers = { 'content-type': 'application/json' };
    const answer = await send('users', path, { method: 'POST', headers, body: JSON.stringify(body) });
    return zToken.parse(JSON.parse(answer.text)).accessToken;
  };
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
    // Rightly made up, and signed by nobody.
    forger: bearer(`${machine.slice(0, machine.lastIndexOf('.'))}.${'A'.repeat(86)}`),
  };

  return {
    urls: world.urls,
    fetch: send,
    next: () => ++numbers,
    ask: ({ operation }, { as, path, query, body, headers }) => {
      const segments = operation.path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
        encodeURIComponent(path?.[name] ?? ''),
      );
      const search = query ? `?${new URLSearchParams(query)}` : '';
      return send(operation.backend, segments + search, {
        method: operation.method,
        headers: {
          ...credentials[as],
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
    },
    [Symbol.asyncDispose]: async () => {
      await world.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
