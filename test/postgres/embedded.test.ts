import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { chooseDataDir } from '../../src/postgres/data-dir.ts';
import { databaseUser } from '../../src/postgres/database-user.ts';
import { startEmbeddedPostgres } from '../../src/postgres/embedded.ts';
import { packagedNative } from '../../src/postgres/native.ts';
import { isAlive } from '../../src/postgres/postmaster.ts';

const isRoot = process.getuid?.() === 0;
const folders: string[] = [];
const children: ChildProcess[] = [];

afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  }
  for (const folder of folders.splice(0)) {
    const pid = postmasterPid(folder);
    if (pid && isAlive(pid)) {
      process.kill(pid, 'SIGKILL');
      await gone(pid);
    }
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
});

describe('an embedded PostgreSQL', { timeout: 60_000 }, () => {
  test('is made, stopped by its last user, and started again with its data', async () => {
    const dataDir = newFolder();
    const first = await startEmbeddedPostgres({ dataDir, log: () => undefined });
    expect(first.adopted).toBe(false);
    await query(first.url, 'create table kept (word text)');
    await query(first.url, "insert into kept values ('still here')");
    const pid = postmasterPid(dataDir);
    await first.close();
    expect(isAlive(pid ?? 0)).toBe(false);

    const second = await startEmbeddedPostgres({ dataDir, log: () => undefined });
    expect(second.adopted).toBe(false);
    expect(await query(second.url, 'select word from kept')).toEqual([{ word: 'still here' }]);
    await second.close();
  });

  test('is adopted after its process was killed, and stopped by the one that adopted it', async () => {
    const dataDir = newFolder();
    const first = await holder([dataDir]);
    await kill(first.child);
    const pid = postmasterPid(dataDir);
    expect(isAlive(pid ?? 0)).toBe(true);

    const second = await startEmbeddedPostgres({ dataDir, log: () => undefined });
    expect(second.adopted).toBe(true);
    expect(second.url).toBe(first.answer.url);
    expect(postmasterPid(dataDir)).toBe(pid);
    await second.close();
    expect(isAlive(pid ?? 0)).toBe(false);
  });

  test('recovers what was committed when the server itself was killed', async () => {
    const dataDir = newFolder();
    const first = await holder([dataDir]);
    await query(first.answer.url ?? '', 'create table kept as select 42 as answer');
    await kill(first.child);
    process.kill(postmasterPid(dataDir) ?? 0, 'SIGKILL');

    const second = await startEmbeddedPostgres({ dataDir, log: () => undefined });
    expect(second.adopted).toBe(false);
    expect(await query(second.url, 'select answer from kept')).toEqual([{ answer: 42 }]);
    await second.close();
  });

  test('is started by one of two that begin at once on nothing, and lives until both are done', async () => {
    const dataDir = newFolder();
    const both = await Promise.all([holder([dataDir]), holder([dataDir])]);
    expect(both.map(({ answer }) => answer.adopted).sort()).toEqual([false, true]);
    const pid = postmasterPid(dataDir) ?? 0;

    await terminate(both[0].child);
    expect(isAlive(pid)).toBe(true);
    expect(await query(both[1].answer.url ?? '', 'select 1 as one')).toEqual([{ one: 1 }]);
    await terminate(both[1].child);
    expect(isAlive(pid)).toBe(false);
  });

  test('is not fooled by a pid file that names another program', async () => {
    const dataDir = newFolder();
    const first = await startEmbeddedPostgres({ dataDir, log: () => undefined });
    const pidFile = join(dataDir, 'postgres', 'postmaster.pid');
    const left = readFileSync(pidFile, 'utf8').split('\n');
    await first.close();
    writeFileSync(pidFile, [String(process.pid), ...left.slice(1)].join('\n'));

    const second = await startEmbeddedPostgres({ dataDir, log: () => undefined });
    expect(second.adopted).toBe(false);
    expect(await query(second.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    await second.close();
  });

  test('is started again, at the same address, when it dies while it is needed', async () => {
    const dataDir = newFolder();
    const lines: string[] = [];
    const server = await startEmbeddedPostgres({ dataDir, log: (line) => lines.push(line) });
    const pid = postmasterPid(dataDir) ?? 0;
    process.kill(pid, 'SIGKILL');
    await gone(pid);
    await eventually(async () => {
      expect(await query(server.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    });
    expect(lines.join()).toContain('starting it again');
    await server.close();
    expect(postmasterPid(dataDir)).toBe(null);
  });

  test('does not hear the Ctrl-C that is meant for the process that uses it', async () => {
    const dataDir = newFolder();
    const { child, answer } = await holder([dataDir]);
    process.kill(-(child.pid ?? 0), 'SIGINT');
    await delay(300);
    expect(await query(answer.url ?? '', 'select 1 as one')).toEqual([{ one: 1 }]);
    await terminate(child);
  });

  test('puts its socket elsewhere where the path would be too long for one', async () => {
    const dataDir = join(newFolder(), 'a'.repeat(60), 'b'.repeat(60));
    const server = await startEmbeddedPostgres({ dataDir, log: () => undefined });
    expect(await query(server.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    await server.close();
  });

  test('can be opened by nobody but its own account', async () => {
    const dataDir = newFolder();
    const server = await startEmbeddedPostgres({ dataDir, log: () => undefined });
    const { mode, uid } = statSync(join(dataDir, 'postgres'));
    expect(mode & 0o777).toBe(0o700);
    expect(uid).toBe(databaseUser().uid);
    expect(await query(server.url, 'show listen_addresses')).toEqual([{ listen_addresses: '' }]);
    await server.close();
  });

  test('says what PostgreSQL says when it cannot start', async () => {
    const dataDir = newFolder();
    await (await startEmbeddedPostgres({ dataDir, log: () => undefined })).close();
    writeFileSync(join(dataDir, 'postgres', 'postgresql.auto.conf'), "no_such_setting = 'x'\n");
    await expect(startEmbeddedPostgres({ dataDir, log: () => undefined })).rejects.toThrow(
      /could not be started.*no_such_setting.*DATABASE_URL/s,
    );
  });

  test('refuses the data of another major version', async () => {
    const dataDir = newFolder();
    await (await startEmbeddedPostgres({ dataDir, log: () => undefined })).close();
    writeFileSync(join(dataDir, 'postgres', 'PG_VERSION'), '15\n');
    await expect(startEmbeddedPostgres({ dataDir, log: () => undefined })).rejects.toThrow(
      /made by PostgreSQL 15, but the installed one is 18/,
    );
  });

  test.each([
    [
      'without PG_VERSION',
      (pgData: string) => rmSync(join(pgData, 'PG_VERSION')),
      /no whole database.*PG_VERSION/,
    ],
    [
      'with an empty PG_VERSION',
      (pgData: string) => writeFileSync(join(pgData, 'PG_VERSION'), ''),
      /no whole/,
    ],
    [
      'with an empty pg_control',
      (pgData: string) => writeFileSync(join(pgData, 'global', 'pg_control'), ''),
      /could not be started.*pg_control/s,
    ],
    [
      'without its log of changes',
      (pgData: string) => rmSync(join(pgData, 'pg_wal'), { recursive: true }),
      /could not be started.*pg_wal/s,
    ],
    [
      'without its tables',
      (pgData: string) => rmSync(join(pgData, 'base'), { recursive: true }),
      /could not be started.*"base\/5" is missing/s,
    ],
  ])(
    'refuses a folder %s, says so soon, and leaves it and nothing running',
    async (_title, harm, message) => {
      const dataDir = newFolder();
      await (await startEmbeddedPostgres({ dataDir, log: () => undefined })).close();
      const pgData = join(dataDir, 'postgres');
      harm(pgData);
      const before = readdirSync(pgData);
      const startedAt = performance.now();
      await expect(startEmbeddedPostgres({ dataDir, log: () => undefined })).rejects.toThrow(message);
      expect(performance.now() - startedAt).toBeLessThan(15_000);
      const pid = postmasterPid(dataDir);
      expect(pid !== null && isAlive(pid)).toBe(false);
      expect(readdirSync(pgData)).toEqual(expect.arrayContaining(before));
      expect(readdirSync(dataDir)).not.toContain('postgres.new');
    },
  );

  test('says what to do where the platform package is missing programs', async () => {
    const dataDir = newFolder();
    await expect(
      startEmbeddedPostgres({ dataDir, native: join(dataDir, 'none'), log: () => undefined }),
    ).rejects.toThrow(/could not be made.*DATABASE_URL/s);
  });
});

describe.runIf(isRoot)('started by root', { timeout: 60_000 }, () => {
  test('an embedded PostgreSQL runs as an account without rights', async () => {
    const dataDir = newFolder();
    const server = await startEmbeddedPostgres({ dataDir, log: () => undefined });
    const status = readFileSync(`/proc/${postmasterPid(dataDir)}/status`, 'utf8');
    expect(status).toContain(`Uid:\t${databaseUser().uid}\t`);
    expect(databaseUser().uid).not.toBe(0);
    await server.close();
  });

  test('a folder that the account cannot enter is refused with what to do, or replaced where nobody asked for it', () => {
    const closed = newFolder();
    chmodSync(closed, 0o700);
    const asked = join(closed, 'project', '.weir');
    expect(() => chooseDataDir(asked, true)).toThrow(/cannot enter .* Move DATA_DIR .* set DATABASE_URL/);

    const temporary = newFolder();
    const chosen = chooseDataDir(asked, false, temporary);
    expect(chosen.dir.startsWith(join(temporary, 'weir-'))).toBe(true);
    expect(chosen.moved).toContain(`Data is kept in ${chosen.dir}`);
    expect(chooseDataDir(asked, false, temporary).dir).toBe(chosen.dir);
  });

  test('a substitute folder that somebody else has put there is refused', () => {
    const closed = newFolder();
    chmodSync(closed, 0o700);
    const temporary = newFolder();
    const { dir } = chooseDataDir(join(closed, 'x'), false, temporary);
    chownSync(dir, 12345, 12345);
    expect(() => chooseDataDir(join(closed, 'x'), false, temporary)).toThrow(/belongs to uid 12345/);
  });

  test('programs in a project that the account cannot enter are copied to where it can', async () => {
    const closed = newFolder();
    cpSync(packagedNative(), join(closed, 'native'), { recursive: true, verbatimSymlinks: true });
    chmodSync(closed, 0o700);
    const dataDir = newFolder();
    const temporary = newFolder();
    const lines: string[] = [];
    const start = () =>
      startEmbeddedPostgres({
        dataDir,
        native: join(closed, 'native'),
        temporary,
        log: (line) => lines.push(line),
      });
    const server = await start();
    expect(await query(server.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    expect(lines.join()).toContain(`cannot enter ${closed}`);
    await server.close();
  });

  test('links that a skipped install script left out are made', async () => {
    const bare = newFolder();
    const filter = (from: string) => !lstatSync(from).isSymbolicLink();
    cpSync(packagedNative(), join(bare, 'native'), { recursive: true, filter });
    const dataDir = newFolder();
    const server = await startEmbeddedPostgres({
      dataDir,
      native: join(bare, 'native'),
      log: () => undefined,
    });
    expect(existsSync(join(bare, 'native', 'lib', 'libpq.so.5'))).toBe(true);
    await server.close();
  });

  test('another user runs one of his own', async () => {
    const dataDir = newFolder();
    chownSync(dataDir, 65534, 65534);
    const { child, answer } = await holder([dataDir], 65534);
    expect(answer).toMatchObject({ adopted: false, uid: 65534 });
    expect(readFileSync(`/proc/${postmasterPid(dataDir)}/status`, 'utf8')).toContain('Uid:\t65534\t');
    await terminate(child);
  });

  test('another user is told which folder it cannot write to', async () => {
    const dataDir = newFolder();
    const { answer } = await holder([join(dataDir, 'below')], 65534);
    expect(answer.error).toMatch(new RegExp(`This process cannot write to ${dataDir}\\. .*DATABASE_URL`));
  });

  test("another user's database is not touched, and the message names both", async () => {
    const dataDir = newFolder();
    mkdirSync(join(dataDir, 'postgres'));
    chownSync(join(dataDir, 'postgres'), 12345, 12345);
    await expect(startEmbeddedPostgres({ dataDir, log: () => undefined })).rejects.toThrow(
      /belongs to uid 12345, but PostgreSQL would run as \w+ \(uid \d+\)/,
    );
  });
});

const holderAnswer = z.object({
  url: z.string().optional(),
  adopted: z.boolean().optional(),
  uid: z.number().optional(),
  error: z.string().optional(),
});

/** Starts a process that needs the database, in a process group of its own, and waits until it has it. */
async function holder(args: readonly string[], uid?: number) {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'holder.ts'), ...args], {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
    ...(uid === undefined ? {} : { uid, gid: uid }),
  });
  children.push(child);
  const [line] = await once(createInterface(child.stdout), 'line');
  return { child, answer: holderAnswer.parse(JSON.parse(String(line))) };
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'exit');
}

async function terminate(child: ChildProcess): Promise<void> {
  child.kill('SIGTERM');
  await once(child, 'exit');
}

async function gone(pid: number): Promise<void> {
  while (isAlive(pid)) await delay(5);
}

async function eventually(check: () => Promise<void>): Promise<void> {
  const until = performance.now() + 15_000;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (performance.now() > until) throw error;
      await delay(50);
    }
  }
}

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'weir-test-'));
  chmodSync(folder, 0o755);
  folders.push(folder);
  return folder;
}

function postmasterPid(dataDir: string): number | null {
  const file = join(dataDir, 'postgres', 'postmaster.pid');
  return existsSync(file) ? Number(readFileSync(file, 'utf8').split('\n')[0]) : null;
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}
