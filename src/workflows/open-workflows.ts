import type { JWTVerifyGetKey } from 'jose';
import type { Sources } from '../datasources/sources.ts';
import { createQueryPool } from '../postgres/query-pool.ts';
import { createImportStore } from './import-store.ts';
import { createOfferVerifier } from './offer-verifier.ts';
import { createImportTask, importQueue } from './sagas/import-products.ts';
import { createSagas, type SagasOptions } from './sagas/index.ts';
import { createWeirWorkflows, type WeirWorkflows } from './weir-workflows.ts';
import type { WorkflowHostOptions } from './workflow-host.ts';
import { createWorkflows } from './workflows.ts';

export interface OpenWorkflowsOptions
  extends Omit<WorkflowHostOptions, 'queues' | 'tasks' | 'takesFromQueues'> {
  readonly sources: Sources;
  /** The keys of the pricing backend, which signs offers. */
  readonly offerKeys: JWTVerifyGetKey;
  /** `gateway` starts workflows and takes nothing from queues; `worker` and `all` do both. */
  readonly role: 'all' | 'gateway' | 'worker';
  /** In place of the usual numbers, for tests. */
  readonly sagas?: Partial<Pick<SagasOptions, 'approvalAbove' | 'approvalMs' | 'remindMs'>>;
}

/** Opens the durable workflows on a database. Answers at once; `ready` tells when they run. */
export function openWorkflows(options: OpenWorkflowsOptions): WeirWorkflows {
  const { sources, offerKeys, role, sagas, ...host } = options;
  const pool = createQueryPool(options.url, 'weir imports', 4);
  const imports = createImportStore(pool);
  const workflows = createWorkflows(
    createSagas({ sources, imports, offers: createOfferVerifier(offerKeys), ...sagas }),
    {
      ...host,
      alsoRemove: (keepMs) => imports.removeUploads(keepMs),
      queues: [importQueue],
      tasks: [createImportTask({ sources, imports })],
      takesFromQueues: role !== 'gateway',
    },
  );
  return {
    ...createWeirWorkflows(workflows, imports, sources.users),
    async close() {
      await workflows.close();
      await pool.close();
    },
  };
}
