import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** The account that PostgreSQL runs as. */
export interface DatabaseUser {
  readonly uid: number;
  readonly gid: number;
  readonly name: string;
}

/** PostgreSQL refuses to run as root, so root lends it one of these accounts: the first that exists. */
const accountsForRoot = ['postgres', 'nobody'];

/**
 * The account that an embedded PostgreSQL runs as: whoever runs this process, or for root an unprivileged one.
 *
 * Throws where root has no such account to lend.
 */
export function databaseUser(): DatabaseUser {
  const uid = process.getuid?.() ?? 0;
  const gid = process.getgid?.() ?? 0;
  const accounts = readAccounts();
  if (uid !== 0) {
    return { uid, gid, name: accounts.find((account) => account.uid === uid)?.name ?? `uid ${uid}` };
  }
  for (const name of accountsForRoot) {
    const account = accounts.find((candidate) => candidate.name === name);
    if (account) return account;
  }
  throw new Error(
    'PostgreSQL does not run as root, and this system has neither a "postgres" nor a "nobody" account to run it as. ' +
      'Start Weir as another user, or set DATABASE_URL to a PostgreSQL of your own.',
  );
}

/** The name of an account by its number, as far as this system knows it: `postgres (uid 101)` or `uid 101`. */
export function accountName(uid: number): string {
  const name = readAccounts().find((account) => account.uid === uid)?.name;
  return name ? `${name} (uid ${uid})` : `uid ${uid}`;
}

/**
 * The first folder on the way to `path` that `user` may not enter, or null where the way is open.
 *
 * Looks at owner, group and mode of every folder above `path` and of `path` itself where it is a folder; parts
 * that do not exist yet are left out, since whoever makes them can open them.
 */
export function closedFolder(path: string, user: DatabaseUser): string | null {
  const folders: string[] = [];
  for (let folder = resolve(path); ; folder = dirname(folder)) {
    folders.unshift(folder);
    if (folder === dirname(folder)) break;
  }
  return folders.find((folder) => !mayEnter(folder, user)) ?? null;
}

function mayEnter(folder: string, user: DatabaseUser): boolean {
  if (user.uid === 0) return true;
  const stats = statSync(folder, { throwIfNoEntry: false });
  if (!stats?.isDirectory()) return true;
  if (stats.uid === user.uid) return (stats.mode & 0o100) !== 0;
  if (stats.gid === user.gid) return (stats.mode & 0o010) !== 0;
  return (stats.mode & 0o001) !== 0;
}

function readAccounts(): readonly DatabaseUser[] {
  let lines: string[];
  try {
    lines = readFileSync('/etc/passwd', 'utf8').split('\n');
  } catch {
    return [];
  }
  const accounts: DatabaseUser[] = [];
  for (const line of lines) {
    const [name, , uid, gid] = line.split(':');
    if (name && uid && gid && !name.startsWith('#'))
      accounts.push({ name, uid: Number(uid), gid: Number(gid) });
  }
  return accounts;
}
