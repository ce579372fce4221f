import { readFileSync } from 'node:fs';
import { buildSchema, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import * as documents from '../../client/src/generated/graphql.ts';
import { committedManifest, renderClient } from '../../codegen/client.ts';
import { readProject, root } from '../docs/markdown.ts';

describe('what the client generates', () => {
  it('is committed as the operations and the schema say', async () => {
    const files = await renderClient();
    expect(files.map(({ path }) => path).sort()).toEqual([
      'client/src/generated/gql.ts',
      'client/src/generated/graphql.ts',
      'client/src/generated/index.ts',
      'persisted-documents.json',
    ]);
    for (const { path, text } of files) expect(readFileSync(`${root}/${path}`, 'utf8'), path).toBe(text);
  });

  it('names each operation in the manifest by the hash that its document carries', () => {
    const manifest = committedManifest();
    const schema = buildSchema(readProject('schema.graphql'));
    const hashes = Object.entries(documents)
      .filter(([name]) => name.endsWith('Document'))
      .map(([, document]) => ('__meta__' in document ? String(document.__meta__?.hash) : ''));
    expect(hashes.length).toBeGreaterThan(5);
    expect(Object.keys(manifest).sort()).toEqual(hashes.sort());
    for (const text of Object.values(manifest)) expect(validate(schema, parse(text))).toEqual([]);
  });
});
