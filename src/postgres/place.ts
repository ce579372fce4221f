import { createHash } from 'node:crypto';
import { mkdirSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { unwritableFolder } from './data-dir.ts';
import { accountName, closedFolder, type DatabaseUser } from './database-user.ts';
import { ownFolder } from './own-folder.ts';

/** There is no network port: the number is only part of the socket's name. */
export const socketPort = 5432;

/** Where the parts of an embedded database are. */
export interface Place {
  readonly pgData: string;
  readonly socketDir: string;
  readonly logFile: string;
  readonly lockFile: string;
}

/** Makes the data folder ready for `user`. Throws, with what to do about it, where it will not do. */
export function preparePlace(dataDir: string, user: DatabaseUser, temporary: string): Place {
  const readOnly = unwritableFolder(dataDir);
  if (readOnly) {
    throw new Error(
      `This process cannot write to ${readOnly}. Move DATA_DIR (${dataDir}), open the folder, start Weir as another ` +
        'user, or set DATABASE_URL to a PostgreSQL of your own.',
    );
  }
  mkdirSync(dataDir, { recursive: true });
  const closed = closedFolder(dataDir, user);
  if (closed) {
    throw new Error(
      `PostgreSQL runs as ${user.name} (uid ${user.uid}), which cannot enter ${closed}. Move DATA_DIR (${dataDir}) or ` +
        'the project, start Weir as another user, or set DATABASE_URL to a PostgreSQL of your own.',
    );
  }
  const home = realpathSync(dataDir);
  const pgData = join(home, 'postgres');
  const owner = statSync(pgData, { throwIfNoEntry: false })?.uid;
  if (owner !== undefined && owner !== user.uid) {
    throw new Error(
      `The database in ${pgData} belongs to ${accountName(owner)}, but PostgreSQL would run as ${user.name} ` +
        `(uid ${user.uid}). Start Weir as the user that made it, remove the folder, or set DATABASE_URL.`,
    );
  }
  return {
    pgData,
    socketDir: socketDirOf(pgData, user, temporary),
    logFile: join(home, 'postgres.log'),
    lockFile: join(home, 'postgres.lock'),
  };
}

/** The data folder itself, private as it is; its substitute where a socket's path would grow too long for the system. */
function socketDirOf(pgData: string, user: DatabaseUser, temporary: string): string {
  if (Buffer.byteLength(join(pgData, `.s.PGSQL.${socketPort}.lock`)) < 100) return pgData;
  const name = `weir-${createHash('sha256').update(pgData).digest('hex').slice(0, 12)}`;
  return ownFolder(join(temporary, name), user);
}
