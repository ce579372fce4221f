import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { DatabaseUser } from './database-user.ts';
import { messageOf } from './message-of.ts';
import type { NativePrograms } from './native.ts';
import { ownFolder } from './own-folder.ts';
import { spawnAs } from './postmaster.ts';

/** The role that owns everything in an embedded database. */
export const role = 'weir';

/**
 * Makes the database in a folder beside its place and moves it there whole: a half-made one is never taken for one.
 *
 * Throws with what PostgreSQL says. The caller holds the start lock.
 */
export async function makeDatabase(
  pgData: string,
  programs: NativePrograms,
  user: DatabaseUser,
  log: (message: string) => void,
): Promise<void> {
  if (existsSync(pgData) && readdirSync(pgData).length > 0)
    throw new Error(broken(pgData, 'has no PG_VERSION'));
  const half = `${pgData}.new`;
  rmSync(half, { recursive: true, force: true });
  ownFolder(half, user);
  log(`Making a database for durable workflows in ${pgData} ...`);
  const args = [
    '-D',
    half,
    '-U',
    role,
    '--auth=trust',
    '--encoding=UTF8',
    '--no-locale',
    '--no-instructions',
  ];
  try {
    await promisify(execFile)(programs.initdb, args, spawnAs(user));
  } catch (error) {
    rmSync(half, { recursive: true, force: true });
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
    throw new Error(
      `The embedded database could not be made in ${pgData}: ${said || messageOf(error)}\n` +
        'Mend what it names, or set DATABASE_URL to a PostgreSQL of your own.',
      { cause: error },
    );
  }
  renameSync(half, pgData);
}

/** Throws where the folder was made by another major version than the installed one, which could not read it. */
export async function checkVersion(
  pgData: string,
  programs: NativePrograms,
  user: DatabaseUser,
): Promise<void> {
  const made = readFileSync(join(pgData, 'PG_VERSION'), 'utf8').trim();
  const { stdout } = await promisify(execFile)(programs.postgres, ['--version'], spawnAs(user));
  if (!/^\d+$/.test(made)) throw new Error(broken(pgData, 'has an unreadable PG_VERSION'));
  const installed = /(\d+)\./.exec(stdout)?.[1];
  if (installed && installed !== made) {
    throw new Error(
      `The database in ${pgData} was made by PostgreSQL ${made}, but the installed one is ${installed}. Move the ` +
        'folder away to start with an empty one, or set DATABASE_URL.',
    );
  }
}

/** Nothing is ever removed or written over: what is broken may still hold what somebody needs. */
function broken(pgData: string, fault: string): string {
  return (
    `${pgData} is no whole database: it ${fault}. Put it back from a copy, or move the folder away to start with an ` +
    'empty one, or set DATABASE_URL.'
  );
}
