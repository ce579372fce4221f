import type { IncomingMessage, ServerResponse } from 'node:http';
import { fileURLToPath } from 'node:url';
import type { GraphQLSchema } from 'graphql';
import { type Config, ConfigError } from './config.ts';
import { createEngine } from './execution/engine.ts';
import { createPipeline, type Pipeline } from './execution/pipeline.ts';
import { createCors } from './guard/cors.ts';
import { toDocumentLimits } from './guard/document-limits.ts';
import { createIdentity } from './guard/identity.ts';
import { createKeySet } from './guard/key-set.ts';
import { ManifestError, readManifest, usualManifest } from './guard/manifest.ts';
import { createOverload } from './guard/overload.ts';
import { createStoredDocuments, type StoredDocuments } from './guard/stored-documents.ts';
import { createDropAfterWrite } from './http/cache/drop-after-write.ts';
import { createUpstreamCache, type UpstreamCache } from './http/cache/upstream-cache.ts';
import { createUpstream } from './http/create-upstream.ts';
import { createMachineToken, type MachineToken } from './http/machine-token.ts';
import type { UpstreamClient } from './http/upstream-options.ts';
import { createLog, type Logger } from './log.ts';
import { chooseDataDir } from './postgres/data-dir.ts';
import { openRedis } from './redis.ts';
import { createAdminHandler, createAdminRoutes } from './server/admin-routes.ts';
import { createDoors } from './server/doors.ts';
import { createExplorerFiles } from './server/explorer.ts';
import { createGraphqlRoute, type GraphqlRoute } from './server/graphql-route.ts';
import { createHomePage } from './server/home-page.ts';
import { serverTimes } from './server/http-server.ts';
import { createReadiness } from './server/readiness.ts';
import { createRoutes } from './server/routes.ts';
import { createStreams } from './server/streams.ts';
import { createSubgraphRoute } from './server/subgraph-route.ts';
import { createWebhookRoute } from './server/webhook-route.ts';
import { createYogaSurface } from './server/yoga.ts';
import { createRecorders } from './waterfall/recorder.ts';
import { createIncoming } from './webhooks/incoming.ts';
import { createReplays } from './webhooks/replays.ts';
import { createWeirWorld, type WeirWorldOptions, type World } from './world.ts';

export interface Gateway {
  /** Answers one request of node:http. */
  readonly handler: (request: IncomingMessage, response: ServerResponse) => void;
  /** Starts to listen; resolves with the address to call. Rejects where the port is taken. */
  listen(port: number, host: string): Promise<string>;
  /** Resolves when what starts beside the reads (durable workflows) works, or is known not to for now. */
  readonly settled: Promise<void>;
  /** Where operators ask: the same address in development. Null before `listen`. */
  readonly adminAddress: string | null;
  /** Says that it is on its way out, ends streams, and goes on serving until nobody comes any more. */
  drain(): Promise<void>;
  /** Takes no more requests, lets those under way end, and lets go of everything. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface GatewayOptions {
  readonly config: Config;
  /** The schema and the backends to serve; ours by default. */
  readonly world?: World;
  /** Whether our own world has durable workflows; a process can have them once. */
  readonly durable?: boolean;
  readonly log?: Logger;
}

/** In production one answer in this many is checked in full against its contract. */
const SAMPLED = 0.01;

/** Puts the rooms together: settings in, a gateway out. Nothing listens until `listen` is called. */
export function createGateway(options: GatewayOptions): Gateway {
  const { config, log = createLog(config.NODE_ENV) } = options;
  const world = options.world ?? createWeirWorld(options.durable ? { durable: durableOf(config, log) } : {});
  const redis =
    config.REDIS_URL === null ? null : openRedis(config.REDIS_URL, (isThere) => tellRedis(log, isThere));
  const cache = createUpstreamCache({ maxBytes: config.CACHE_MAX_BYTES, ...(redis ? { redis } : {}) });
  const upstream = openUpstream(config, world, log, cache);
  const contextFor = world.open(upstream);
  const identity = openIdentity(config, log);
  const pipelineFor = (schema: GraphQLSchema, stored: StoredDocuments): Pipeline =>
    createPipeline({
      schema,
      engine: createEngine({
        schema,
        table: world.table,
        contextFor,
        strict: !config.production,
        limits: toDocumentLimits(config),
        hideSuggestions: config.production,
      }),
      stored,
      recorderFrom: createRecorders(world.table),
      identity,
      deadlineMs: config.DEADLINE_MS,
      production: config.production,
      report: (report) => log.info(report, report.operation ?? 'operation'),
      reportInternal: (error) => log.error({ err: error }, 'an operation met an error that it should not'),
    });
  let draining = false;
  const streams = createStreams();
  const overload = createOverload({
    onChange: (change) =>
      log.warn(change, change.shedding ? 'too much to do: requests are refused' : 'requests are taken again'),
  });
  const onError = (error: unknown): void => log.error({ err: error }, 'a request failed');
  const routeFor = (schema: GraphQLSchema, stored: StoredDocuments): GraphqlRoute => {
    const pipeline = pipelineFor(schema, stored);
    const yoga = createYogaSurface(schema, pipeline);
    return createGraphqlRoute({ pipeline, yoga, maxBytes: config.MAX_BODY_BYTES, overload, streams });
  };
  const clients = routeFor(world.schema, openStoredDocuments(config));
  const token = config.SUBGRAPH_TOKEN;
  // A router makes its documents itself: none of them stands in a manifest.
  const noneStored = createStoredDocuments({ manifest: new Map(), only: false });
  const readiness = createReadiness({
    instances: instancesOf(config, world),
    health: upstream.health,
    parts: () => world.parts?.() ?? {},
    operations: overload.state,
    isDraining: () => draining,
  });
  const adminRoutes = createAdminRoutes({ readiness });
  const ownAdminPort = config.ADMIN_PORT !== null && config.ADMIN_PORT !== config.PORT;
  const handler = createRoutes({
    graphql:
      token !== null && world.subgraph
        ? createSubgraphRoute({ token, graphql: clients, subgraph: routeFor(world.subgraph(), noneStored) })
        : clients,
    readiness,
    explorer: config.EXPLORER ? createExplorerFiles() : null,
    home: createHomePage(config.EXPLORER),
    admin: ownAdminPort ? null : adminRoutes,
    webhooks: createWebhookRoute(
      createIncoming({
        secrets: config.webhookSecrets,
        backends: new Set(Object.keys(world.table)),
        replays: createReplays(redis),
        act: async (backend, event) => {
          if ('changed' in event) await cache.invalidate(event.changed);
          else return (await world.hear?.(backend, event)) ?? false;
          return true;
        },
        onRefused: (backend, reason) => log.warn({ backend, reason }, 'a webhook was refused'),
      }),
    ),
    cors: createCors(config.CORS_ORIGINS),
    onError,
  });
  const doors = createDoors({
    handler,
    admin:
      ownAdminPort && config.ADMIN_PORT !== null
        ? {
            handler: createAdminHandler(adminRoutes, onError),
            host: config.ADMIN_HOST,
            port: config.ADMIN_PORT,
            chosen: config.adminPortChosen,
          }
        : null,
    // Whoever was let in last may take the whole of its budget.
    times: { ...serverTimes, endMs: config.DEADLINE_MS + 1_000 },
    warn: (message) => log.warn(message),
  });
  const drain = (): Promise<void> => {
    draining = true;
    streams.endAll();
    return doors.drain();
  };
  const close = async (): Promise<void> => {
    draining = true;
    streams.endAll();
    await doors.close();
    overload.close();
    await world.close?.();
    await cache.close();
    await upstream.close();
    redis?.disconnect();
  };
  const settled = world.settled?.() ?? Promise.resolve();
  return {
    handler,
    listen: doors.listen,
    get adminAddress() {
      return doors.adminAddress;
    },
    settled,
    drain,
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** The addresses of the backends that this world has. */
function instancesOf(config: Config, { table }: World): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(Object.keys(table).map((name) => [name, config.instances[name] ?? []]));
}

function openUpstream(config: Config, world: World, log: Logger, cache: UpstreamCache): UpstreamClient {
  const client = { clientId: config.BACKEND_CLIENT_ID, clientSecret: config.BACKEND_CLIENT_SECRET };
  const { table, grant } = world;
  // The token is asked for through the same client that will carry it; nobody needs one before the client is there.
  const machineToken: MachineToken | null = grant
    ? createMachineToken({ issue: () => grant(upstream, client)() })
    : null;
  const upstream: UpstreamClient = createUpstream({
    table,
    instances: instancesOf(config, world),
    tls: config.tls,
    ...(machineToken ? { machineToken } : {}),
    layers: [createDropAfterWrite(cache.invalidate), ...cache.layers],
    checkShapes: config.production ? SAMPLED : 'always',
    log,
  });
  return upstream;
}

function tellRedis(log: Logger, isThere: boolean): void {
  if (isThere) log.info('Redis is there');
  else log.warn('Redis is away: each replica goes on by itself');
}

/** The documents of the manifest. Throws `ConfigError` where it is none, or where nothing could ever run. */
function openStoredDocuments({ PERSISTED_MANIFEST, PERSISTED_ONLY }: Config): StoredDocuments {
  const path = PERSISTED_MANIFEST ?? usualManifest;
  try {
    const manifest = readManifest(path);
    if (manifest.size === 0 && (PERSISTED_ONLY || PERSISTED_MANIFEST !== null)) {
      throw new ManifestError(`there are no documents at ${path}; \`npm run codegen\` writes them`);
    }
    return createStoredDocuments({ manifest, only: PERSISTED_ONLY });
  } catch (error) {
    if (!(error instanceof ManifestError)) throw error;
    throw new ConfigError([`PERSISTED_MANIFEST: ${error.message}`]);
  }
}

function openIdentity(config: Config, log: Logger) {
  const urls = config.JWKS_URL
    ? [config.JWKS_URL]
    : (config.instances.users ?? []).map((address) => `${address}/.well-known/jwks.json`);
  const keys = createKeySet({ urls, onProblem: (message) => log.warn(message) });
  return createIdentity({ keys, issuer: config.JWT_ISSUER, audience: config.JWT_AUDIENCE });
}

function durableOf(config: Config, log: Logger): NonNullable<WeirWorldOptions['durable']> {
  const inProject = fileURLToPath(new URL('../.weir', import.meta.url));
  const pricing = (config.instances.pricing ?? []).map((address) => `${address}/.well-known/jwks.json`);
  if (config.production && config.WORKFLOW_KEY === null) {
    log.warn('WORKFLOW_KEY is not set: tokens in workflows are encrypted with a key kept in DATA_DIR.');
  }
  const offerKeys = createKeySet({ urls: pricing, onProblem: (message) => log.warn(message) });
  return {
    role: config.ROLE,
    offerKeys: offerKeys.get,
    settings: {
      databaseUrl: config.DATABASE_URL,
      sealingKeys: config.WORKFLOW_KEY,
      dataDir(embedded) {
        if (!embedded) return config.DATA_DIR ?? inProject;
        const mustBeThere = config.production && config.DATA_DIR !== null;
        const { dir, moved } = chooseDataDir(config.DATA_DIR ?? inProject, mustBeThere);
        if (moved) log.warn(moved);
        return dir;
      },
    },
    alert: ({ cause, ...alert }) => log.error({ ...alert, err: cause }, 'a workflow needs to be looked at'),
    log: (level, message) => log[level](message),
  };
}
