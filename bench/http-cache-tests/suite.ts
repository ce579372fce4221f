import { existsSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';

const test = z.looseObject({
  id: z.string(),
  kind: z.enum(['required', 'optimal', 'check']).default('required'),
  depends_on: z.array(z.string()).default([]),
  browser_only: z.boolean().default(false),
  cdn_only: z.boolean().default(false),
});
const group = z.looseObject({ name: z.string(), tests: z.array(test) });

export type SuiteTest = z.infer<typeof test>;
export type SuiteGroup = z.infer<typeof group>;

/** What became of each test: true, or why it did not pass. */
export const results = z.record(z.string(), z.union([z.literal(true), z.tuple([z.string(), z.string()])]));
export type Results = z.infer<typeof results>;

/** A copy of the suite on disk. */
export interface Suite {
  /** Tests for shared caches that are not content delivery networks. */
  readonly groups: readonly SuiteGroup[];
  /** Starts the suite's origin on a free port of loopback. */
  startOrigin(): Promise<{ port: number; close(): void }>;
  /** Runs all tests through the server at this address. Once a process: the suite's client keeps its results. */
  run(baseUrl: string): Promise<Results>;
}

type Handler = (path: string[], request: IncomingMessage, response: ServerResponse) => void;

/**
 * Opens a copy of `http-cache-tests`, either as npm has it (0.4.5) or as its repository has had it since.
 *
 * The suite's own server is not used: it would listen on all addresses. Its handlers are.
 */
export async function openSuite(folder: string): Promise<Suite> {
  const isRepository = existsSync(join(folder, 'test-engine'));
  const load = async (path: string): Promise<Record<string, unknown>> =>
    import(pathToFileURL(join(folder, isRepository ? `test-engine/${path}` : path)).href);

  const index: Record<string, unknown> = await import(pathToFileURL(join(folder, 'tests/index.mjs')).href);
  const originals = z
    .array(z.looseObject({ tests: z.array(z.looseObject({ cdn_only: z.boolean().optional() })) }))
    .parse(index.default);
  // The suite's client gets its own objects back, not decoded copies: it writes to them.
  const run = originals.map((original) => ({
    ...original,
    tests: original.tests.filter((one) => !one.cdn_only),
  }));
  const groups = z
    .array(group)
    .parse(run)
    .map((one) => ({ ...one, tests: one.tests.filter((each) => !each.browser_only) }));

  return {
    groups,
    async startOrigin() {
      const handlers = new Map<string, Handler>();
      for (const name of ['config', 'test', 'state']) {
        handlers.set(name, toHandler((await load(`server/handle-${name}.mjs`)).default));
      }
      const server = createServer((request, response) => {
        const [name = '', ...path] = new URL(request.url ?? '/', 'http://localhost').pathname
          .slice(1)
          .split('/');
        const handler = handlers.get(name);
        if (handler) handler(path, request, response);
        else response.writeHead(404).end();
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const address = server.address();
      if (address === null || typeof address === 'string') throw new Error('the origin listens nowhere');
      return {
        port: address.port,
        close() {
          server.close();
          server.closeAllConnections();
        },
      };
    },
    async run(baseUrl) {
      const client = await load('client/runner.mjs');
      const runTests = toFunction(client.runTests);
      const all = groups.reduce((sum, one) => sum + one.tests.length, 0);
      if (isRepository) await runTests(run, false, baseUrl, all);
      else await runTests(run, await nodeFetch(folder), false, baseUrl, all);
      return results.parse(toFunction(client.getResults)());
    },
  };
}

/** The release on npm was written for node-fetch, whose requests have no fields of their own. */
async function nodeFetch(folder: string): Promise<unknown> {
  const { createRequire } = await import('node:module');
  return createRequire(join(folder, 'cli.mjs'))('node-fetch');
}

function toFunction(value: unknown): (...parameters: unknown[]) => unknown {
  if (typeof value !== 'function') throw new Error('the suite has another form than expected');
  return (...parameters) => value(...parameters);
}

function toHandler(value: unknown): Handler {
  const handler = toFunction(value);
  return (path, request, response) => {
    handler(path, request, response);
  };
}
