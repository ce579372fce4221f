import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { renderWire } from '../../codegen/wire.ts';

const root = join(import.meta.dirname, '../..');

it('finds committed what generation makes of the contracts, and nothing beside it', async () => {
  const rendered = await renderWire();
  for (const { path, text } of rendered) {
    const committed = await readFile(join(root, path), 'utf8').catch(() => 'nothing');
    expect(committed, `${path} is out of step: npm run codegen`).toBe(text);
  }
  const folder = 'src/datasources';
  const files = await readdir(join(root, folder), { recursive: true });
  const wire = files.filter((file) => /^[^/]+\/wire\/./.test(file)).map((file) => `${folder}/${file}`);
  expect(wire.sort()).toEqual(rendered.map(({ path }) => path).sort());
});
