import type { IncomingMessage, ServerResponse } from 'node:http';
import type { GraphQLSchema } from 'graphql';
import { auditMutations } from './audit/audit-mutations.ts';
import type { Config } from './config.ts';
import { createEngine } from './execution/engine.ts';
import { createPipeline, type Pipeline } from './execution/pipeline.ts';
import { durableOf } from './gateway/durable-options.ts';
import { openIdentity } from './gateway/open-identity.ts';
import { openKeeping } from './gateway/open-keeping.ts';
import { openLimits } from './gateway/open-limits.ts';
import { openSharedMemory } from './gateway/open-shared-memory.ts';
import { openStoredDocuments } from './gateway/open-stored-documents.ts';
import { instancesOf, openUpstream } from './gateway/open-upstream.ts';
import { createCors } from './guard/cors.ts';
import { toDocumentLimits } from './guard/document-limits.ts';
import { createOverload, type OverloadNumbers } from './guard/overload.ts';
import { createStoredDocuments, type StoredDocuments } from './guard/stored-documents.ts';
import { createUpstreamCache } from './http/cache/upstream-cache.ts';
import { tellDrift } from './http/decode.ts';
import { createLog, createOperationLog, type Logger } from './log.ts';
import { createMetrics } from './metrics/metrics.ts';
import { createAdminHandler, createAdminRoutes } from './server/admin-routes.ts';
import { createClientFiles } from './server/client-page.ts';
import { createDoors } from './server/doors.ts';
import { createExplorerFiles } from './server/explorer.ts';
import { createGraphqlRoute, type GraphqlRoute } from './server/graphql-route.ts';
import { createHomePage } from './server/home-page.ts';
import { serverTimes } from './server/http-server.ts';
import { createMetricsRoute } from './server/metrics-route.ts';
import { createRace } from './server/race.ts';
import { createReadiness } from './server/readiness.ts';
import { createRoutes } from './server/routes.ts';
import { createStreams } from './server/streams.ts';
import { createSubgraphRoute } from './server/subgraph-route.ts';
import { createUploadRoute } from './server/upload-route.ts';
import { createWebhookRoute } from './server/webhook-route.ts';
import { createWebsocket } from './server/websocket.ts';
import { createYogaSurface } from './server/yoga.ts';
import { openTracing } from './tracing/open-tracing.ts';
import { createRecorders } from './waterfall/recorder.ts';
import { createIncoming } from './webhooks/incoming.ts';
import { createReplays } from './webhooks/replays.ts';
import { createWeirWorld, type World } from './world.ts';

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
  /** Whether there is a database: for our own world's durable workflows, which a process can have once, and for records. */
  readonly durable?: boolean;
  readonly log?: Logger;
  /** In place of the usual numbers of shedding load. */
  readonly overload?: OverloadNumbers;
}

/** Puts the rooms together: settings in, a gateway out. Nothing listens until `listen` is called. */
export function createGateway(options: GatewayOptions): Gateway {
  const { config, log = createLog(config.NODE_ENV) } = options;
  const logOperation = createOperationLog(log);
  const keeping = options.durable ? openKeeping(config, log) : null;
  const tracing = openTracing(config);
  const redis = openSharedMemory(config, log);
  const { audit, usage } = keeping ?? {};
  const world =
    options.world ??
    createWeirWorld(keeping ? { ...keeping, durable: durableOf(config, log, keeping, tracing, redis) } : {});
  const cache = createUpstreamCache({ maxBytes: config.CACHE_MAX_BYTES, ...(redis ? { redis } : {}) });
  const metrics = createMetrics();
  const upstream = openUpstream(config, world, log, cache, {
    ...metrics.upstreamEvents,
    attempt(record, ended) {
      metrics.upstreamEvents.attempt?.(record, ended);
      usage?.meter.attempt(record, ended.exchange.call, ended.sent);
    },
  });
  const contextFor = world.open(upstream);
  const identity = openIdentity(config, log);
  const limits = openLimits(config, redis);
  const pipelineFor = (schema: GraphQLSchema, stored: StoredDocuments): Pipeline =>
    createPipeline({
      schema,
      engine: createEngine({
        schema: audit ? auditMutations(schema, audit) : schema,
        table: world.table,
        contextFor,
        strict: !config.production,
        limits: toDocumentLimits(config),
        hideSuggestions: config.production,
      }),
      stored,
      limits,
      recorderFrom: createRecorders(world.table),
      identity,
      deadlineMs: config.DEADLINE_MS,
      production: config.production,
      tracing,
      hear: (record, account) => {
        metrics.observeCall(record);
        usage?.meter.answer(record, account);
      },
      report: (report) => {
        logOperation(report);
        metrics.observeOperation(report);
        usage?.meter.operation(report);
      },
      reportDrift: (drift) => tellDrift(drift, log, metrics.upstreamEvents),
      reportInternal: (error) => log.error({ err: error }, 'an operation met an error that it should not'),
      refused: (refused) => {
        metrics.countRefusal(refused.code);
        audit?.refused(refused);
      },
    });
  let draining = false;
  const streams = createStreams();
  const overload = createOverload({
    ...(options.overload ? { numbers: options.overload } : {}),
    onChange: (change) =>
      log.warn(change, change.shedding ? 'too much to do: requests are refused' : 'requests are taken again'),
  });
  const onError = (error: unknown): void => log.error({ err: error }, 'a request failed');
  const routeFor = (schema: GraphQLSchema, pipeline: Pipeline, keepable: boolean): GraphqlRoute => {
    const yoga = createYogaSurface(schema, pipeline);
    const maxBytes = config.MAX_BODY_BYTES;
    return createGraphqlRoute({ pipeline, yoga, maxBytes, overload, streams, keepable });
  };
  const pipeline = pipelineFor(world.schema, openStoredDocuments(config));
  const clients = routeFor(world.schema, pipeline, true);
  const asSubgraph = (schema: GraphQLSchema): GraphqlRoute =>
    // A router makes its documents itself: none of them stands in a manifest. What is for who has a secret is kept by
    // nobody.
    routeFor(schema, pipelineFor(schema, createStoredDocuments({ manifest: new Map(), only: false })), false);
  const token = config.SUBGRAPH_TOKEN;
  const readiness = createReadiness({
    instances: instancesOf(config, world),
    health: upstream.health,
    parts: () => world.parts?.() ?? {},
    operations: overload.state,
    isDraining: () => draining,
  });
  metrics.watch({
    health: upstream.health,
    operations: overload.state,
    audit: audit?.state,
    ...(world.workflows ? { workflows: world.workflows } : {}),
  });
  const adminRoutes = createAdminRoutes({ readiness, others: { '/metrics': createMetricsRoute(metrics) } });
  const ownAdminPort = config.ADMIN_PORT !== null && config.ADMIN_PORT !== config.PORT;
  const handler = createRoutes({
    graphql:
      token !== null && world.subgraph
        ? createSubgraphRoute({ token, graphql: clients, subgraph: asSubgraph(world.subgraph()) })
        : clients,
    readiness,
    explorer: config.EXPLORER ? createExplorerFiles() : null,
    client: config.EXPLORER ? createClientFiles() : null,
    home: createHomePage(config.EXPLORER),
    race: config.WEIR_DEMO && !config.production ? createRace(config.instances) : null,
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
    ...(world.upload ? { uploads: createUploadRoute({ identity, pipeline, save: world.upload }) } : {}),
    cors: createCors(config.CORS_ORIGINS),
    onError,
  });
  const doors = createDoors({
    handler,
    upgrade: createWebsocket({
      schema: world.schema,
      pipeline,
      identity,
      overload,
      streams,
      maxBytes: config.MAX_BODY_BYTES,
    }),
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
    await tracing?.close();
    limits.close();
    redis?.disconnect();
    // Last, since everything above may still write to it.
    await keeping?.close();
  };
  return {
    handler,
    listen: doors.listen,
    get adminAddress() {
      return doors.adminAddress;
    },
    settled: world.settled?.() ?? Promise.resolve(),
    drain,
    close,
    [Symbol.asyncDispose]: close,
  };
}
