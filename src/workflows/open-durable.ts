import { setTimeout as delay } from 'node:timers/promises';
import { type Database, openDatabase } from '../postgres/database.ts';
import { createDeferredWorkflows } from './deferred-workflows.ts';
import { type OpenWorkflowsOptions, openWorkflows } from './open-workflows.ts';
import { createSealing, keptKey, parseSealingKeys } from './sealing.ts';
import type { WeirWorkflows } from './weir-workflows.ts';

/** What an operator decides about durable workflows. */
export interface DurableSettings {
  /** `DATABASE_URL`, or null for an embedded database. */
  readonly databaseUrl: string | null;
  /** Where an embedded database, and a sealing key that is not set, are kept. Throws where there is no such place. */
  dataDir(embedded: boolean): string;
  /** `WORKFLOW_KEY`, or null for a key that is made and kept in the data folder. */
  readonly sealingKeys: string | null;
}

export interface OpenDurableOptions extends Omit<OpenWorkflowsOptions, 'url' | 'sealing'> {
  readonly settings: DurableSettings;
}

/** Workflows that are there, or will be. */
export interface OpenedDurable {
  readonly workflows: WeirWorkflows;
  /** Resolves when they run, or when it is known that they do not for now. */
  readonly settled: Promise<void>;
}

/** How long whoever starts is to wait for a database that may yet come. */
const patienceMs = 10_000;

/** How long before a database that could not be opened is tried again. */
const retryMs = 15_000;

/**
 * Opens the database and the workflows on it, in the background, and tries again where it cannot.
 *
 * Whoever asks meanwhile is told that workflows are unavailable; reads go on. The first failure is told in full,
 * since it says what to do.
 */
export function openDurable(options: OpenDurableOptions): OpenedDurable {
  const { settings, log, ...rest } = options;
  const deferred = createDeferredWorkflows();
  const closing = new AbortController();
  const failed = Promise.withResolvers<void>();
  let database: Database | null = null;
  let workflows: WeirWorkflows | null = null;

  const open = async (): Promise<void> => {
    const { databaseUrl, sealingKeys } = settings;
    const dataDir =
      databaseUrl === null || sealingKeys === null ? settings.dataDir(databaseUrl === null) : '';
    const keys = sealingKeys === null ? [keptKey(dataDir)] : parseSealingKeys(sealingKeys);
    database = await openDatabase({
      url: databaseUrl,
      dataDir,
      log: (message) => log('info', message),
    });
    if (closing.signal.aborted) return;
    workflows = openWorkflows({ ...rest, log, url: database.url, sealing: createSealing(keys) });
    deferred.provide(workflows);
  };

  const openWhenPossible = async (): Promise<void> => {
    while (!closing.signal.aborted) {
      try {
        return await open();
      } catch (error) {
        failed.resolve();
        log('error', `Durable workflows are unavailable. ${error instanceof Error ? error.message : error}`);
        await delay(retryMs, undefined, { signal: closing.signal, ref: false }).catch(() => undefined);
      }
    }
  };
  const opening = openWhenPossible();

  const close = async (): Promise<void> => {
    closing.abort();
    await opening;
    await workflows?.close();
    // Last, since everything above still writes to it.
    await database?.close();
  };

  const late = delay(patienceMs, undefined, { ref: false });
  return {
    workflows: { ...deferred, close },
    settled: Promise.race([deferred.ready, failed.promise, late]),
  };
}
