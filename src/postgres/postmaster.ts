import { type ChildProcess, execFile, spawn } from 'node:child_process';
import {
  closeSync,
  openSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { DatabaseUser } from './database-user.ts';
import type { NativePrograms } from './native.ts';

/** What a running server wrote into `postmaster.pid` in its data folder. */
export interface Postmaster {
  readonly pid: number;
  /** Null until it takes connections. */
  readonly socketDir: string | null;
}

/** No process has this number, and PostgreSQL takes it as a valid one. */
const nobodysPid = 2147483647;

/** A log larger than this is started anew at the next start. */
const maxLogBytes = 5 * 1024 * 1024;

/**
 * The server that runs on `pgData`, or null.
 *
 * A `postmaster.pid` whose process is dead, or another program (as after a container's restart, where numbers start
 * over), is made to name no process, so that PostgreSQL takes it as left behind. It is not removed: its other lines lead
 * PostgreSQL to processes of the dead server that may still be at work on the data.
 */
export async function runningPostmaster(pgData: string): Promise<Postmaster | null> {
  const file = join(pgData, 'postmaster.pid');
  let lines: string[];
  try {
    lines = readFileSync(file, 'utf8').split('\n');
  } catch {
    return null;
  }
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0 || pid === nobodysPid) return null;
  if (!isAlive(pid) || !(await isPostmasterOf(pid, pgData))) {
    writeFileSync(file, [String(nobodysPid), ...lines.slice(1)].join('\n'));
    return null;
  }
  const ready = lines[7]?.trim() === 'ready';
  return { pid, socketDir: ready ? (lines[4] ?? null) : null };
}

/** Whether a process of this number is at work, be it ours or somebody else's. A dead one that nobody reaps is not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
  if (process.platform !== 'linux') return true;
  try {
    // The state follows the name, which stands in brackets and may hold any character.
    return !readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .startsWith('Z');
  } catch {
    return false;
  }
}

async function isPostmasterOf(pid: number, pgData: string): Promise<boolean> {
  if (process.platform === 'linux') {
    try {
      // A server works in its data folder.
      return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(pgData);
    } catch {
      return false;
    }
  }
  try {
    const { stdout } = await promisify(execFile)('ps', ['-o', 'comm=', '-p', String(pid)]);
    return stdout.includes('postgres');
  } catch {
    return false;
  }
}

/** How a server is started. */
export interface PostmasterOptions {
  readonly programs: NativePrograms;
  readonly user: DatabaseUser;
  readonly pgData: string;
  readonly socketDir: string;
  readonly port: number;
  readonly logFile: string;
}

/** A server that was started, or is about to fail. */
export interface StartedPostmaster {
  /** The exit code or signal once it has ended, else null. */
  ended(): string | null;
  /** What it has written to its log since it was started, the last lines of it. */
  said(): string;
}

/**
 * Starts a server in a process group of its own, so that a Ctrl-C meant for us does not reach it: it must
 * outlive the workflows that are still being drained.
 */
export function startPostmaster(options: PostmasterOptions): StartedPostmaster {
  const { programs, user, pgData, socketDir, port, logFile } = options;
  // Left by a server that was killed, it may name the number of another process, or of one that nobody reaps.
  rmSync(join(socketDir, `.s.PGSQL.${port}.lock`), { force: true });
  const log = openLog(logFile);
  const args = ['-D', pgData, '-p', String(port)];
  const settings = {
    listen_addresses: '',
    unix_socket_directories: socketDir,
    unix_socket_permissions: '0700',
    max_connections: '200',
    timezone: 'UTC',
    log_timezone: 'UTC',
  };
  for (const [name, value] of Object.entries(settings)) args.push('-c', `${name}=${value}`);
  let child: ChildProcess;
  let end: string | null = null;
  try {
    child = spawn(programs.postgres, args, {
      ...spawnAs(user),
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
    });
  } finally {
    closeSync(log.fd);
  }
  child.once('error', (error) => {
    end ??= error.message;
  });
  child.once('exit', (code, signal) => {
    end ??= signal ?? `exit code ${code}`;
  });
  child.unref();
  return {
    ended: () => end,
    said: () => readFileSync(logFile).subarray(log.from).toString().trim().split('\n').slice(-8).join('\n'),
  };
}

/** Settings to start a program as the database's account, with nothing of our own environment. */
export function spawnAs(user: DatabaseUser): {
  cwd: string;
  env: Record<string, string>;
  uid?: number;
  gid?: number;
} {
  const identity = process.getuid?.() === 0 ? { uid: user.uid, gid: user.gid } : {};
  return { cwd: '/', env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' }, ...identity };
}

function openLog(file: string): { fd: number; from: number } {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size > maxLogBytes) return { fd: openSync(file, 'w', 0o600), from: 0 };
  return { fd: openSync(file, 'a', 0o600), from: size };
}

/**
 * Stops a server and waits until it is gone: first politely (its clients are told and cut off, its data is written
 * out), after 20 s at once (its data is repaired at the next start).
 */
export async function stopPostmaster(pid: number): Promise<void> {
  for (const [signal, patienceMs] of [
    ['SIGINT', 20_000],
    ['SIGQUIT', 10_000],
  ] as const) {
    try {
      process.kill(pid, signal);
    } catch {
      return;
    }
    const until = performance.now() + patienceMs;
    while (performance.now() < until) {
      if (!isAlive(pid)) return;
      await delay(10);
    }
  }
}
