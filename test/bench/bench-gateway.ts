import { AUDIENCE, ISSUER } from '../../bench/backend/issuer.ts';
import { type BenchBackend, createBenchBackend } from '../../bench/backend/server.ts';
import type { Workload } from '../../bench/workloads.ts';
import { createBenchWorld } from '../../bench/world/world.ts';
import { readConfig } from '../../src/config.ts';
import { createGateway } from '../../src/gateway.ts';

/** The answer of an operation, and what it took. */
export interface Ran {
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever it asked for.
  readonly data: any;
  readonly errors: unknown;
  /** REST calls by the backend's own count, by path. */
  readonly calls: Readonly<Record<string, number>>;
  /** How many calls had to wait for one another, by the gateway's own account. */
  readonly depth: number;
}

/** The bench's world on the gateway, in this process. */
export interface BenchGateway extends AsyncDisposable {
  readonly backend: BenchBackend;
  run(workload: Workload, draw?: number): Promise<Ran>;
}

/** Starts the bench's backend and the gateway in front of it. `shared` makes public what is nobody's. */
export async function startBenchGateway(shared = false): Promise<BenchGateway> {
  const backend = await createBenchBackend();
  const world = createBenchWorld(shared);
  const config = readConfig(
    {
      NODE_ENV: 'test',
      JWKS_URL: `${backend.url}/.well-known/jwks.json`,
      JWT_ISSUER: ISSUER,
      JWT_AUDIENCE: AUDIENCE,
      ...Object.fromEntries(
        Object.keys(world.table).map((name) => [`${name.toUpperCase()}_URL`, backend.url]),
      ),
      ...(shared ? {} : { CACHE_MAX_BYTES: '0' }),
    },
    world.table,
  );
  const gateway = createGateway({ config, world });
  const url = await gateway.listen(0, '127.0.0.1');
  return {
    backend,
    async run({ query, operationName, variables }, draw = 0) {
      await fetch(`${backend.url}/_bench/calls`, { method: 'DELETE' });
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${backend.token}`,
          'x-weir-trace': '1',
        },
        body: JSON.stringify({ query, operationName, variables: variables(draw) }),
      });
      const { data, errors, extensions } = await response.json();
      const calls = await (await fetch(`${backend.url}/_bench/calls`)).json();
      return { data, errors, calls, depth: extensions.waterfall.depth };
    },
    async [Symbol.asyncDispose]() {
      await gateway.close();
      await backend.close();
    },
  };
}
