import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generate } from '@graphql-codegen/cli';
import { describe, expect, it } from 'vitest';
import { configurationPage } from '../../codegen/configuration.ts';
import { committedSchema, publicSchema } from '../../codegen/schema.ts';
import { renderWire } from '../../codegen/wire.ts';
import config from '../../codegen.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

describe('what is generated and committed', () => {
  it('schema.graphql is what src/schema says', () => {
    expect(committedSchema()).toBe(publicSchema());
  });

  it('the resolver types are what schema.graphql says', async () => {
    const files: { filename: string; content: string }[] = await generate({ ...config, cwd: root }, false);
    expect(files.length).toBeGreaterThan(0);
    for (const { filename, content } of files) expect(read(filename)).toBe(content);
  });

  it('wire types and decoders are what contracts/ says', async () => {
    const files = await renderWire();
    expect(files.length).toBeGreaterThan(0);
    for (const { path, text } of files) expect(read(path)).toBe(text);
  });

  it('docs/configuration.md is what the table of settings says', () => {
    expect(read('docs/configuration.md')).toBe(configurationPage());
  });
});
