import type { Redis } from 'ioredis';
import type { JWTVerifyGetKey } from 'jose';
import type { Sources } from '../datasources/sources.ts';
import { createQueryPool } from '../postgres/query-pool.ts';
import { createWebhookSender } from '../webhooks/send-webhook.ts';
import { createImportStore } from './import-store.ts';
import { createOfferVerifier } from './offer-verifier.ts';
import { createPostgresChannel } from './postgres-channel.ts';
import { createRedisChannel } from './redis-channel.ts';
import { createImportTask, importQueue } from './sagas/import-products.ts';
import { createSagas, type SagasOptions } from './sagas/index.ts';
import { createWebhookDeliveries } from './webhook-deliveries.ts';
import { createWebhookStore } from './webhook-store.ts';
import { createWeirWorkflows, type WeirWorkflows } from './weir-workflows.ts';
import type { WorkflowHostOptions } from './workflow-host.ts';
import { createWorkflows } from './workflows.ts';

export interface OpenWorkflowsOptions
  extends Omit<WorkflowHostOptions, 'channel' | 'queues' | 'tasks' | 'takesFromQueues'> {
  /** By which processes hear of each other's changes; PostgreSQL where there is none. */
  readonly redis?: Redis | null;
  readonly sources: Sources;
  /** The keys of the pricing backend, which signs offers. */
  readonly offerKeys: JWTVerifyGetKey;
  /** `gateway` starts workflows and takes nothing from queues; `worker` and `all` do both. */
  readonly role: 'all' | 'gateway' | 'worker';
  /** Private hosts that webhooks may be sent to. */
  readonly webhookAllow?: readonly string[];
  /** In place of the usual numbers, for tests. */
  readonly webhooks?: { readonly everyMs?: number; readonly baseMs?: number };
  readonly sagas?: Partial<Pick<SagasOptions, 'approvalAbove' | 'approvalMs' | 'remindMs'>>;
}

/** Opens the durable workflows on a database. Answers at once; `ready` tells when they run. */
export function openWorkflows(options: OpenWorkflowsOptions): WeirWorkflows {
  const { sources, redis = null, offerKeys, role, sagas, webhookAllow = [], ...rest } = options;
  const { webhooks: times, ...host } = rest;
  const log = (message: string): void => options.log('warn', message);
  const pool = createQueryPool(options.url, 'weir imports', 4);
  const channel = redis
    ? createRedisChannel({ redis, pool })
    : createPostgresChannel({ url: options.url, log });
  const imports = createImportStore(pool, channel);
  const webhooks = createWebhookStore(pool, options.sealing);
  const sender = createWebhookSender({ allow: webhookAllow });
  const workflows = createWorkflows(
    createSagas({ sources, imports, offers: createOfferVerifier(offerKeys), ...sagas }),
    {
      ...host,
      channel,
      async alsoRemove(keepMs) {
        await imports.removeUploads(keepMs);
        await webhooks.removeOld(keepMs);
      },
      queues: [importQueue],
      tasks: [createImportTask({ sources, imports })],
      takesFromQueues: role !== 'gateway',
    },
  );
  const sends = role !== 'gateway';
  let deliveries: { close(): Promise<void> } | null = null;
  let closing = false;
  workflows.ready.then(() => {
    if (sends && !closing) deliveries = createWebhookDeliveries({ store: webhooks, sender, log, ...times });
  });
  return {
    ...createWeirWorkflows(workflows, { imports, webhooks, sender, users: sources.users }),
    async close() {
      closing = true;
      await deliveries?.close();
      await workflows.close();
      await sender.close();
      await pool.close();
    },
  };
}
