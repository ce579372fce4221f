import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { fingerprint } from './fingerprint.ts';

/** Hidden, so that it is never served. */
const stampName = '.fingerprint';
const scratchPrefix = '.build-';
const abandonedAfterMs = 10 * 60_000;

/** A page that is bundled before it is served. */
export interface Page {
  /** What the lines about it begin with. */
  readonly name: string;
  /** The folder that has its `bundle.ts`, which bundles it into the folder named on its command line. */
  readonly root: string;
  /** The files and folders in it that decide what is built. */
  readonly sources: readonly string[];
  /** What is bundled, in words. */
  readonly what: string;
}

export interface BuildOptions {
  /** Where the result goes; `dist` in the page's folder unless said otherwise. */
  readonly folder?: string;
  /** Hears of each phase in a line of words. */
  readonly onProgress?: (line: string) => void;
  /** Ends the build; nothing of it is left. */
  readonly signal?: AbortSignal;
}

export interface BuildResult {
  /** False when what was there was up to date. */
  readonly built: boolean;
  readonly durationMs: number;
}

export interface PageBuild {
  /** Whether the folder is missing, or was built from other sources or other packages than are here now. */
  isStale(folder?: string): Promise<boolean>;
  /**
   * Bundles the page where it is missing or stale, and does nothing otherwise.
   *
   * It builds beside the folder and renames at the end, so that a gateway never serves half a build, a build that is
   * killed leaves the old one in place, and two builds at once end with one of them. Throws with the bundler's
   * words when it fails, and an error of the file system where the folder cannot be written.
   */
  build(options?: BuildOptions): Promise<BuildResult>;
}

/** What builds a page. */
export function createPageBuild(page: Page): PageBuild {
  const usual = join(page.root, 'dist');
  const wantedNow = (): Promise<string> => fingerprint(page.root, page.sources);
  return {
    isStale: async (folder = usual) => (await stampOf(folder)) !== (await wantedNow()),
    build: async (options = {}) => buildPage(page, await wantedNow(), { folder: usual, ...options }),
  };
}

async function buildPage(
  { name, root, what }: Page,
  wanted: string,
  { folder, onProgress = () => {}, signal = new AbortController().signal }: BuildOptions & { folder: string },
): Promise<BuildResult> {
  const startedAt = performance.now();
  if ((await stampOf(folder)) === wanted) return { built: false, durationMs: performance.now() - startedAt };

  onProgress(`${name}: bundling ${what}, once and for a few seconds`);
  const beside = dirname(folder);
  await removeAbandoned(beside);
  const scratch = await mkdtemp(join(beside, scratchPrefix));
  try {
    // The last folder's name is `dist` so that git and the linter pass it over like the real one.
    const fresh = join(scratch, 'dist');
    await bundleInto(name, join(root, 'bundle.ts'), fresh, { onProgress, signal });
    const bytes = await compress(fresh);
    await writeFile(join(fresh, stampName), wanted);
    await putInPlace({ fresh, folder, aside: join(scratch, 'old'), wanted });
    const durationMs = performance.now() - startedAt;
    const megabytes = (bytes / 1e6).toFixed(1);
    onProgress(`${name}: ready after ${(durationMs / 1000).toFixed(1)} s, ${megabytes} MB compressed`);
    return { built: true, durationMs };
  } finally {
    await rm(scratch, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Runs `bundle.ts` to its end and hands on the lines it prints. Throws with what it had to say if it fails. */
async function bundleInto(
  name: string,
  bundler: string,
  outDir: string,
  { onProgress, signal }: { onProgress: (line: string) => void; signal: AbortSignal },
): Promise<void> {
  const child = spawn(process.execPath, [bundler, outDir], {
    env: { ...process.env, NODE_ENV: 'production' },
    stdio: ['ignore', 'pipe', 'pipe'],
    signal,
  });
  // Whoever exits in the middle of it leaves no bundler running.
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const complaints: string[] = [];
  child.stderr.setEncoding('utf8').on('data', (text: string) => complaints.push(text));
  createInterface({ input: child.stdout }).on('line', onProgress);
  const [code] = await once(child, 'close').finally(() => process.off('exit', kill));
  if (code !== 0) throw new Error(`${name}: it could not be bundled:\n${complaints.join('')}`);
}

/** Puts a `.gz` beside each file that gains by it. Gives the bytes that a browser would load. */
async function compress(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const sizes = await Promise.all(
    entries.map(async (entry) => {
      if (!entry.isFile()) return 0;
      const path = join(entry.parentPath, entry.name);
      const plain = await readFile(path);
      const small = await promisify(gzip)(plain);
      if (small.length > plain.length * 0.9) return plain.length;
      await writeFile(`${path}.gz`, small);
      return small.length;
    }),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

interface Placement {
  readonly fresh: string;
  readonly folder: string;
  /** Where the old one goes, to be removed with the rest of the scratch. */
  readonly aside: string;
  /** The fingerprint of what is fresh. */
  readonly wanted: string;
}

/**
 * Makes `fresh` the served folder. No system swaps two folders in one step, so the old one steps aside first;
 * whoever meets a build of another process in between keeps that one if it is the same, and tries again if not.
 */
async function putInPlace({ fresh, folder, aside, wanted }: Placement): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    await mkdir(aside, { recursive: true });
    await rename(folder, join(aside, `${attempt}`)).catch(ignore('ENOENT'));
    try {
      return await rename(fresh, folder);
    } catch (error) {
      if (!hasCode(error, 'ENOTEMPTY', 'EEXIST', 'EPERM') || attempt === 5) throw error;
      if ((await stampOf(folder)) === wanted) return;
    }
  }
}

async function stampOf(folder: string): Promise<string | null> {
  return readFile(join(folder, stampName), 'utf8').catch(() => null);
}

/** Removes what builds left behind that were killed. A younger folder may belong to a build that runs now. */
async function removeAbandoned(beside: string): Promise<void> {
  for (const name of await readdir(beside)) {
    if (!name.startsWith(scratchPrefix)) continue;
    const path = join(beside, name);
    const found = await stat(path).catch(ignore('ENOENT'));
    if (found && Date.now() - found.mtimeMs > abandonedAfterMs)
      await rm(path, { recursive: true, force: true });
  }
}

function ignore(code: string): (error: unknown) => undefined {
  return (error) => {
    if (!hasCode(error, code)) throw error;
  };
}

function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}
