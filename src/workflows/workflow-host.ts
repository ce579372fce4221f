import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { WeirError } from '../errors.ts';
import { withMigrationLock } from '../postgres/migration-lock.ts';
import { createQueryPool, DatabaseFault } from '../postgres/query-pool.ts';
import { createActivity } from './activity.ts';
import { type RetryPolicy, usualRetryPolicy } from './attempts.ts';
import { type Changes, createChanges } from './changes.ts';
import {
  type Durable,
  type Engine,
  launchEngine,
  lostOwnership,
  migrateEngine,
  type QueueSettings,
} from './engine.ts';
import { insist } from './insist.ts';
import { createLease } from './lease.ts';
import { migrateWorkflows } from './migrations.ts';
import { stepFailed } from './problems.ts';
import { createRecorder, type Recorder } from './recorder.ts';
import { removeOld } from './retention.ts';
import { runSaga } from './run-saga.ts';
import type { Saga, Task } from './saga.ts';
import { createInputKeeper, type InputKeeper } from './sealed-input.ts';
import type { Sealing } from './sealing.ts';
import { hasEnded } from './state.ts';
import { type Alert, toCall } from './step-runner.ts';
import { createWorkflowStore, type WorkflowRecord, type WorkflowStore } from './store.ts';
import { createSweeper, type Sweeper } from './sweeper.ts';
import { fromTaskId } from './task-id.ts';
import { newState, type SagaTable } from './workflows.ts';

export interface WorkflowHostOptions {
  readonly url: string;
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
  /** How long what has ended is kept. */
  readonly keepMs?: number;
  /** Removes what else has been kept that long. */
  alsoRemove?(keepMs: number): Promise<void>;
  /** Grows when changed sagas cannot finish runs of before. */
  readonly version?: string;
  /** How long `close` waits for runs to end before it stops them between two steps. */
  readonly graceMs?: number;
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
  stranded(): ReadonlyMap<string, number>;
  sagaOf(name: string): Saga;
  /** Starts a workflow that is written down. */
  launch(name: string, id: string): Promise<void>;
  send(id: string, topic: string, message: unknown, key: string): Promise<void>;
  /** Runs `work`; any failure of the database becomes `WORKFLOWS_UNAVAILABLE`. */
  guarded<T>(work: () => Promise<T>): Promise<T>;
  /** As `guarded`, and refuses at once where the engine does not run. */
  whileUp<T>(work: () => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

const thirtyDaysMs = 30 * 24 * 3600 * 1000;

export function createWorkflowHost(sagas: SagaTable, options: WorkflowHostOptions): WorkflowHost {
  const { url, log, alert, sealing, graceMs = 10_000, version = '1' } = options;
  const policy = { ...usualRetryPolicy, ...options.policy };
  const executorId = randomUUID();
  const byName = new Map(Object.values(sagas).map((saga) => [saga.name, saga]));
  const warn = (message: string): void => log('warn', message);

  const pool = createQueryPool(url, 'weir workflows', 10);
  const store = createWorkflowStore(pool);
  const changes = createChanges({
    url,
    log: warn,
    read: async (id) => (await store.find(id))?.state ?? null,
  });
  const keeper = createInputKeeper(sealing);
  const activity = createActivity();
  const running = new Map<string, Recorder>();
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

  /** Lets a step begin only where nobody else can have taken its workflow over. */
  const assertMine = async (id: string): Promise<void> => {
    while (!lease.isFresh()) {
      try {
        if (await engine?.isMine(id)) return;
        throw lostOwnership(id);
      } catch (error) {
        if (!(error instanceof DatabaseFault)) throw error;
        await activity.pause(500);
      }
    }
  };

  const claim = async (id: string): Promise<WorkflowRecord | null> => {
    for (;;) {
      try {
        return await store.claim(id, executorId);
      } catch (error) {
        warn(`Workflow ${id} waits for the database: ${String(error)}`);
        await delay(500);
      }
    }
  };

  const openInput = (saga: Saga, { state, input }: WorkflowRecord): unknown => {
    try {
      return keeper.open(state.id, input, saga.secrets);
    } catch (error) {
      // The step that needs the secret is refused then, and what was done is undone.
      const message = `its sealed input cannot be opened: ${String(error)}`;
      alert({ workflowId: state.id, workflow: saga.name, step: '', attempts: 1, message, cause: error });
      return input;
    }
  };

  const run = async (saga: Saga, durable: Durable): Promise<void> => {
    const record = await claim(durable.id);
    if (record === null) return warn(`Workflow ${durable.id} is not written down any more.`);
    const recorder = createRecorder({
      store,
      owner: executorId,
      initial: record.state,
      publish: changes.publish,
      log: warn,
    });
    running.set(durable.id, recorder);
    try {
      await runSaga(saga, saga.input.parse(openInput(saga, record)), {
        durable,
        recorder,
        activity,
        policy,
        alert,
        assertMine,
        decisionOf: store.decisionOf,
        tell: async (id, topic, message, key) => {
          const other = await store.find(id);
          if (other && !hasEnded(other.state)) await engine?.send(id, topic, message, key);
        },
        prepare: async ({ saga: name, id, input }, startedBy) => {
          const next = sagaOf(name);
          const kept = keeper.keep(id, Object(input), next.secrets);
          const state = newState(id, next, startedBy);
          await store.create({ state, input: kept.input, inputHash: kept.hash }, executorId);
        },
      });
    } finally {
      running.delete(durable.id);
    }
  };

  const runTask = async (task: Task, durable: Durable): Promise<void> => {
    const { id } = durable;
    const { workflowId, number } = fromTaskId(id);
    const work = (): Promise<void> =>
      task.run({ call: toCall(id, null, policy.attemptMs), key: `${id}:${task.name}` }, workflowId, number);
    await durable.run(task.name, () =>
      activity.during(() =>
        insist(work, {
          id,
          activity,
          policy,
          assertMine,
          onFailure(error, attempts, alerting) {
            const message = `piece ${number}: ${String(error)}`;
            if (alerting)
              alert({ workflowId, workflow: task.name, step: task.name, attempts, message, cause: error });
          },
        }),
      ),
    );
  };

  let mendAt = 0;
  let removeAt = 0;

  /** What a process that died in the middle left undone beside its workflows, now and then. */
  const mend = async (running: Engine): Promise<void> => {
    if (performance.now() < mendAt) return;
    mendAt = performance.now() + 10_000;
    for (const { id, name } of await running.listUnstarted(10_000, 100)) {
      if (byName.has(name)) await running.start(name, id);
    }
    for (const id of await running.listBroken(100)) {
      const problem = stepFailed('', 'The workflow was stopped from outside, or could not be run.', 'BROKEN');
      const state = await store.breakOff(id, problem);
      if (!state) continue;
      changes.publish(state);
      const message = 'the engine gave it up: look at what it had done';
      alert({ workflowId: id, workflow: state.name, step: '', attempts: 1, message, cause: null });
    }
    if (performance.now() < removeAt) return;
    removeAt = performance.now() + 3_600_000;
    const keepMs = options.keepMs ?? thirtyDaysMs;
    await removeOld(running, store, keepMs);
    await options.alsoRemove?.(keepMs);
  };

  const launch = async (): Promise<void> => {
    await withMigrationLock(url, async (client) => {
      await migrateWorkflows(client);
      await migrateEngine(url, log);
    });
    await Promise.race([lease.ready, whenClosing.promise]);
    if (closing) return;
    const functions = Object.fromEntries([
      ...[...byName].map(([name, saga]) => [name, (durable: Durable) => run(saga, durable)] as const),
      ...(options.tasks ?? []).map(
        (task) => [task.name, (durable: Durable) => runTask(task, durable)] as const,
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
      alsoSweep: () => mend(launched),
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

  const isQuiet = (): boolean =>
    [...running.values()].every((recorder) => recorder.current().status === 'WAITING');

  const shutDown = async (): Promise<void> => {
    whenClosing.resolve();
    await ready;
    const until = performance.now() + graceMs;
    while (!isQuiet() && performance.now() < until && lease.isUp()) await delay(20);
    await activity.rest(lease.isUp() ? 5000 : 0);
    await sweeper?.close();
    if (engine) {
      // What is left belongs to nobody now, rather than to a process that others have to find out is gone.
      if (lease.isFresh()) await engine.takeOver(executorId).catch((error) => warn(String(error)));
      await engine.close();
    }
    await Promise.all([lease.close(), changes.close(), pool.close()]);
  };

  const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      if (error instanceof DatabaseFault) throw unavailable(error);
      throw error;
    }
  };

  return {
    executorId,
    ready,
    store,
    changes,
    keeper,
    isUp: () => engine !== null && closing === null && lease.isUp(),
    stranded: () => sweeper?.stranded() ?? new Map(),
    sagaOf,
    launch: (name, id) => soon(engineNow().start(name, id)),
    send: (id, topic, message, key) => soon(engineNow().send(id, topic, message, key)),
    guarded,
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

function unavailable(cause: unknown): WeirError {
  return new WeirError(
    'WORKFLOWS_UNAVAILABLE',
    'Durable workflows cannot be reached at the moment.',
    {},
    cause,
  );
}
