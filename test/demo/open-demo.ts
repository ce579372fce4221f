import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import { createDemoWorld, type DemoWorldOptions } from '../../demo/world.ts';

/** An answer of a backend. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever it asked for.
  readonly body: any;
}

export interface LedgerRow {
  readonly at: number;
  readonly kind: string;
  readonly id: string;
  readonly idempotencyKey: string | null;
  readonly subject: string | null;
}

export interface LoggedCall {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly at: number;
  readonly status: number | null;
}

/** Headers that say who asks. */
export type Credentials = Readonly<Record<string, string>>;

/** Some backends of the demo on free ports, with stores of their own. */
export interface OpenDemo extends AsyncDisposable {
  readonly urls: Readonly<Record<string, string>>;
  /** The folder of its stores: `demo/<backend>.sqlite`. */
  readonly dataDir: string;
  get(backend: string, path: string, headers?: Credentials): Promise<Answer>;
  post(backend: string, path: string, body: unknown, headers?: Credentials): Promise<Answer>;
  /** A viewer’s credentials: `ada`, `grace` or `root`. */
  person(name: string): Promise<Credentials>;
  /** A machine’s credentials, acting for a user or for nobody in particular. */
  machine(onBehalfOf?: string): Promise<Credentials>;
  calls(backend: string): Promise<readonly LoggedCall[]>;
  ledger(backend: string): Promise<readonly LedgerRow[]>;
  setFaults(backend: string, faults: unknown): Promise<Answer>;
  clearFaults(backend: string): Promise<void>;
  /** Ends the backends and starts them again on the same stores, on other ports. */
  restart(): Promise<void>;
}

/** Starts backends on a copy of the seeded stores; every call takes no longer than it has to. */
export async function openDemo(
  options: Partial<Pick<DemoWorldOptions, 'only' | 'latency' | 'jwksUrl'>> = {},
): Promise<OpenDemo> {
  const dataDir = await mkdtemp(join(tmpdir(), 'weir-demo-'));
  await cp(inject('seededDataDir'), dataDir, { recursive: true });
  const start = () => createDemoWorld({ portBase: 0, latency: 0, ...options, dataDir });
  let world = await start();

  const send = async (backend: string, path: string, init: RequestInit = {}): Promise<Answer> => {
    const response = await fetch(`${world.urls[backend]}${path}`, init);
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: text === '' ? null : JSON.parse(text),
    };
  };
  const withBody = (method: string, body: unknown, headers: Credentials = {}): RequestInit => ({
    method,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  const tokenOf = async (path: string, body: unknown): Promise<Credentials> => {
    const answer = await send('users', path, withBody('POST', body));
    if (answer.status !== 201) throw new Error(`${path} answered ${answer.status}`);
    return { authorization: `Bearer ${answer.body.accessToken}` };
  };

  return {
    get urls() {
      return world.urls;
    },
    dataDir,
    get: (backend, path, headers = {}) => send(backend, path, { headers }),
    post: (backend, path, body, headers) => send(backend, path, withBody('POST', body, headers)),
    person: (name) => tokenOf('/sessions', { email: `${name}@example.com`, password: 'waterfall' }),
    machine: async (onBehalfOf) => ({
      ...(await tokenOf('/tokens', { clientId: 'weir-gateway', clientSecret: 'weir-demo-secret' })),
      ...(onBehalfOf === undefined ? {} : { 'x-on-behalf-of': onBehalfOf }),
    }),
    calls: async (backend) => (await send(backend, '/_demo/calls')).body,
    ledger: async (backend) => (await send(backend, '/_demo/ledger')).body,
    setFaults: (backend, faults) => send(backend, '/_demo/faults', withBody('PUT', faults)),
    clearFaults: async (backend) => {
      await send(backend, '/_demo/faults', { method: 'DELETE' });
    },
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
