import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { withMigrationLock } from '../postgres/migration-lock.ts';
import { createQueryPool } from '../postgres/query-pool.ts';
import { migrateRecords } from '../records/migrations.ts';
import type { Tracing } from '../tracing/tracing.ts';
import { createActivity } from './activity.ts';
import { type RetryPolicy, usualRetryPolicy } from './attempts.ts';
import type { ChangeChannel } from './change-channel.ts';
import { type Changes, createChanges, type Reread } from './changes.ts';
import type { Durable, Engine, QueueSettings } from './durable.ts';
import { launchEngine, migrateEngine } from './engine.ts';
import { createLease } from './lease.ts';
import { createMend } from './mend.ts';
import { migrateWorkflows } from './migrations.ts';
import { createRunner } from './runner.ts';
import type { Saga, Task } from './saga.ts';
import { createInputKeeper, type InputKeeper } from './sealed-input.ts';
import type { Sealing } from './sealing.ts';
import type { Alert } from './step-runner.ts';
import { createWorkflowStore, type WorkflowStore } from './store.ts';
import { createSweeper, type Sweeper } from './sweeper.ts';
import { guarded, unavailable } from './unavailable.ts';
import type { SagaTable } from './workflows.ts';

export interface WorkflowHostOptions {
  readonly url: string;
  /** How processes hear of each other's changes. It is closed with the workflows. */
  readonly channel: ChangeChannel;
  readonly sealing: Sealing;
  /** False: starts workflows and goes on with those of dead processes, and takes none from queues. */
  readonly takesFromQueues?: boolean;
  readonly queues?: readonly QueueSettings[];
  /** What queues are filled with, by fan-outs. */
  readonly tasks?: readonly Task[];
  readonly policy?: Partial<RetryPolicy>;
  /** How long a silent process is taken for alive, and how often others look. */
  readonly leaseMs?: number;
  readonly sweepMs?: number;
  /** How often what is watched is read again. */
  readonly reread?: Reread;
  /** How long what has ended is kept. */
  readonly keepMs?: number;
  /** Removes what else has been kept that long. */
  alsoRemove?(keepMs: number): Promise<void>;
  /** Grows when changed sagas cannot finish runs of before. */
  readonly version?: string;
  /** How long `close` waits for runs to end before it stops them between two steps. */
  readonly graceMs?: number;
  /** Where spans of steps go; left out where nobody receives traces. */
  readonly tracing?: Tracing | null;
  alert(alert: Alert): void;
  log(level: 'info' | 'warn' | 'error', message: string): void;
}

/** What runs workflows in this process, and the tools it does so with. */
export interface WorkflowHost {
  readonly executorId: string;
  readonly ready: Promise<void>;
  readonly store: WorkflowStore;
  readonly changes: Changes;
  readonly keeper: InputKeeper;
  isUp(): boolean;
  assertUp(): void;
  stranded(): ReadonlyMap<string, number>;
  sagaOf(name: string): Saga;
  /** Starts a workflow that is written down. */
  launch(name: string, id: string): Promise<void>;
  send(id: string, topic: string, message: unknown, key: string): Promise<void>;
  /** Runs `work`; refuses with `WORKFLOWS_UNAVAILABLE`, at once where the engine does not run. */
  whileUp<T>(work: () => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

const thirtyDaysMs = 30 * 24 * 3600 * 1000;

export function createWorkflowHost(sagas: SagaTable, options: WorkflowHostOptions): WorkflowHost {
  const { url, channel, log, alert, sealing, graceMs = 4000, version = '1' } = options;
  const policy = { ...usualRetryPolicy, ...options.policy };
  const executorId = randomUUID();
  const byName = new Map(Object.values(sagas).map((saga) => [saga.name, saga]));
  const warn = (message: string): void => log('warn', message);

  const pool = createQueryPool(url, 'weir workflows', 10);
  const store = createWorkflowStore(pool, channel);
  const changes = createChanges({
    channel,
    read: async (id) => (await store.find(id))?.state ?? null,
    revisionsOf: store.revisionsOf,
    ...(options.reread ? { reread: options.reread } : {}),
  });
  const keeper = createInputKeeper(sealing);
  const activity = createActivity();
  const lease = createLease({ url, name: executorId, log: warn, ...timeoutOf(options.leaseMs) });

  let engine: Engine | null = null;
  let sweeper: Sweeper | null = null;
  let closing: Promise<void> | null = null;
  const whenClosing = Promise.withResolvers<void>();

  const sagaOf = (name: string): Saga => {
    const saga = byName.get(name);
    if (!saga) throw new Error(`There is no workflow ${name}.`);
    return saga;
  };

  const engineNow = (): Engine => {
    if (engine === null || closing !== null || !lease.isUp()) throw unavailable(null);
    return engine;
  };

  const runner = createRunner({
    executorId,
    store,
    changes,
    keeper,
    activity,
    policy,
    lease,
    tracing: options.tracing ?? null,
    engine: () => engine,
    sagaOf,
    alert,
    warn,
  });

  const launch = async (): Promise<void> => {
    await withMigrationLock(url, async (client) => {
      // First, since workflows leave lines in the audit log.
      await migrateRecords(client);
      await migrateWorkflows(client);
      await migrateEngine(url, log);
    });
    await Promise.race([lease.ready, whenClosing.promise]);
    if (closing) return;
    const functions = Object.fromEntries([
      ...[...byName].map(
        ([name, saga]) => [name, (durable: Durable) => runner.runSaga(saga, durable)] as const,
      ),
      ...(options.tasks ?? []).map(
        (task) => [task.name, (durable: Durable) => runner.runTask(task, durable)] as const,
      ),
    ]);
    const launched = await launchEngine({
      url,
      executorId,
      version,
      functions,
      queues: options.queues ?? [],
      takesFromQueues: options.takesFromQueues ?? true,
      log,
    });
    if (closing) return launched.close();
    engine = launched;
    sweeper = createSweeper({
      engine: launched,
      lease,
      executorId,
      version,
      everyMs: options.sweepMs ?? 2000,
      alsoSweep: createMend({
        engine: launched,
        store,
        changes,
        knows: (name) => byName.has(name),
        keepMs: options.keepMs ?? thirtyDaysMs,
        alsoRemove: async (keepMs) => options.alsoRemove?.(keepMs),
        alert,
      }),
      log,
    });
  };

  const launchWhenPossible = async (): Promise<void> => {
    for (let waitMs = 250; !closing; waitMs = Math.min(waitMs * 2, 5000)) {
      try {
        return await launch();
      } catch (error) {
        warn(`Durable workflows cannot start yet: ${String(error)}`);
        await Promise.race([delay(waitMs), whenClosing.promise]);
      }
    }
  };
  const ready = launchWhenPossible();

  const shutDown = async (): Promise<void> => {
    whenClosing.resolve();
    await ready;
    const until = performance.now() + graceMs;
    while (!runner.isQuiet() && performance.now() < until && lease.isUp()) await delay(20);
    await activity.rest(lease.isUp() ? 4000 : 0);
    await runner.stop();
    await sweeper?.close();
    if (engine) {
      // What is left belongs to nobody now, rather than to a process that others have to find out is gone.
      if (lease.isFresh()) await engine.letGo().catch((error) => warn(String(error)));
      await engine.close();
    }
    await Promise.all([lease.close(), changes.close(), pool.close()]);
  };

  return {
    executorId,
    ready,
    store,
    changes,
    keeper,
    isUp: () => engine !== null && closing === null && lease.isUp(),
    assertUp: () => void engineNow(),
    stranded: () => sweeper?.stranded() ?? new Map(),
    sagaOf,
    launch: (name, id) => soon(engineNow().start(name, id)),
    send: (id, topic, message, key) => soon(engineNow().send(id, topic, message, key)),
    async whileUp(work) {
      engineNow();
      return guarded(work);
    },
    close() {
      closing ??= shutDown();
      return closing;
    },
  };
}

/** The engine waits out an outage of the database; whoever sent a request does not. */
async function soon(work: Promise<void>): Promise<void> {
  const late = delay(3000, undefined, { ref: false }).then(() => {
    throw unavailable(null);
  });
  await Promise.race([work, late]);
}

function timeoutOf(timeoutMs: number | undefined): { timeoutMs?: number } {
  return timeoutMs === undefined ? {} : { timeoutMs };
}
