import { chmodSync, chownSync, lstatSync, mkdirSync } from 'node:fs';
import { accountName, type DatabaseUser } from './database-user.ts';
import { messageOf } from './message-of.ts';

/**
 * Makes a folder that is ours and nobody else's, or makes sure that it is; answers its path.
 *
 * For `user` it becomes a private folder of that account; for null, a folder of whoever runs this process that
 * others may enter. Throws where somebody else's folder, or a link, stands there: under a shared temporary
 * folder anyone could have put it there first.
 */
export function ownFolder(path: string, user: DatabaseUser | null): string {
  const mode = user ? 0o700 : 0o755;
  const me = process.getuid?.() ?? 0;
  try {
    mkdirSync(path, { recursive: true, mode });
  } catch (error) {
    throw new Error(`The folder ${path} could not be made: ${messageOf(error)}`, { cause: error });
  }
  const stats = lstatSync(path);
  if (!stats.isDirectory() || (stats.uid !== me && stats.uid !== user?.uid)) {
    throw new Error(
      `${path} belongs to ${accountName(stats.uid)}, but this process runs as ${accountName(me)}. Remove it, start ` +
        'Weir as its owner, set DATA_DIR to another folder, or set DATABASE_URL.',
    );
  }
  if (user && me === 0 && stats.uid !== user.uid) chownSync(path, user.uid, user.gid);
  if ((stats.mode & 0o777) !== mode && (me === 0 || me === stats.uid)) chmodSync(path, mode);
  return path;
}
