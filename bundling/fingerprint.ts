import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const lockfile = fileURLToPath(new URL('../package-lock.json', import.meta.url));

/**
 * A hash over everything that a built page is made of: the sources in its folder and the versions of the packages.
 *
 * `sources` are files and folders in `root`. Two equal fingerprints mean that building again would give the same page.
 * 64 hexadecimal digits.
 */
export async function fingerprint(root: string, sources: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const name of (await Promise.all(sources.map((source) => namesBelow(root, source)))).flat().sort()) {
    hash.update(`${name.split(sep).join('/')}\n`).update(await readFile(join(root, name)));
  }
  return hash.update(await packageVersions()).digest('hex');
}

/** A file's own name, or those of all files in a folder. */
async function namesBelow(root: string, source: string): Promise<string[]> {
  if (!(await stat(join(root, source))).isDirectory()) return [source];
  const entries = await readdir(join(root, source), { recursive: true, withFileTypes: true });
  return entries.flatMap((entry) =>
    entry.isFile() ? [relative(root, join(entry.parentPath, entry.name))] : [],
  );
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
