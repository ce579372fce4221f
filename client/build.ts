import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('.', import.meta.url));

/**
 * Bundles the page into `client/dist`, or another folder. It builds beside it and renames at the end, so that nobody is
 * served half a page. Throws with the bundler's words when it fails.
 */
export async function buildClient(folder: string = join(root, 'dist')): Promise<void> {
  const scratch = await mkdtemp(join(dirname(folder), '.build-'));
  try {
    const fresh = join(scratch, 'dist');
    const child = spawn(process.execPath, [join(root, 'bundle.ts'), fresh], {
      env: { ...process.env, NODE_ENV: 'production' },
      stdio: ['ignore', 'inherit', 'pipe'],
    });
    const complaints: string[] = [];
    child.stderr.setEncoding('utf8').on('data', (text: string) => complaints.push(text));
    const [code] = await once(child, 'close');
    if (code !== 0) throw new Error(`the page could not be bundled:\n${complaints.join('')}`);
    await rename(folder, join(scratch, 'old')).catch(() => {});
    await rename(fresh, folder);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

if (import.meta.main) {
  const startedAt = performance.now();
  await buildClient();
  console.log(`client/dist: built in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
}
