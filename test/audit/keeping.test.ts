import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAuditLog } from '../../src/audit/audit-log.ts';
import { withMigrationLock } from '../../src/postgres/migration-lock.ts';
import { createQueryPool } from '../../src/postgres/query-pool.ts';
import { auditWriter } from '../../src/records/audit-tables.ts';
import { migrateRecords } from '../../src/records/migrations.ts';
import { startWeir } from '../start-weir.ts';
import { eventually } from '../workflows/eventually.ts';
import { ask, startTestDatabase, type TestDatabase } from '../workflows/test-database.ts';
import { linesIn } from './lines.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await startTestDatabase();
});
afterAll(async () => {
  await database?.[Symbol.asyncDispose]();
});

const tables = ['weir_audit.log', 'weir_audit.refusals'];
const changes = tables.flatMap((table) => [
  `update ${table} set id = id`,
  `delete from ${table}`,
  `truncate ${table}`,
]);
/** What only an owner may. */
const forOwners = [
  'drop table weir_audit.log',
  'alter table weir_audit.log disable trigger keep',
  'drop schema weir_audit cascade',
  'set role weir_audit_keeper',
];
const REFUSED = /permission denied|append-only|must be owner/;

const nameOf = (url: string): string => new URL(url).pathname.slice(1);
const as = (url: string, role: string): string => url.replace('//weir@', `//${role}@`);

/** A database of its own that belongs to a role that may log in, and what else the role may. */
async function ownedBy(
  server: TestDatabase,
  role: string,
  may: string,
): Promise<{ readonly url: string; readonly own: string }> {
  const url = await server.fresh();
  await ask(url, `create role ${role} login ${may}`);
  await ask(url, `alter database ${nameOf(url)} owner to ${role}`);
  return { url, own: as(url, role) };
}

/** Starts a gateway, lets it leave a line, and ends it. */
async function leaveLine(url: string): Promise<void> {
  await using weir = await startWeir({ DATABASE_URL: url }, { durable: true });
  await weir.signIn();
}

describe('the tables of the log, for the gateway', () => {
  test('cannot be changed by the connection that writes it', async () => {
    const url = await database.fresh();
    await leaveLine(url);
    const pool = createQueryPool(url, 'test', 1, auditWriter);
    try {
      for (const sql of [
        ...changes,
        'drop table weir_audit.log',
        'alter table weir_audit.log disable trigger keep',
      ]) {
        await expect(pool.query(sql), sql).rejects.toThrow(REFUSED);
      }
      expect(await pool.query('select count(*)::integer as lines from weir_audit.log')).toEqual([
        { lines: 1 },
      ]);
    } finally {
      await pool.close();
    }
  });

  test('are written as the role that may only insert and read, even where the gateway is a superuser', async () => {
    const url = await database.fresh();
    await using weir = await startWeir({ DATABASE_URL: url }, { durable: true });
    await weir.signIn();
    await eventually(async () => expect(await linesIn(url)).toHaveLength(1));
    await ask(url, 'set role weir_audit_keeper; revoke insert on weir_audit.log from weir_audit_writer');
    await weir.signIn();
    // A superuser would not have noticed.
    await eventually(async () =>
      expect(await (await fetch(`${weir.url}/metrics`)).text()).toMatch(/^weir_audit_waiting 1$/m),
    );
    await delay(200);
    expect(await linesIn(url)).toHaveLength(1);
    await ask(url, 'set role weir_audit_keeper; grant insert on weir_audit.log to weir_audit_writer');
    await eventually(async () => expect(await linesIn(url)).toHaveLength(2));
  });

  test('cannot be changed by a superuser who uses plain statements', async () => {
    const url = await database.fresh();
    await leaveLine(url);
    for (const sql of changes) await expect(ask(url, sql)).rejects.toThrow('append-only');
    expect(await linesIn(url)).toHaveLength(1);
  });

  test.each([
    ['superuser', 'nosuperuser'],
    ['createrole', 'nocreaterole'],
  ])(
    'are handed over to the keeper by a role that is %s, and are then out of its reach',
    async (may, mayNot) => {
      // Roles belong to a whole server: these must not be there before.
      await using server = await startTestDatabase();
      const { own } = await ownedBy(server, 'gateway', may);
      await leaveLine(own);
      await ask(own, `alter role gateway ${mayNot}`).catch(() => undefined);
      for (const sql of [...changes, ...forOwners]) {
        await expect(ask(own, sql), sql).rejects.toThrow(/permission denied|must be owner/);
      }
      await leaveLine(own);
      expect(await linesIn(own)).toHaveLength(2);
    },
  );

  test('cannot be changed by a role that may do nothing but own its database', async () => {
    const { own } = await ownedBy(database, 'plain_owner', '');
    await leaveLine(own);
    for (const sql of changes) await expect(ask(own, sql)).rejects.toThrow('permission denied');
    expect(await linesIn(own)).toHaveLength(1);
  });

  test('are out of the reach of a plain role too, once an administrator has done what docs/audit.md says', async () => {
    await using server = await startTestDatabase();
    const { url, own } = await ownedBy(server, 'gateway', '');
    await leaveLine(own);
    const page = readFileSync(new URL('../../docs/audit.md', import.meta.url), 'utf8');
    const [prepare = '', shorten = ''] = [...page.matchAll(/```sql\n(.*?)```/gs)].map(([, sql = '']) => sql);
    await ask(url, prepare);
    for (const sql of [...changes, ...forOwners]) {
      await expect(ask(own, sql), sql).rejects.toThrow(/permission denied|must be owner/);
    }
    await leaveLine(own);
    await ask(url, shorten);
    expect(await linesIn(own)).toHaveLength(2);
  });

  test('are shortened by an operator as the keeper, and changed by nobody', async () => {
    const url = await database.fresh();
    await leaveLine(url);
    const asKeeper = (sql: string) => ask(url, `set role weir_audit_keeper; ${sql}`);
    await expect(asKeeper("update weir_audit.log set outcome = 'SUCCEEDED'")).rejects.toThrow(REFUSED);
    await expect(asKeeper('truncate weir_audit.log')).rejects.toThrow(REFUSED);
    await asKeeper("delete from weir_audit.log where at < now() - interval '1 year'");
    expect(await linesIn(url)).toHaveLength(1);
    await asKeeper('delete from weir_audit.log where at < now()');
    expect(await linesIn(url)).toHaveLength(0);
  });

  test('are made once by replicas that start at once', async () => {
    const url = await database.fresh();
    await using first = await startWeir({ DATABASE_URL: url }, { durable: true });
    const others = await Promise.all([1, 2].map(() => startWeir({ DATABASE_URL: url }, { durable: false })));
    for (const other of others) await other[Symbol.asyncDispose]();
    await first.signIn();
    await eventually(async () => expect(await linesIn(url)).toHaveLength(1));
  });
});

describe('a database that is away', () => {
  /** Lets nobody in, and throws out who is. */
  const shut = async (url: string): Promise<void> => {
    const admin = url.replace(`/${nameOf(url)}?`, '/postgres?');
    await ask(admin, `alter database ${nameOf(url)} allow_connections false`);
    await ask(admin, 'select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [
      nameOf(url),
    ]);
  };
  const open = (url: string) =>
    ask(
      url.replace(`/${nameOf(url)}?`, '/postgres?'),
      `alter database ${nameOf(url)} allow_connections true`,
    );

  test('gets every line when it is back, in order, each once', { timeout: 60_000 }, async () => {
    const url = await database.fresh();
    await using weir = await startWeir(
      { DATABASE_URL: url, SIGN_IN_LIMIT: '0', SIGN_IN_ADDRESS_LIMIT: '0' },
      { durable: true },
    );
    await weir.signIn();
    await eventually(async () => expect(await linesIn(url)).toHaveLength(1));
    await shut(url);
    const ids = Array.from({ length: 30 }, (_, index) => `away-${index}`);
    for (const id of ids) {
      await weir.ask(
        'mutation { signIn(input: { email: "ada@example.com", password: "waterfall" }) { expiresAt } }',
        {
          headers: { 'x-request-id': id },
        },
      );
    }
    const figures = await (await fetch(`${weir.url}/metrics`)).text();
    expect(figures).toMatch(/^weir_audit_waiting 30$/m);
    expect(figures).toMatch(/^weir_audit_dropped_total 0$/m);
    await open(url);
    await eventually(async () => {
      const lines = (await linesIn(url)).map(({ request_id }) => request_id);
      expect(lines.filter((id) => id.startsWith('away-'))).toEqual(ids);
    }, 30_000);
    expect(await (await fetch(`${weir.url}/metrics`)).text()).toMatch(/^weir_audit_waiting 0$/m);
  });

  test('costs no more memory than is set aside: what comes then is dropped, and counted', async () => {
    const url = await database.fresh();
    const told: string[] = [];
    const open: ((url: string) => void)[] = [];
    const records = {
      whenReady: (listener: (url: string) => void) => void open.push(listener),
      close: async () => {},
    };
    const log = createAuditLog({
      records,
      replica: 'test',
      keys: () => [],
      log: (level, message) => told.push(`${level}: ${message}`),
      maxWaiting: 100,
    });
    for (let index = 0; index < 1_000; index += 1) {
      log.record({
        actor: '1',
        clientId: null,
        account: null,
        action: 'placeOrder',
        subjects: ['Product:1'],
        outcome: 'SUCCEEDED',
        requestId: `r-${index}`,
      });
    }
    expect(log.state()).toEqual({ waiting: 50, written: 0, dropped: 950 });
    await withMigrationLock(url, migrateRecords);
    for (const listener of open) listener(url);
    await eventually(() => expect(log.state()).toEqual({ waiting: 0, written: 50, dropped: 950 }));
    expect((await linesIn(url)).map(({ request_id }) => request_id)).toEqual(
      Array.from({ length: 50 }, (_, index) => `r-${index}`),
    );
    await log.close();
    expect(told).toEqual([]);
  });

  test('makes nobody wait', async () => {
    const url = await database.fresh();
    await using weir = await startWeir({ DATABASE_URL: url }, { durable: true });
    await weir.signIn();
    const holder = new pg.Client({ connectionString: url });
    await holder.connect();
    try {
      await holder.query('begin; lock table weir_audit.log in access exclusive mode');
      const startedAt = performance.now();
      for (let count = 0; count < 5; count += 1) await weir.signIn();
      // The log’s own statements give up only after five seconds.
      expect(performance.now() - startedAt).toBeLessThan(3_000);
      await holder.query('rollback');
    } finally {
      await holder.end();
    }
    await eventually(async () => expect(await linesIn(url)).toHaveLength(6));
  });

  test('says that the log cannot be read', async () => {
    const nowhere = 'postgresql://weir@localhost:5432/postgres?host=%2Ftmp%2Fweir-nowhere';
    await using weir = await startWeir({ DATABASE_URL: nowhere }, { durable: true });
    const { data, errors } = await weir.ask('{ auditLog { nodes { id } } }', {
      token: await weir.signIn('root@example.com'),
    });
    expect(data).toEqual({ auditLog: null });
    expect(errors[0]?.extensions).toMatchObject({ code: 'WORKFLOWS_UNAVAILABLE', retryable: true });
  });
});

test('what waits is written when the gateway ends', async () => {
  const url = await database.fresh();
  const weir = await startWeir(
    { DATABASE_URL: url, SIGN_IN_LIMIT: '0', SIGN_IN_ADDRESS_LIMIT: '0' },
    { durable: true },
  );
  await Promise.all(Array.from({ length: 20 }, () => weir.signIn()));
  await weir[Symbol.asyncDispose]();
  expect(await linesIn(url)).toHaveLength(20);
});

test('what cannot be written at once is tried again while the gateway ends', async () => {
  const url = await database.fresh();
  const told: string[] = [];
  const log = createAuditLog({
    records: { whenReady: (listener) => listener(url), close: async () => {} },
    replica: 'test',
    keys: () => [],
    log: (_level, message) => told.push(message),
  });
  log.record({
    actor: '1',
    clientId: null,
    account: null,
    action: 'placeOrder',
    subjects: [],
    outcome: 'SUCCEEDED',
    requestId: 'last',
  });
  // There is no table yet.
  await eventually(() => expect(told.join()).toContain('cannot be written for now'));
  const closing = log.close();
  await withMigrationLock(url, migrateRecords);
  await closing;
  expect(await linesIn(url)).toMatchObject([{ request_id: 'last' }]);
  expect(log.state()).toEqual({ waiting: 0, written: 1, dropped: 0 });
});
