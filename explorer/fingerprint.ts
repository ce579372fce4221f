import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const explorerFolder = fileURLToPath(new URL('.', import.meta.url));
const lockfile = fileURLToPath(new URL('../package-lock.json', import.meta.url));

/**
 * A hash over everything that the built explorer is made of: its sources and the versions of the packages.
 *
 * Two equal fingerprints mean that building again would give the same pages. 64 hexadecimal digits.
 */
export async function fingerprint(): Promise<string> {
  const hash = createHash('sha256');
  for (const name of await sourceNames()) {
    hash.update(`${name.split(sep).join('/')}\n`).update(await readFile(join(explorerFolder, name)));
  }
  return hash.update(await packageVersions()).digest('hex');
}

async function sourceNames(): Promise<string[]> {
  const below = async (folder: string) => {
    const entries = await readdir(join(explorerFolder, folder), { recursive: true, withFileTypes: true });
    return entries.flatMap((entry) =>
      entry.isFile() ? [join(entry.parentPath, entry.name).slice(explorerFolder.length)] : [],
    );
  };
  const names = await Promise.all([below('src'), below('public')]);
  return ['build.ts', 'bundle.ts', 'index.html', ...names.flat()].sort();
}

/**
 * One line a locked package. Versions rather than the file's bytes, since another npm writes the same lock in
 * another form; and no versions at all where the lockfile was left out, as in some containers.
 */
async function packageVersions(): Promise<string> {
  const text = await readFile(lockfile, 'utf8').catch(() => '{}');
  const lock: unknown = JSON.parse(text);
  const packages = isRecord(lock) && isRecord(lock.packages) ? lock.packages : {};
  return Object.entries(packages)
    .map(([path, entry]) => `${path}@${isRecord(entry) ? String(entry.version) : ''}`)
    .sort()
    .join('\n');
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
