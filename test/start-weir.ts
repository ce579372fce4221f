import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import { createDemoWorld } from '../demo/world.ts';
import { readConfig } from '../src/config.ts';
import { createGateway } from '../src/gateway.ts';

/** A call as a demo backend has logged it. */
export interface LoggedCall {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds of one clock. */
  readonly at: number;
  readonly status: number;
}

/** An answer as a client decodes it: what a test expects to find, it says itself. */
export interface ClientAnswer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever it asked for.
  readonly data: any;
  readonly errors: readonly ClientError[];
  // biome-ignore lint/suspicious/noExplicitAny: as above.
  readonly extensions: any;
}

export interface ClientError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: { readonly code: string; readonly [name: string]: unknown };
}

export interface Ask {
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly token?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The demo world and a gateway in front of it, on free ports, with stores of their own. */
export interface Weir extends AsyncDisposable {
  readonly url: string;
  /** Each backend's address. */
  readonly backends: Readonly<Record<string, string>>;
  ask(query: string, ask?: Ask): Promise<ClientAnswer>;
  /** A token for one of the demo's people. */
  signIn(email?: string): Promise<string>;
  /** What a backend was asked since it was last forgotten, in the order of arrival. */
  calls(backend: string): Promise<readonly LoggedCall[]>;
  /** What all backends were asked, as `products GET /products?ids=1,2`. */
  allCalls(): Promise<readonly string[]>;
  forgetCalls(): Promise<void>;
  fault(backend: string, fault: Readonly<Record<string, unknown>> | null): Promise<void>;
}

/**
 * Starts a whole Weir for a test. `environment` is what an operator would have set.
 *
 * With `durable` it has workflows, of which a process can have one set at a time; without, writes are refused.
 */
export async function startWeir(
  environment: Readonly<Record<string, string>> = {},
  { durable = false }: { readonly durable?: boolean } = {},
): Promise<Weir> {
  const dataDir = await mkdtemp(join(tmpdir(), 'weir-test-'));
  await cp(inject('seededDataDir'), dataDir, { recursive: true });
  const world = await createDemoWorld({ portBase: 0, dataDir, latency: 0 });
  const addresses = Object.fromEntries(
    Object.entries(world.urls).map(([name, url]) => [`${name.toUpperCase()}_URL`, url]),
  );
  const config = readConfig({
    NODE_ENV: 'test',
    EXPLORER: 'true',
    // Tests count calls; those of the cache turn it on.
    CACHE_MAX_BYTES: '0',
    DATA_DIR: dataDir,
    ...addresses,
    ...environment,
  });
  const gateway = createGateway({ config, durable });
  const url = await gateway.listen(0, '127.0.0.1');
  await gateway.settled;

  const ask = async (query: string, { variables, token, headers }: Ask = {}): Promise<ClientAnswer> => {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...headers,
      },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors = [], extensions } = (await response.json()) as ClientAnswer;
    return { status: response.status, headers: response.headers, data, errors, extensions };
  };
  const calls = async (backend: string): Promise<readonly LoggedCall[]> => {
    const response = await fetch(`${world.urls[backend]}/_demo/calls`);
    return (await response.json()) as readonly LoggedCall[];
  };
  const everywhere = <T>(act: (name: string, address: string) => Promise<T>): Promise<T[]> =>
    Promise.all(Object.entries(world.urls).map(([name, address]) => act(name, address)));

  return {
    url,
    backends: world.urls,
    ask,
    calls,
    async signIn(email = 'ada@example.com') {
      const { data } = await ask(
        'mutation ($email: String!) { signIn(input: { email: $email, password: "waterfall" }) { accessToken } }',
        { variables: { email } },
      );
      return data.signIn.accessToken;
    },
    async allCalls() {
      const logs = await everywhere(async (name) => (await calls(name)).map((call) => ({ name, ...call })));
      return logs
        .flat()
        .sort((a, b) => a.at - b.at)
        .map(({ name, method, path }) => `${name} ${method} ${decodeURIComponent(path)}`);
    },
    async forgetCalls() {
      await everywhere((_, address) => fetch(`${address}/_demo/calls`, { method: 'DELETE' }));
    },
    async fault(backend, fault) {
      await fetch(`${world.urls[backend]}/_demo/faults`, {
        method: fault === null ? 'DELETE' : 'PUT',
        ...(fault === null
          ? {}
          : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(fault) }),
      });
    },
    async [Symbol.asyncDispose]() {
      await gateway.close();
      await world.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
