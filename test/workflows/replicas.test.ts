import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Run } from '../../src/workflows/saga.ts';
import type { WorkflowState } from '../../src/workflows/state.ts';
import { workflowIdOf } from '../../src/workflows/workflow-id.ts';
import { type OpenDemo, openDemo } from '../demo/open-demo.ts';
import { runChaos } from './crash/chaos.ts';
import { judge, writesByWorkflow } from './crash/judge.ts';
import { seeded } from './crash/random.ts';
import type { ReplicaOrder, ReplicaSettings } from './crash/replica.ts';
import { type Replica, startReplica } from './crash/replicas.ts';
import { plentiful } from './crash/scenarios.ts';
import { eventually } from './eventually.ts';
import { openShop } from './shop.ts';
import { ask, startTestDatabase, type TestDatabase } from './test-database.ts';
import { createToySagas, startToys, type ToyBackend, viewer } from './toy.ts';

const sealingKey = 'ab'.repeat(32);
let database: TestDatabase;
let demo: OpenDemo;
let productId: string;
const replicas: Replica[] = [];

beforeAll(async () => {
  database = await startTestDatabase();
  demo = await openDemo();
  productId = await plentiful(demo.urls);
});
afterEach(async () => {
  await Promise.all(replicas.splice(0).map((replica) => replica.kill()));
  for (const backend of Object.keys(demo.urls)) await demo.clearFaults(backend);
});
afterAll(async () => {
  await demo[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

const start = async (url: string, changes: Partial<ReplicaSettings> = {}): Promise<Replica> => {
  const replica = await startReplica({
    urls: demo.urls,
    url,
    sealingKey,
    sweepMs: 500,
    leaseMs: 2000,
    ...changes,
  });
  replicas.push(replica);
  return replica;
};
const orderOf = (key: string, paymentToken = 'tok_ok'): ReplicaOrder => ({
  name: 'placeOrder',
  key,
  startedBy: '1',
  points: [],
  input: { items: [{ productId, quantity: 1 }], paymentToken },
});
const idOf = (key: string): string => workflowIdOf('viewer:1', 'placeOrder', key);
/** The status of each order's workflow, with the problems of those that have some. */
const statusesOf = async (url: string): Promise<string[]> => {
  const rows = await ask(url, "select status, problems from weir.workflows where name = 'placeOrder'");
  return (rows as { status: string; problems: { message: string }[] }[]).map(({ status, problems }) =>
    [status, ...problems.map(({ message }) => message)].join(': '),
  );
};
const judgeAll = async (keys: readonly string[]): Promise<readonly string[]> => {
  const ledgers = await Promise.all(Object.keys(demo.urls).map((backend) => demo.ledger(backend)));
  const writes = writesByWorkflow(ledgers);
  return keys.flatMap((key) => judge('placeOrder', 'SUCCEEDED', writes.get(idOf(key)) ?? []));
};

/** The writes that the backends were asked for, done or not. Messages follow an order's end, and are left out. */
const madeCalls = async (): Promise<readonly string[]> => {
  const logs = await Promise.all(['inventory', 'orders', 'payments'].map((backend) => demo.calls(backend)));
  return logs.flat().flatMap(({ method, path }) => (method === 'POST' ? [path] : []));
};

describe('several processes on one database', { timeout: 120_000 }, () => {
  test('may all start at once on an empty one', async () => {
    const url = await database.fresh();
    const all = await Promise.all([start(url), start(url), start(url), start(url)]);
    for (const [index, replica] of all.entries()) replica.start(orderOf(`start-${index}`));
    await eventually(async () =>
      expect(await statusesOf(url)).toEqual(Array.from({ length: 4 }, () => 'SUCCEEDED')),
    );
  });

  test('finish what one leaves that is told to end, without a call made twice', async () => {
    const url = await database.fresh();
    await demo.setFaults('payments', { latencyMs: 300 });
    const [leaving] = await Promise.all([start(url, { graceMs: 100 }), start(url)]);
    // Keys of its own each time: calls are counted by key, and the backends remember those of an earlier run.
    const keys = Array.from({ length: 10 }, () => `leave-${randomUUID()}`);
    for (const key of keys) leaving.start(orderOf(key));
    await eventually(async () => expect(await statusesOf(url)).toHaveLength(10));
    await leaving.stop();
    await eventually(
      async () => expect(new Set(await statusesOf(url))).toEqual(new Set(['SUCCEEDED'])),
      30_000,
    );
    const calls = (await demo.calls('payments')).filter(
      ({ method, path }) => method === 'POST' && path === '/charges',
    );
    const charged = calls
      .map(({ headers }) => headers['idempotency-key'])
      .filter((key) => keys.some((one) => key === `${idOf(one)}:charge`));
    expect(charged).toHaveLength(10);
    expect(await judgeAll(keys)).toEqual([]);
  });

  test('finish what one leaves that is killed, within thirty seconds with the usual settings', async () => {
    const url = await database.fresh();
    await demo.setFaults('payments', { latencyMs: 1000 });
    const usual = { sweepMs: undefined, leaseMs: undefined };
    const [dying] = await Promise.all([start(url, usual), start(url, usual)]);
    const keys = Array.from({ length: 10 }, () => `die-${randomUUID()}`);
    for (const key of keys) dying.start(orderOf(key));
    await eventually(async () => expect(await statusesOf(url)).toHaveLength(10));
    await dying.kill();
    const diedAt = performance.now();
    await eventually(
      async () => expect(new Set(await statusesOf(url))).toEqual(new Set(['SUCCEEDED'])),
      60_000,
    );
    expect(performance.now() - diedAt).toBeLessThan(30_000);
    expect(await judgeAll(keys)).toEqual([]);
  });

  test('take over from one that is only asleep, which does no harm when it wakes', async () => {
    const url = await database.fresh();
    // It falls asleep between two attempts at a step, and would make the next one when it wakes.
    await demo.setFaults('orders', { status: 503 });
    const [sleeper] = await Promise.all([start(url), start(url)]);
    const keys = Array.from({ length: 8 }, (_, index) => `sleep-${index}`);
    for (const key of keys) sleeper.start(orderOf(key));
    await eventually(async () => expect(await statusesOf(url)).toHaveLength(8));
    await eventually(async () => expect(await madeCalls()).toContain('/orders'));
    sleeper.process.kill('SIGSTOP');
    await demo.clearFaults('orders');
    await eventually(
      async () => expect(new Set(await statusesOf(url))).toEqual(new Set(['SUCCEEDED'])),
      30_000,
    );
    const before = await madeCalls();
    sleeper.process.kill('SIGCONT');
    await delay(3000);
    expect(await madeCalls()).toEqual(before);
    expect(await judgeAll(keys)).toEqual([]);
  });

  test('see each other’s workflows change', async () => {
    const url = await database.fresh();
    await using shop = openShop({ urls: demo.urls, url });
    const [elsewhere] = await Promise.all([start(url), shop.workflows.ready]);
    await demo.setFaults('payments', { latencyMs: 500 });
    elsewhere.start(orderOf('watched'));
    await eventually(async () => expect(await statusesOf(url)).toEqual(['RUNNING']));
    const seen: (WorkflowState | null)[] = [];
    for await (const state of shop.workflows.subscribe(viewer('1'), idOf('watched'))) seen.push(state);
    expect(seen.at(-1)?.status).toBe('SUCCEEDED');
    expect(seen.length).toBeGreaterThan(1);
    const ended = await shop.workflows.wait(idOf('watched'), AbortSignal.timeout(1000));
    expect(ended?.revision).toBe(seen.at(-1)?.revision);
  });

  test('keep their word while processes and the database die and backends drop their answers', async () => {
    const result = await runChaos({
      urls: demo.urls,
      url: await database.fresh(),
      sagas: 150,
      replicas: 2,
      killEveryMs: 1000,
      killDatabase: database.kill,
      killDatabaseEvery: 2,
      random: seeded(11),
      say: () => undefined,
    });
    expect(result.faults).toEqual([]);
    expect(result.databaseKills).toBeGreaterThan(0);
    expect(result.settledMs).toBeLessThan(60_000);
  });
});

describe('a new version', { timeout: 60_000 }, () => {
  test('leaves runs of the old one to the old one, and says so', async () => {
    const url = await database.fresh();
    const settings = { sweepMs: 100 };
    let id = '';
    {
      await using old = startToys(url, { ...settings, version: '1' });
      await old.workflows.ready;
      const { workflow } = await old.start({ word: 'big', secret: '' });
      id = workflow?.id ?? '';
    }
    await ask(url, 'update dbos.workflow_status set updated_at = 0');
    {
      await using changed = startToys(url, { ...settings, version: '2' });
      await changed.workflows.ready;
      await eventually(() => expect(changed.workflows.stranded()).toEqual(new Map([['1', 1]])));
      expect(changed.lines.join('\n')).toContain('1 unfinished workflows belong to version 1');
      expect(changed.backend.calls).toEqual([]);
    }
    await using back = startToys(url, { ...settings, version: '1' });
    await back.workflows.ready;
    await back.workflows.decide(viewer('1', 'admin'), id, true, null);
    expect((await back.workflows.wait(id, AbortSignal.timeout(20_000)))?.status).toBe('SUCCEEDED');
    await eventually(() =>
      expect(back.backend.calls.map((call) => call.split(' ')[0])).toEqual(['make', 'end', 'tell']),
    );
  });
});

describe('a saga that was changed', { timeout: 60_000 }, () => {
  /** A run of the saga as it was, waiting in the middle, left by a process that is gone. */
  const leaveOldRun = async (url: string): Promise<string> => {
    await using old = startToys(url, { sweepMs: 100 });
    await old.workflows.ready;
    const { workflow } = await old.start({ word: 'big', secret: '' });
    return workflow?.id ?? '';
  };
  const weigh = async (run: Run, log: (name: string) => void): Promise<void> =>
    run.aside('weigh', async () => log('weigh'));

  test('finishes old runs the old way and new ones the new way, where it asks', async () => {
    const url = await database.fresh();
    const id = await leaveOldRun(url);
    const changed = (backend: ToyBackend) =>
      createToySagas(backend, async (run, log) => {
        if (await run.isPatched('weigh first')) await weigh(run, log);
      });
    await using toys = startToys(url, { sweepMs: 100 }, changed);
    await toys.workflows.ready;
    await toys.workflows.decide(viewer('1', 'admin'), id, true, null);
    expect((await toys.workflows.wait(id, AbortSignal.timeout(20_000)))?.status).toBe('SUCCEEDED');
    expect(toys.backend.calls.map((call) => call.split(' ')[0])).not.toContain('weigh');
    expect((await toys.start({ word: 'new', secret: '' })).workflow?.status).toBe('SUCCEEDED');
    expect(toys.backend.calls.map((call) => call.split(' ')[0])).toContain('weigh');
  });

  test('strands no run silently where it does not ask: it ends as FAILED, and somebody is told', async () => {
    const url = await database.fresh();
    const id = await leaveOldRun(url);
    await using toys = startToys(url, { sweepMs: 100 }, (backend) => createToySagas(backend, weigh));
    await toys.workflows.ready;
    await toys.workflows.decide(viewer('1', 'admin'), id, true, null);
    const ended = await toys.workflows.wait(id, AbortSignal.timeout(30_000));
    expect(ended).toMatchObject({ status: 'FAILED', problems: [{ code: 'BROKEN' }] });
    expect(toys.alerts.map(({ workflowId }) => workflowId)).toContain(id);
  });
});

describe('a process that ends', { timeout: 60_000 }, () => {
  test('while runs begin leaves them as they were', async () => {
    for (let round = 0; round < 2; round += 1) {
      const url = await database.fresh();
      const words = Array.from({ length: 20 }, (_, index) => `word-${index}`);
      {
        await using leaving = startToys(url, { graceMs: 0 });
        await leaving.workflows.ready;
        await Promise.all(words.map((word) => leaving.start({ word, secret: '' }, word, null)));
      }
      await using other = startToys(url, { sweepMs: 100 });
      await other.workflows.ready;
      const statuses = async () =>
        (await ask(url, 'select status, problems from weir.workflows where name = $1', ['toy'])).map((row) =>
          JSON.stringify(row),
        );
      await eventually(async () =>
        expect(new Set(await statuses())).toEqual(new Set(['{"status":"SUCCEEDED","problems":[]}'])),
      );
    }
  });

  test.each([
    ['lets go of a run that waits', false],
    // It cannot say then that it lets go: others find out. What its engine says of the end is no end of the run.
    ['and loses its connection at that moment leaves a run that waits as it is', true],
  ])('%s', async (_title, loses) => {
    const url = await database.fresh();
    let id = '';
    {
      await using toys = startToys(url, { graceMs: 0 });
      await toys.workflows.ready;
      id = (await toys.start({ word: 'big', secret: '' })).workflow?.id ?? '';
      if (loses) {
        await ask(
          url,
          "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'weir lease'",
        );
        await eventually(() => expect(toys.workflows.isUp()).toBe(false));
      }
    }
    const rows = await ask(url, 'select status from dbos.workflow_status where workflow_uuid = $1', [id]);
    expect(rows).toEqual([{ status: loses ? 'PENDING' : 'ENQUEUED' }]);
    await using other = startToys(url, { sweepMs: 100 });
    await other.workflows.ready;
    await other.workflows.decide(viewer('1', 'admin'), id, true, null);
    expect((await other.workflows.wait(id, AbortSignal.timeout(20_000)))?.status).toBe('SUCCEEDED');
  });
});

describe('a workflow that was taken over before its first step', { timeout: 60_000 }, () => {
  test('is left to whoever has it, by a process that comes late', async () => {
    const url = await database.fresh();
    {
      await using toys = startToys(url, { graceMs: 0 });
      await toys.workflows.ready;
      await toys.start({ word: 'big', secret: '' });
    }
    // Its record is locked: the process below gets no further than to ask for it.
    const other = new pg.Client({ connectionString: url });
    await other.connect();
    await other.query('begin');
    await other.query("update weir.workflows set owner = 'other'");
    await using late = startToys(url, { sweepMs: 60_000 });
    await late.workflows.ready;
    const pending = 'select 1 from dbos.workflow_status where status = $1';
    await eventually(async () => expect(await ask(url, pending, ['PENDING'])).toHaveLength(1));
    await delay(200);
    // Nobody takes a workflow over in the middle of a claim; an earlier one that is still on its way comes to nothing.
    await ask(url, "update dbos.workflow_status set executor_id = 'other'");
    await other.query('commit');
    await other.end();
    await delay(1000);
    expect(await ask(url, 'select owner from weir.workflows')).toEqual([{ owner: 'other' }]);
  });
});

describe('a workflow whose end was told', { timeout: 60_000 }, () => {
  test('does nothing more when something has it run again, but for being undone', async () => {
    const url = await database.fresh();
    let id = '';
    {
      await using toys = startToys(url, { graceMs: 0 });
      await toys.workflows.ready;
      id = (await toys.start({ word: 'big', secret: '' })).workflow?.id ?? '';
    }
    const approved = JSON.stringify({ approve: true, note: null, by: '1' });
    await ask(url, "update weir.workflows set status = 'FAILED', finished_at = now(), decision = $1", [
      approved,
    ]);
    await ask(
      url,
      "update dbos.operation_outputs set output = regexp_replace(output, '\\d{13}', '1') where function_name = 'DBOS.sleep'",
    );
    await using toys = startToys(url, { sweepMs: 100 });
    await toys.workflows.ready;
    await eventually(() => expect(toys.backend.calls).toEqual([`undo take ${id}:undo-take`]));
    expect(toys.alerts.map(({ workflowId }) => workflowId)).toEqual([id]);
    expect((await toys.workflows.byId(viewer('7'), id))?.status).toBe('FAILED');
  });
});

describe('an engine that fails for a moment', { timeout: 60_000 }, () => {
  test('is no failure of the workflow, which goes on from its records', async () => {
    const url = await database.fresh();
    await using toys = startToys(url, { sweepMs: 100 });
    await toys.workflows.ready;
    const { workflow } = await toys.start({ word: 'big', secret: '' });
    const id = workflow?.id ?? '';
    await ask(url, 'alter table dbos.operation_outputs rename to hidden');
    await toys.workflows.decide(viewer('1', 'admin'), id, true, null);
    await delay(1000);
    expect((await toys.workflows.byId(viewer('7'), id))?.finishedAt).toBe(null);
    await ask(url, 'alter table dbos.hidden rename to operation_outputs');
    expect((await toys.workflows.wait(id, AbortSignal.timeout(20_000)))?.status).toBe('SUCCEEDED');
    expect(toys.backend.calls.filter((call) => call.startsWith('make'))).toHaveLength(1);
  });
});

describe('a database that is away', { timeout: 60_000 }, () => {
  test('is said to be, at once, and is waited for', async () => {
    const nowhere = 'postgresql://weir@localhost:5432/postgres?host=%2Ftmp%2Fweir-nowhere';
    await using toys = startToys(nowhere);
    const before = performance.now();
    await expect(toys.start({ word: 'a', secret: '' })).rejects.toMatchObject({
      code: 'WORKFLOWS_UNAVAILABLE',
    });
    await expect(toys.workflows.byId(viewer('7'), 'x')).rejects.toMatchObject({
      code: 'WORKFLOWS_UNAVAILABLE',
    });
    expect(performance.now() - before).toBeLessThan(5000);
    expect(toys.workflows.isUp()).toBe(false);
  });
});
