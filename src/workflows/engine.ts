/**
 * The durable engine. This is the only file that names DBOS: everything else sees the interfaces below.
 *
 * What holds of it: a workflow is a function of its own history. Each `run` is recorded with its outcome; after a
 * crash the function is called again and gets recorded outcomes back instead of running anything twice. So a
 * workflow must come to the same calls in the same order each time, and what it decides by must come from them.
 */

import { setTimeout as delay } from 'node:timers/promises';
import { DBOS, Error as DBOSErrors, DBOSWorkflowConflictError } from '@dbos-inc/dbos-sdk';
import { DBOSExecutor } from '@dbos-inc/dbos-sdk/internal/dbos-executor';
import { migrateSystemDatabase } from '@dbos-inc/dbos-sdk/internal/system_database';
import { GlobalLogger } from '@dbos-inc/dbos-sdk/internal/telemetry/logs';
import { dbRetryConfig, INTERNAL_QUEUE_NAME } from '@dbos-inc/dbos-sdk/internal/utils';
import pg from 'pg';
import { z } from 'zod';
import { createQueryPool, type QueryPool } from '../postgres/query-pool.ts';
import { type Durable, type Engine, type EngineOptions, UnknownWorkflow } from './durable.ts';

/** Thrown inside a `run` to stop a workflow that somebody else has taken over. */
export const lostOwnership = (id: string): Error => new DBOSWorkflowConflictError(id);

/** Whether the engine itself threw this, to stop a workflow; it must be let through. */
export const isEngineError = (error: unknown): boolean => error instanceof DBOSErrors.DBOSError;

const holdingRow = z.object({
  executorId: z.string().nullable(),
  version: z.string().transform((version) => version.replace(/^weir-/, '')),
  count: z.number(),
});

const messageRow = z.object({ id: z.string(), topic: z.string() });

const unstartedRow = z.object({ id: z.string(), name: z.string() });

/** Restarts are cheap and waits are long: a workflow is never given up for having been taken up often. */
const maxRecoveryAttempts = 1_000_000;

/** Between two tries to put a workflow back, while the database is away. */
const putBackPauseMs = 500;

/**
 * A waiting workflow is woken by a notification. One that was lost is made up for by `wakeWaiting`, with one query
 * for all that wait: each asking by itself is left as the last resort.
 */
const receivePollMs = 600_000;

/** Creates or updates the engine's tables. The caller holds the migration lock. */
export async function migrateEngine(url: string, log: EngineOptions['log']): Promise<void> {
  // Its progress is told as warnings; a failure rejects.
  const logger = toLogger((level, message) => level === 'error' && log(level, message));
  await migrateSystemDatabase(url, new GlobalLogger(undefined, { logger }));
}

/**
 * Starts the engine on a migrated database. There can be one in a process.
 *
 * Throws where one runs already, or where the database cannot be reached.
 */
export async function launchEngine(options: EngineOptions): Promise<Engine> {
  if (DBOS.isInitialized())
    throw new Error('A process can run one engine of durable workflows, and has one.');
  const pool = createQueryPool(options.url, 'weir engine', 2);
  const way = createWay(pool, options.executorId);
  const functions = new Map<string, () => Promise<void>>();
  for (const [name, call] of Object.entries(options.functions)) {
    const run = (): Promise<void> => call(durable(functions, way));
    functions.set(name, DBOS.registerWorkflow(run, { name, maxRecoveryAttempts }));
  }
  const connections = new pg.Pool({
    connectionString: options.url,
    application_name: 'weir durable',
    max: 12,
    connectionTimeoutMillis: 10_000,
    // A process that hangs within a transaction must not hold its locks for long.
    options: '-c idle_in_transaction_session_timeout=5000',
  });
  connections.on('error', () => undefined);
  // On each as well: one that goes from hand to hand has no listener for a moment, and may be lost in just that one.
  connections.on('connect', (client) => client.on('error', () => undefined));
  dbRetryConfig.initialBackoffSec = 0.25;
  dbRetryConfig.maxBackoffSec = 4;
  DBOS.setConfig({
    name: 'weir',
    systemDatabaseUrl: options.url,
    systemDatabasePool: connections,
    runMigrations: false,
    // Versions share one namespace with those of any other application on the same database.
    applicationVersion: `weir-${options.version}`,
    executorID: options.executorId,
    enablePatching: true,
    logger: toLogger(options.log),
    ...(options.takesFromQueues ? {} : { listenQueues: [] }),
  });
  await DBOS.launch();
  for (const { name, ...limits } of options.queues) {
    await DBOS.registerQueue(name, { ...limits, minPollingIntervalMs: 200 });
  }
  return engineOf(options, functions, pool, {
    async letGo() {
      way.close();
      // Its queues first: they would take up again here what is let go.
      await DBOSExecutor.globalInstance?.deactivateEventReceivers();
      await DBOSExecutor.globalInstance?.recoverPendingWorkflows([options.executorId]);
    },
    async close() {
      way.close();
      await DBOS.shutdown({ deregister: true });
      await Promise.all([pool.close(), connections.end()]);
    },
  });
}

function engineOf(
  options: EngineOptions,
  functions: ReadonlyMap<string, () => Promise<void>>,
  pool: QueryPool,
  end: Pick<Engine, 'letGo' | 'close'>,
): Engine {
  return {
    ...end,
    async start(name, id) {
      await DBOS.startWorkflow(named(functions, name), { workflowID: id })();
    },
    async send(id, topic, message, key) {
      try {
        await DBOS.send(id, message, topic, key);
      } catch (error) {
        if (error instanceof DBOSErrors.DBOSNonExistentWorkflowError) throw new UnknownWorkflow(id);
        throw error;
      }
    },
    async holdings() {
      const rows = await pool.query(
        `select case status when 'PENDING' then executor_id end as "executorId",
           coalesce(application_version, '') as version, count(*)::integer as count
         from dbos.workflow_status
         where application_name = 'weir' and (status = 'PENDING'
           or status = 'ENQUEUED' and updated_at < (extract(epoch from now()) - 60) * 1000)
         group by 1, 2`,
      );
      return z.array(holdingRow).parse(rows);
    },
    async takeOver(executorId) {
      return (await DBOSExecutor.globalInstance?.recoverPendingWorkflows([executorId]))?.length ?? 0;
    },
    async wakeWaiting() {
      const rows = await pool.query(
        `select distinct n.destination_uuid as id, n.topic
         from dbos.workflow_status s join dbos.notifications n on n.destination_uuid = s.workflow_uuid
         where s.status = 'PENDING' and s.executor_id = $1 and not n.consumed`,
        [options.executorId],
      );
      for (const { id, topic } of z.array(messageRow).parse(rows)) {
        DBOSExecutor.globalInstance?.systemDatabase.notificationsMap.callCallbacks(`${id}::${topic}`);
      }
    },
    async isMine(id) {
      const rows = await pool.query(
        `select 1 from dbos.workflow_status where workflow_uuid = $1 and status = 'PENDING' and executor_id = $2`,
        [id, options.executorId],
      );
      return rows.length === 1;
    },
    async listBroken(limit) {
      const rows = await pool.query(
        `select w.id from weir.workflows w join dbos.workflow_status s on s.workflow_uuid = w.id
         where w.finished_at is null and s.status in ('ERROR', 'CANCELLED', 'MAX_RECOVERY_ATTEMPTS_EXCEEDED')
         limit $1`,
        [limit],
      );
      return z
        .array(unstartedRow.pick({ id: true }))
        .parse(rows)
        .map(({ id }) => id);
    },
    async listUnstarted(olderThanMs, limit) {
      const rows = await pool.query(
        `select id, name from weir.workflows w
         where finished_at is null and revision = 1 and started_at < now() - $1 * interval '1 millisecond'
           and not exists (select from dbos.workflow_status where workflow_uuid = w.id)
         order by started_at limit $2`,
        [olderThanMs, limit],
      );
      return z.array(unstartedRow).parse(rows);
    },
    endedBefore: async (before, limit) => {
      const ended = await DBOS.listWorkflows({
        status: ['SUCCESS', 'ERROR', 'CANCELLED', 'MAX_RECOVERY_ATTEMPTS_EXCEEDED'],
        completedBefore: before.toISOString(),
        limit,
        loadInput: false,
        loadOutput: false,
      });
      return ended.map(({ workflowID }) => workflowID);
    },
    remove: (removed) => DBOS.deleteWorkflows([...removed]),
  };
}

/** The way from a workflow to its records. */
interface Way {
  claim(id: string): Promise<boolean>;
  /**
   * Asks the engine. Where it fails for a reason of its own (a connection lost in the middle, an engine that was
   * shut down, which throws at once instead of rejecting), nothing is wrong with the workflow: it is put back to be
   * taken up from its records, and this run stops.
   */
  trust<T>(id: string, work: () => Promise<T>): Promise<T>;
  /**
   * From now on every run stops at its next failure, whatever the engine calls it, and nothing is put back: the
   * process is about to end, and another one goes on.
   */
  close(): void;
}

function createWay(pool: QueryPool, executorId: string): Way {
  let closed = false;

  const putBack = async (id: string): Promise<void> => {
    while (!closed) {
      try {
        await pool.query(
          `update dbos.workflow_status
           set status = 'ENQUEUED', owner_xid = null, started_at_epoch_ms = null,
             queue_name = coalesce(queue_name, $3), updated_at = (extract(epoch from now()) * 1000)::bigint
           where workflow_uuid = $1 and status = 'PENDING' and executor_id = $2`,
          [id, executorId, INTERNAL_QUEUE_NAME],
        );
        return;
      } catch {
        await delay(putBackPauseMs);
      }
    }
  };

  return {
    async claim(id) {
      // Locked: whoever takes the workflow over waits for this claim and makes its own after it.
      const rows = await pool.query(
        `with mine as materialized (
           select from dbos.workflow_status
           where workflow_uuid = $1 and status = 'PENDING' and executor_id = $2 for share)
         update weir.workflows set owner = $2 from mine where id = $1 returning id`,
        [id, executorId],
      );
      return rows.length === 1;
    },
    async trust(id, work) {
      try {
        return await work();
      } catch (error) {
        if (!closed && isEngineError(error)) throw error;
        await putBack(id);
        throw lostOwnership(id);
      }
    },
    close() {
      closed = true;
    },
  };
}

/** What the body of a step came to, as it is recorded: a throw is an outcome, too. */
type Recorded<T> = { readonly value: T } | { readonly thrown: string };

function durable(functions: ReadonlyMap<string, () => Promise<void>>, { claim, trust }: Way): Durable {
  const id = DBOS.workflowID;
  if (id === undefined) throw new Error('A workflow was called outside of the engine.');
  return {
    id,
    claim: () => claim(id),
    async run<T>(name: string, body: () => Promise<T>): Promise<T> {
      const step = async (): Promise<Recorded<T>> => {
        try {
          return { value: await body() };
        } catch (error) {
          if (isEngineError(error)) throw error;
          return { thrown: String(error) };
        }
      };
      const recorded = await trust(id, () => DBOS.runStep(step, { name }));
      if ('thrown' in recorded) throw new Error(recorded.thrown);
      return recorded.value;
    },
    receive: (topic, timeoutMs) => {
      const options = { timeoutSeconds: timeoutMs / 1000, pollingIntervalMs: receivePollMs };
      return trust(id, () => DBOS.recv<unknown>(topic, options));
    },
    sleep: (ms) => trust(id, () => DBOS.sleepms(ms)),
    async start(name, child) {
      const run = named(functions, name);
      await trust(id, () => DBOS.startWorkflow(run, { workflowID: child })());
    },
    async enqueue(queue, name, child) {
      const run = named(functions, name);
      await trust(id, () => DBOS.startWorkflow(run, { workflowID: child, queueName: queue })());
    },
    async whenEnded(ids, pollMs) {
      if (ids.length === 0) return;
      await trust(id, () => {
        const handles = ids.map((child) => DBOS.retrieveWorkflow(child));
        return DBOS.waitAll(handles, { pollingIntervalMs: pollMs });
      });
    },
    isPatched: (change) => trust(id, () => DBOS.patch(change)),
  };
}

function named(functions: ReadonlyMap<string, () => Promise<void>>, name: string): () => Promise<void> {
  const found = functions.get(name);
  if (!found) throw new Error(`There is no workflow ${name}.`);
  return found;
}

function toLogger(log: EngineOptions['log']) {
  const say = (level: 'info' | 'warn' | 'error') => (entry: unknown) =>
    log(level, entry instanceof Error ? (entry.stack ?? entry.message) : String(entry));
  return { info: () => undefined, debug: () => undefined, warn: say('warn'), error: say('error') };
}
