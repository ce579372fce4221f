import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createQueryPool } from '../../src/postgres/query-pool.ts';
import { openRedis } from '../../src/redis.ts';
import type { Change, ChangeChannel } from '../../src/workflows/change-channel.ts';
import type { Reread } from '../../src/workflows/changes.ts';
import { createPostgresChannel } from '../../src/workflows/postgres-channel.ts';
import { createRedisChannel } from '../../src/workflows/redis-channel.ts';
import type { WorkflowState } from '../../src/workflows/state.ts';
import { hasRedis, type RedisServer, startRedis } from '../http/cache/redis-server.ts';
import { createTcpGate } from '../tcp-gate.ts';
import { eventually } from './eventually.ts';
import { ask, startTestDatabase, type TestDatabase } from './test-database.ts';
import { startToys, viewer } from './toy.ts';

let database: TestDatabase;
let redis: RedisServer | null = null;

beforeAll(async () => {
  database = await startTestDatabase();
  if (hasRedis()) redis = await startRedis();
}, 60_000);
afterAll(async () => {
  await redis?.[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

const quiet = (): void => undefined;
const never = 3_600_000;

/** A way to hear of changes, opened as a process does. */
interface Way {
  readonly name: string;
  open(url: string): { readonly channel: ChangeChannel; close(): Promise<void> };
  /** Loses the connections on which changes are heard; they are made anew by themselves. */
  lose(url: string): Promise<void>;
}

const overPostgres: Way = {
  name: 'PostgreSQL',
  open: (url) => {
    const channel = createPostgresChannel({ url, log: quiet });
    return { channel, close: () => channel.close() };
  },
  async lose(url) {
    await ask(
      url,
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'weir changes'",
    );
  },
};
const openOnRedis = (url: string, port = redis?.port ?? 0) => {
  const client = openRedis(`redis://127.0.0.1:${port}`, quiet);
  const pool = createQueryPool(url, 'test', 2);
  const channel = createRedisChannel({ redis: client, pool });
  return {
    channel,
    async close() {
      await channel.close();
      client.disconnect();
      await pool.close();
    },
  };
};
const overRedis: Way = {
  name: 'Redis',
  open: openOnRedis,
  async lose() {
    await redis?.kill();
    await redis?.start();
  },
};
const ways = hasRedis() ? [overPostgres, overRedis] : [overPostgres];

/** The toys on a way, with a workflow that waits and is watched. */
async function watchOne(url: string, { channel }: { readonly channel: ChangeChannel }, reread: Reread) {
  const toys = startToys(url, { channel, reread });
  await toys.workflows.ready;
  const { workflow } = await toys.start({ word: 'big', secret: '' });
  const id = workflow?.id ?? '';
  const seen: WorkflowState[] = [];
  const stream = toys.workflows.subscribe(viewer('7'), id);
  const listening = (async () => {
    for await (const state of stream) if (state) seen.push(state);
  })();
  await eventually(() => expect(seen).toHaveLength(1));
  return {
    seen,
    /** Another process changes it, and nobody is told. */
    changeInSilence: () =>
      ask(url, 'update weir.workflows set revision = revision + 1, waiting_for = $2 where id = $1', [
        id,
        'a sign',
      ]),
    async [Symbol.asyncDispose]() {
      await stream.return?.();
      await listening;
      await toys[Symbol.asyncDispose]();
    },
  };
}

describe.each(ways)('changes told over $name', { timeout: 60_000 }, (way) => {
  const open = async (url: string) => {
    const opened = way.open(url);
    const changes: Change[] = [];
    let backs = 0;
    opened.channel.hear({
      onChange: (change) => changes.push(change),
      onBack: () => {
        backs += 1;
      },
    });
    await eventually(() => expect(opened.channel.hears).toBe(true));
    return {
      ...opened,
      changes,
      backs: () => backs,
      [Symbol.asyncDispose]: opened.close,
    };
  };

  test('are heard in other processes, also after the connection was lost, which is said', async () => {
    const url = await database.fresh();
    await using there = await open(url);
    expect(there.backs()).toBe(1);
    const here = way.open(url);
    await using toys = startToys(url, { channel: here.channel });
    await toys.workflows.ready;
    const { workflow } = await toys.start({ word: 'one', secret: '' });
    const last = { id: workflow?.id, revision: workflow?.revision };
    await eventually(() => expect(there.changes).toContainEqual(last));

    await way.lose(url);
    await eventually(() => expect(there.backs()).toBe(2));
    await eventually(() => expect(here.channel.hears).toBe(true));
    const { workflow: next } = await toys.start({ word: 'two', secret: '' });
    const after = { id: next?.id, revision: next?.revision };
    await eventually(() => expect(there.changes).toContainEqual(after));
    await toys.workflows.close();
    await here.close();
  });

  test('and missed while the connection was lost are read when it is back', async () => {
    const url = await database.fresh();
    const opened = way.open(url);
    {
      await using watching = await watchOne(url, opened, { hearingMs: never, deafMs: never });
      await eventually(() => expect(opened.channel.hears).toBe(true));
      await watching.changeInSilence();
      await delay(500);
      expect(watching.seen).toHaveLength(1);
      await way.lose(url);
      await eventually(() => expect(watching.seen.at(-1)?.waitingFor).toBe('a sign'));
    }
    await opened.close();
  });

  test('and told to nobody are found all the same, in time', async () => {
    const url = await database.fresh();
    const opened = way.open(url);
    {
      await using watching = await watchOne(url, opened, { hearingMs: 200, deafMs: 100 });
      await eventually(() => expect(opened.channel.hears).toBe(true));
      await watching.changeInSilence();
      await eventually(() => expect(watching.seen.at(-1)?.waitingFor).toBe('a sign'));
    }
    await opened.close();
  });
});

describe.skipIf(!hasRedis())('changes told over Redis', { timeout: 60_000 }, () => {
  test('are read from the database, again and again, while Redis is away', async () => {
    const url = await database.fresh();
    await using gate = await createTcpGate(redis?.port ?? 0);
    const opened = openOnRedis(url, gate.port);
    {
      await using watching = await watchOne(url, opened, { hearingMs: never, deafMs: 100 });
      gate.cut();
      await eventually(() => expect(opened.channel.hears).toBe(false));
      await watching.changeInSilence();
      await eventually(() => expect(watching.seen.at(-1)?.waitingFor).toBe('a sign'));
    }
    await opened.close();
  });

  test('use NOTIFY only as long as a process without Redis listens', async () => {
    const url = await database.fresh();
    const listener = new pg.Client({ connectionString: url });
    await listener.connect();
    await listener.query('listen weir_workflows');
    const heard: string[] = [];
    listener.on('notification', ({ payload = '' }) => heard.push(payload));
    const opened = openOnRedis(url);
    {
      await using toys = startToys(url, { channel: opened.channel });
      await toys.workflows.ready;
      await eventually(() => expect(opened.channel.notifies).toBe(false));
      await toys.start({ word: 'unheard', secret: '' });
      await listener.query('select 1');
      expect(heard).toEqual([]);

      // One of before a deploy.
      await using old = createOld(url);
      await eventually(() => expect(opened.channel.notifies).toBe(true));
      const { workflow } = await toys.start({ word: 'heard', secret: '' });
      const last = { id: workflow?.id, revision: workflow?.revision };
      await eventually(() => expect(old.changes).toContainEqual(last));
    }
    await listener.end();
    await opened.close();
  });
});

/** What a process without Redis hears. */
function createOld(url: string) {
  const channel = createPostgresChannel({ url, log: quiet });
  const changes: Change[] = [];
  channel.hear({ onChange: (change) => changes.push(change), onBack: quiet });
  return { changes, [Symbol.asyncDispose]: () => channel.close() };
}
