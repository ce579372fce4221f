import { setTimeout as delay } from 'node:timers/promises';
import { keepTrying } from '../postgres/keep-trying.ts';
import { messageOf } from '../postgres/message-of.ts';
import type { SharedDatabase } from '../postgres/shared-database.ts';
import { createDeferredWorkflows } from './deferred-workflows.ts';
import { type OpenWorkflowsOptions, openWorkflows } from './open-workflows.ts';
import { createSealing } from './sealing.ts';
import type { WeirWorkflows } from './weir-workflows.ts';

export interface OpenDurableOptions extends Omit<OpenWorkflowsOptions, 'url' | 'sealing'> {
  readonly database: SharedDatabase;
  /** The keys that seal what workflows keep. Throws where they cannot be had for now. */
  sealingKeys(): readonly Buffer[];
}

/** Workflows that are there, or will be. */
export interface OpenedDurable {
  readonly workflows: WeirWorkflows;
  /** Resolves when they run, or when it is known that they do not for now. */
  readonly settled: Promise<void>;
}

/** How long whoever starts is to wait for a database that may yet come. */
const patienceMs = 10_000;

/** How long before keys that could not be had are asked for again. */
const retryMs = 15_000;

/**
 * Opens the workflows once the database is open, in the background.
 *
 * Whoever asks meanwhile is told that workflows are unavailable; reads go on.
 */
export function openDurable(options: OpenDurableOptions): OpenedDurable {
  const { database, sealingKeys, log, ...rest } = options;
  const deferred = createDeferredWorkflows();
  const closing = new AbortController();
  const failed = Promise.withResolvers<void>();
  let opening: Promise<unknown> = Promise.resolve();
  let workflows: WeirWorkflows | null = null;

  database.whenOpen((url) => {
    const open = async (): Promise<void> => {
      workflows = openWorkflows({ ...rest, log, url, sealing: createSealing(sealingKeys()) });
      deferred.provide(workflows);
    };
    opening = keepTrying(open, {
      pauseMs: () => retryMs,
      signal: closing.signal,
      onFailure(error) {
        failed.resolve();
        log('error', `Durable workflows are unavailable. ${messageOf(error)}`);
      },
    });
  });

  const close = async (): Promise<void> => {
    closing.abort();
    await opening;
    await workflows?.close();
  };

  const late = delay(patienceMs, undefined, { ref: false });
  return {
    workflows: { ...deferred, close },
    settled: Promise.race([deferred.ready, failed.promise, database.failed, late]),
  };
}
