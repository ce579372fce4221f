import { readFile } from 'node:fs/promises';
import { buildSchema, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { exampleTabs } from '../../explorer/src/example-tabs.ts';

describe('exampleTabs', () => {
  const tabs = exampleTabs(new Date('2026-11-21T22:00:00Z'));

  it('is valid against the public schema', async () => {
    const schema = buildSchema(await readFile(new URL('../../schema.graphql', import.meta.url), 'utf8'));
    expect(tabs.map((tab) => validate(schema, parse(tab.query)))).toEqual([[], [], []]);
  });

  it('looks for flights on a day to come', () => {
    expect(tabs.map((tab) => tab.query).join()).toContain('date: "2026-12-05"');
  });
});
