import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import { createDemoWorld } from '../demo/world.ts';
import { readConfig } from '../src/config.ts';
import { createGateway } from '../src/gateway.ts';
import { toSettings } from './gateway-process.ts';
import { type Client, createClient } from './graphql-client.ts';

/** A call as a demo backend has logged it. */
export interface LoggedCall {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds of one clock. */
  readonly at: number;
  readonly status: number;
}

/** The demo world and a gateway in front of it, on free ports, with stores of their own. */
export interface Weir extends AsyncDisposable, Pick<Client, 'ask'> {
  readonly url: string;
  /** Each backend's address. */
  readonly backends: Readonly<Record<string, string>>;
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
  const config = readConfig({
    NODE_ENV: 'test',
    EXPLORER: 'true',
    // Tests count calls; those of the cache turn it on.
    CACHE_MAX_BYTES: '0',
    DATA_DIR: dataDir,
    ...toSettings(world.urls),
    ...environment,
  });
  const gateway = createGateway({ config, durable });
  const url = await gateway.listen(0, '127.0.0.1');
  await gateway.settled;

  const { ask } = createClient(url);
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
