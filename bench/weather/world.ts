import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, type Started, start } from './process.ts';

/** A call as a demo backend has logged it. */
export interface LoggedCall {
  readonly method: string;
  readonly path: string;
  /** Milliseconds of one clock. */
  readonly at: number;
  readonly status: number;
}

export interface Gateway extends Pick<Started, 'stop' | 'output' | 'cpuMs'> {
  /** Where GraphQL is asked. */
  readonly url: string;
}

/** The nine demo backends in a process of their own, and gateways in front of them, each in one too. */
export interface WeatherWorld extends AsyncDisposable {
  openGateway(env?: Readonly<Record<string, string>>): Promise<Gateway>;
  /** Spoils the calls of a backend, or makes it well again with null. */
  fault(backend: string, fault: Readonly<Record<string, unknown>> | null): Promise<void>;
  /** What a backend was asked since this was last forgotten. */
  calls(backend: string): Promise<readonly LoggedCall[]>;
  forgetCalls(backend: string): Promise<void>;
}

export interface WeatherOptions {
  /** How long each call of a backend takes, in milliseconds. */
  readonly latencyMs: number;
  /** Stores that are seeded already; by default new ones are made. They may change. */
  readonly dataDir?: string;
}

/** Starts the demo. Everything ends with the world. */
export async function openWorld({ latencyMs, dataDir }: WeatherOptions): Promise<WeatherWorld> {
  const scratch = await mkdtemp(join(tmpdir(), 'weir-weather-'));
  const demo = await start({
    file: 'demo/main.ts',
    env: {
      DATA_DIR: dataDir ?? join(scratch, 'demo'),
      DEMO_LATENCY: String(latencyMs),
      DEMO_PORT_BASE: '0',
    },
    log: join(scratch, 'demo.log'),
    isReady: (output) => output.includes('The demo world is ready'),
  });
  const addresses = new Map(
    [...demo.output().matchAll(/^(\w+) +(http:\S+)$/gm)].map(([, name = '', url = '']) => [name, url]),
  );
  const addressOf = (backend: string): string => {
    const address = addresses.get(backend);
    if (address === undefined) throw new Error(`the demo has no backend ${backend}`);
    return address;
  };
  const gateways: Gateway[] = [];

  return {
    async openGateway(env = {}) {
      const port = await freePort();
      const address = `http://127.0.0.1:${port}`;
      const gateway = await start({
        file: 'src/main.ts',
        env: {
          NODE_ENV: 'production',
          PORT: String(port),
          ADMIN_PORT: '0',
          RATE_LIMIT: '0',
          // Nobody listens there: what is measured is reads, and an embedded database would only take their time.
          DATABASE_URL: 'postgres://127.0.0.1:9/none',
          WORKFLOW_KEY: Buffer.alloc(32, 1).toString('base64'),
          ...Object.fromEntries([...addresses].map(([name, url]) => [`${name.toUpperCase()}_URL`, url])),
          ...env,
        },
        log: join(scratch, `gateway-${gateways.length}.log`),
        // It listens before it knows whether there is a database; reads do not wait for that either.
        isReady: () =>
          fetch(`${address}/readyz`).then(
            ({ status }) => status === 200,
            () => false,
          ),
      });
      const opened = { ...gateway, url: `${address}/graphql` };
      gateways.push(opened);
      return opened;
    },
    async fault(backend, fault) {
      await fetch(`${addressOf(backend)}/_demo/faults`, {
        method: fault === null ? 'DELETE' : 'PUT',
        ...(fault && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(fault) }),
      });
    },
    async calls(backend) {
      const response = await fetch(`${addressOf(backend)}/_demo/calls`);
      return (await response.json()) as readonly LoggedCall[];
    },
    async forgetCalls(backend) {
      await fetch(`${addressOf(backend)}/_demo/calls`, { method: 'DELETE' });
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(gateways.map((gateway) => gateway.stop()));
      await demo.stop();
      await rm(scratch, { recursive: true, force: true });
    },
  };
}
