import { execFile, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fencesOf, readProject, root } from '../docs/markdown.ts';
import { startWeir } from '../start-weir.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'weir-team-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('docs/client.md, followed in an empty folder', () => {
  it('gives a team typed operations of its own, and an app that runs', async () => {
    await using weir = await startWeir();
    const env = { ...process.env, WEIR_URL: `${weir.url}/graphql` };
    const written: string[] = [];
    for (const { lead, text } of fencesOf(readProject('docs/client.md'))) {
      const [, name] = /^`([^`]+)`:$/.exec(lead) ?? [];
      if (name === undefined) continue;
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
      written.push(name);
    }
    expect(written).toEqual(['codegen.ts', 'operations/cheapest.graphql', 'package.json', 'app.ts']);
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    cpSync(join(root, 'client/src'), join(folder, 'weir'), {
      recursive: true,
      filter: (path) => !path.endsWith('generated'),
    });

    await promisify(execFile)('npm', ['run', 'codegen'], { cwd: folder, env, timeout: 60_000 });
    expect(readFileSync(join(folder, 'generated/persisted-documents.json'), 'utf8')).toContain('Cheapest');

    const check = () =>
      spawnSync(
        join(root, 'node_modules/.bin/tsc'),
        '--noEmit --strict --target es2022 --module nodenext --allowImportingTsExtensions --skipLibCheck --types node app.ts'.split(
          ' ',
        ),
        { cwd: folder, encoding: 'utf8' },
      ).stdout;
    expect(check()).toBe('');

    const { stdout } = await promisify(execFile)(process.execPath, ['app.ts'], { cwd: folder, env });
    expect(stdout.trim().split('\n')).toHaveLength(3);
    expect(stdout).toMatch(/^.+ \d+\.\d\d \d+$/m);

    // The team's own manifest is one of the gateway's as it stands: beside ours, or from an older release.
    const manifest = join(folder, 'generated/persisted-documents.json');
    await using strict = await startWeir({
      PERSISTED_ONLY: 'true',
      PERSISTED_MANIFEST: `${manifest},${join(root, 'persisted-documents.json')}`,
    });
    const app = readFileSync(join(folder, 'app.ts'), 'utf8');
    const there = { ...env, WEIR_URL: `${strict.url}/graphql` };
    writeFileSync(join(folder, 'app.ts'), app.replace('{ url', "{ documents: 'hash-only', url"));
    const trusted = await promisify(execFile)(process.execPath, ['app.ts'], { cwd: folder, env: there });
    expect(trusted.stdout).toBe(stdout);
    const [[hash] = []] = Object.entries(JSON.parse(readFileSync(manifest, 'utf8')));
    const byHash = await fetch(there.WEIR_URL, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ documentId: hash, variables: { first: 1 } }),
    });
    expect(await byHash.json()).toMatchObject({ data: { products: { nodes: [{}] } } });

    writeFileSync(
      join(folder, 'app.ts'),
      app.replace('product.name', 'product.title').replace('first: 3', "first: '3'"),
    );
    const complaints = check();
    expect(complaints).toMatch(/TS2322: Type 'string' is not assignable to type 'number'/);
    expect(complaints).toMatch(/TS2339: Property 'title' does not exist/);
  });
});
