import { setTimeout as delay } from 'node:timers/promises';
import { DatabaseFault } from '../postgres/query-pool.ts';
import type { Tracing } from '../tracing/tracing.ts';
import type { Activity } from './activity.ts';
import type { RetryPolicy } from './attempts.ts';
import type { Changes } from './changes.ts';
import { type Durable, type Engine, UnknownWorkflow } from './durable.ts';
import { lostOwnership } from './engine.ts';
import { insist } from './insist.ts';
import type { Lease } from './lease.ts';
import { newState } from './new-state.ts';
import { noOrigin } from './origin.ts';
import { createRecorder, type Recorder } from './recorder.ts';
import { runSaga } from './run-saga.ts';
import type { Saga, Task } from './saga.ts';
import type { InputKeeper } from './sealed-input.ts';
import { hasEnded } from './state.ts';
import { withStepCall } from './step-call.ts';
import type { Alert } from './step-runner.ts';
import type { WorkflowRecord, WorkflowStore } from './store.ts';
import { fromTaskId } from './task-id.ts';

/** Runs what the engine calls for: sagas, and the pieces of fan-outs. */
export interface Runner {
  runSaga(saga: Saga, durable: Durable): Promise<void>;
  runTask(task: Task, durable: Durable): Promise<void>;
  /** Whether everything that runs here waits for somebody else. */
  isQuiet(): boolean;
  /** Writes down what is known of everything that runs here, and nothing after that: the process is about to end. */
  stop(): Promise<void>;
}

export interface RunnerOptions {
  /** This process. */
  readonly executorId: string;
  readonly store: WorkflowStore;
  readonly changes: Changes;
  readonly keeper: InputKeeper;
  readonly activity: Activity;
  readonly policy: RetryPolicy;
  readonly lease: Lease;
  readonly tracing: Tracing | null;
  /** Null until it is launched; nothing runs before. */
  engine(): Engine | null;
  sagaOf(name: string): Saga;
  alert(alert: Alert): void;
  warn(message: string): void;
}

/** How long a process that ends waits for its last writes. */
const flushMs = 1000;

/** How long to wait for a database that is away, before asking it again. */
const databasePauseMs = 500;

export function createRunner(options: RunnerOptions): Runner {
  const { executorId, store, changes, keeper, activity, policy, lease, tracing, engine } = options;
  const { sagaOf, alert, warn } = options;
  const running = new Map<string, Recorder>();
  let stopped = false;

  /** Lets a step begin only where nobody else can have taken its workflow over. */
  const assertMine = async (id: string): Promise<void> => {
    while (!lease.isFresh()) {
      try {
        if (await engine()?.isMine(id)) return;
        throw lostOwnership(id);
      } catch (error) {
        if (!(error instanceof DatabaseFault)) throw error;
        await activity.pause(databasePauseMs);
      }
    }
  };

  /** Within a step: an outage of the database, or another workflow's start, is waited for, and is no failure. */
  const patiently = async <T>(work: () => Promise<T>): Promise<T> => {
    for (;;) {
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof DatabaseFault || error instanceof UnknownWorkflow)) throw error;
        await activity.pause(databasePauseMs);
      }
    }
  };

  /** The record of a workflow that this process runs; null where there is none. */
  const claim = async (durable: Durable): Promise<WorkflowRecord | null> => {
    for (;;) {
      try {
        const isOurs = await durable.claim();
        const record = await store.find(durable.id);
        // Whoever was asleep meanwhile, or is about to end, leaves it to whoever has it now.
        if (record !== null && (!isOurs || stopped)) throw lostOwnership(durable.id);
        return record;
      } catch (error) {
        if (!(error instanceof DatabaseFault)) throw error;
        warn(`Workflow ${durable.id} waits for the database: ${String(error)}`);
        await delay(databasePauseMs);
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

  return {
    async runSaga(saga, durable) {
      const record = await claim(durable);
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
          tracing,
          origin: record.origin,
          recorder,
          activity,
          policy,
          alert,
          assertMine,
          decisionOf: (id) => patiently(() => store.decisionOf(id)),
          tell: ({ to, topic, message }, key) =>
            patiently(async () => {
              const other =
                typeof to === 'string' ? await store.find(to) : await store.findOpen(to.saga, to.subject);
              if (!other || hasEnded(other.state)) return;
              await engine()?.send(other.state.id, topic, message, key);
            }),
          prepare: async ({ saga: name, id, input }, startedBy) => {
            const next = sagaOf(name);
            const kept = keeper.keep(id, Object(input), next.secrets);
            const state = newState(id, next, startedBy);
            await patiently(() =>
              store.create(
                { state, input: kept.input, inputHash: kept.hash, origin: record.origin },
                executorId,
              ),
            );
          },
        });
      } finally {
        recorder.stop();
        if (running.get(durable.id) === recorder) running.delete(durable.id);
      }
    },

    async runTask({ name, run }, { id, run: record }) {
      const { workflowId, number } = fromTaskId(id);
      const work = async (): Promise<void> => {
        const origin = (await patiently(() => store.find(workflowId)))?.origin ?? noOrigin;
        const { attemptMs: budgetMs } = policy;
        // Under its own id: the pieces of one fan-out are told apart.
        const facts = { workflowId: id, workflow: name, step: name, userId: null, origin, budgetMs };
        await withStepCall(tracing, facts, (call) => run({ call, key: `${id}:${name}` }, workflowId, number));
      };
      const onFailure = (cause: unknown, attempts: number, alerting: boolean): void => {
        const message = `piece ${number}: ${String(cause)}`;
        if (alerting) alert({ workflowId, workflow: name, step: name, attempts, message, cause });
      };
      await activity.during(() =>
        record(name, () => insist(work, { id, activity, policy, assertMine, onFailure })),
      );
    },

    async stop() {
      stopped = true;
      const recorders = [...running.values()];
      await Promise.race([Promise.all(recorders.map((recorder) => recorder.flush())), delay(flushMs)]);
      for (const recorder of recorders) recorder.stop();
    },
    isQuiet: () => [...running.values()].every((recorder) => recorder.current().status === 'WAITING'),
  };
}
