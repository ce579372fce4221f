import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { closedFolder, databaseUser } from './database-user.ts';
import { ownFolder } from './own-folder.ts';

/** Where data is kept, and in words why it is not where it was asked for (null: it is). */
export interface DataDir {
  readonly dir: string;
  readonly moved: string | null;
}

/**
 * The folder for embedded data: the preferred one, or one under the system's temporary folder where the
 * database's account cannot enter the preferred one or this process cannot write to it.
 *
 * The substitute's name is made from the preferred path, so that every start of one project finds its data again.
 * Throws where `explicit` (somebody asked for just this folder) and the folder will not do.
 */
export function chooseDataDir(preferred: string, explicit: boolean, temporary = tmpdir()): DataDir {
  const dir = resolve(preferred);
  const user = databaseUser();
  const closed = closedFolder(dir, user);
  const readOnly = closed ? null : unwritableFolder(dir);
  if (!closed && !readOnly) return { dir: ownFolderOrShared(dir), moved: null };
  const reason = closed
    ? `PostgreSQL runs as ${user.name} (uid ${user.uid}), which cannot enter ${closed}.`
    : `This process cannot write to ${readOnly}.`;
  if (explicit) {
    throw new Error(
      `${reason} Move DATA_DIR (${dir}), open the folder, start Weir as another user, or set DATABASE_URL.`,
    );
  }
  const owner = process.getuid?.() ?? 0;
  const name = `weir-${owner}-${createHash('sha256').update(dir).digest('hex').slice(0, 12)}`;
  const substitute = ownFolder(join(temporary, name), null);
  return { dir: substitute, moved: `${reason} Data is kept in ${substitute} instead of ${dir}.` };
}

/** The folder on the way to `dir` that stands already and that this process cannot write to, or null. */
export function unwritableFolder(dir: string): string | null {
  let folder = dir;
  while (!existsSync(folder) && folder !== dirname(folder)) folder = dirname(folder);
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return null;
  } catch {
    return folder;
  }
}

/** An existing folder is taken as it is (a mounted volume may belong to anyone); a new one is made ours. */
function ownFolderOrShared(dir: string): string {
  return existsSync(dir) ? dir : ownFolder(dir, null);
}
