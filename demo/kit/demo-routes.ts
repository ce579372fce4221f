import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';
import { parse } from 'yaml';
import type { CallLog } from './call-log.ts';
import { type Faults, faultsSchema } from './faults.ts';
import { ledgerOf } from './ledger.ts';
import { Problem } from './problem.ts';
import type { Store } from './store.ts';

/** The folder of the OpenAPI documents. */
const contracts = new URL('../../contracts/', import.meta.url);

/** What the routes for tests and tools show and change. */
export interface DemoRoutesDefinition {
  readonly name: string;
  readonly store: Store;
  readonly log: CallLog;
  readonly faults: Faults;
  readonly documents: Readonly<Record<string, () => unknown>>;
}

/**
 * Adds `/openapi.json`, the `/.well-known` documents, and `/_demo/calls`, `/_demo/ledger`, `/_demo/faults`.
 *
 * Calls to these are neither logged, delayed nor spoiled. What they answer is nobody's to keep, except the
 * `/.well-known` documents, which clients may keep for five minutes.
 */
export function addDemoRoutes(app: FastifyInstance, definition: DemoRoutesDefinition): void {
  const { name, store, log, faults, documents } = definition;

  app.addHook('onSend', async (_request, reply) => {
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
  });

  app.get('/openapi.json', async () => readContract(name));
  for (const [path, document] of Object.entries(documents)) {
    app.get(path, async (_request, reply) =>
      reply.header('cache-control', 'public, max-age=300').send(document()),
    );
  }

  app.get('/_demo/calls', async () => log.list());
  app.delete('/_demo/calls', async (_request, reply) => {
    log.clear();
    return reply.code(204).send();
  });

  app.get('/_demo/ledger', async () => ledgerOf(store));

  app.get('/_demo/faults', async () => faults.get());
  app.put('/_demo/faults', async (request) => {
    const settings = faultsSchema.safeParse(request.body);
    if (!settings.success) {
      const errors = settings.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
      throw new Problem('invalid-request', 'these are no faults', { extensions: { errors } });
    }
    faults.set(settings.data);
    return settings.data;
  });
  app.delete('/_demo/faults', async (_request, reply) => {
    faults.clear();
    return reply.code(204).send();
  });
}

async function readContract(name: string): Promise<unknown> {
  const file = fileURLToPath(new URL(`${name}.openapi.yaml`, contracts));
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new Problem('not-found', `contracts/${name}.openapi.yaml is not there`, { cause: error });
  });
  return parse(text);
}
