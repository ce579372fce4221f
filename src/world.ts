import type { GraphQLSchema } from 'graphql';
import { type AuditReader, noAudit } from './audit/audit-log.ts';
import { type BackendTable, backends } from './backends.ts';
import type { Call } from './call.ts';
import type { Context } from './context.ts';
import { createLoaders } from './datasources/loaders.ts';
import { createSources } from './datasources/sources.ts';
import { createMachineGrant } from './datasources/users/machine-grant.ts';
import { createUsersSource } from './datasources/users/source.ts';
import type { ClientCredentials } from './datasources/users/wire/types.gen.ts';
import { WeirError } from './errors.ts';
import type { ContextFactory } from './execution/engine.ts';
import { createSubgraphSchema } from './federation/subgraph-schema.ts';
import { notKept } from './http/cache/answer-freshness.ts';
import type { MachineGrant } from './http/machine-token.ts';
import type { Upstream } from './http/upstream.ts';
import { resolvers } from './resolvers/index.ts';
import { createSchema, readTypeDefs } from './schema/index.ts';
import { noUsage, type UsageReader } from './usage/open-usage.ts';
import { createDeferredWorkflows } from './workflows/deferred-workflows.ts';
import { type OpenDurableOptions, type OpenedDurable, openDurable } from './workflows/open-durable.ts';
import type { WorkflowFigures } from './workflows/store.ts';
import { hearWarehouse } from './workflows/warehouse.ts';

/**
 * A schema with its resolvers and the backends they stand on. The engine runs any; ours is only the default.
 *
 * It belongs to one gateway, which teaches its resolvers where they stand.
 */
export interface World {
  readonly table: BackendTable;
  readonly schema: GraphQLSchema;
  /** The schema as a part of a bigger graph, for routers; left out where it is none. */
  readonly subgraph?: () => GraphQLSchema;
  /** Called once, when the REST client is there. */
  readonly open: (upstream: Upstream) => ContextFactory;
  /** How the gateway gets a token of its own; left out where no endpoint wants one. */
  readonly grant?: (upstream: Upstream, client: ClientCredentials) => () => Promise<MachineGrant>;
  /** Acts on an event that a backend has sent; false where it means nothing here. */
  readonly hear?: (
    backend: string,
    event: { readonly type: string; readonly data: Readonly<Record<string, unknown>> },
  ) => Promise<boolean>;
  /** Keeps a catalogue that an administrator has uploaded; answers its id. */
  readonly upload?: (owner: string, csv: string) => Promise<string>;
  /** What stands beside the backends, and whether it is there, for readiness. */
  readonly parts?: () => Readonly<Record<string, { readonly reachable: boolean }>>;
  /** How what runs on its own stands. Rejects where that cannot be told for now. */
  readonly workflows?: () => Promise<WorkflowFigures>;
  /** Resolves when what starts beside the reads works, or is known not to for now. */
  readonly settled?: () => Promise<void>;
  /** Lets go of what `open` took hold of, after the last request. */
  readonly close?: () => Promise<void>;
}

/** What needs a database. Left out: it is answered `WORKFLOWS_UNAVAILABLE`, and nobody knows what was used. */
export interface WeirWorldOptions {
  readonly durable?: Omit<OpenDurableOptions, 'sources'>;
  readonly usage?: UsageReader;
  readonly audit?: AuditReader;
}

/** What this gateway records itself: it changes without saying for how long it holds, so nobody keeps an answer with it. */
function unkept<T>({ onRead }: Call, records: T): T {
  onRead?.(notKept);
  return records;
}

/** Users, products, orders, flights, bookings and workflows over nine backends. */
export function createWeirWorld(options: WeirWorldOptions = {}): World {
  const { durable, usage = noUsage, audit = noAudit } = options;
  let opened: OpenedDurable | null = null;
  return {
    table: backends,
    schema: createSchema(readTypeDefs(), [resolvers]),
    subgraph: () => createSubgraphSchema(readTypeDefs(), [resolvers]),
    open: (upstream) => {
      const sources = createSources(upstream, backends);
      const loadersFor = createLoaders(sources, backends);
      opened = durable ? openDurable({ ...durable, sources }) : null;
      const workflows = opened?.workflows ?? createDeferredWorkflows();
      return (call, schedule): Context => ({
        call,
        viewer: call.viewer,
        sources,
        loaders: loadersFor({ call, schedule }),
        get workflows() {
          return unkept(call, workflows);
        },
        get usage() {
          return unkept(call, usage);
        },
        get audit() {
          return unkept(call, audit);
        },
      });
    },
    grant: (upstream, client) => createMachineGrant(createUsersSource(upstream, backends), client),
    hear: async (backend, event) =>
      backend === 'orders' && opened !== null && hearWarehouse(opened.workflows, event),
    upload: async (owner, csv) => {
      if (opened === null)
        throw new WeirError('WORKFLOWS_UNAVAILABLE', 'This gateway has no durable workflows.');
      return opened.workflows.saveUpload(owner, csv);
    },
    parts: () => (opened ? { database: { reachable: opened.workflows.isUp() } } : {}),
    ...(durable
      ? {
          workflows: async () => opened?.workflows.figures() ?? { byState: {}, undoingSeconds: 0 },
        }
      : {}),
    settled: async () => opened?.settled,
    close: async () => opened?.workflows.close(),
  };
}
