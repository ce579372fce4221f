import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const src = fileURLToPath(new URL('../../src', import.meta.url));

/**
 * The rooms from top to bottom: each may import only from rows below its own, and from its own room.
 *
 * Rooms in one row do not know each other, except where `neighbours` says so.
 */
const ladder: readonly (readonly string[])[] = [
  ['main'],
  ['gateway'],
  ['world', 'server'],
  ['federation'],
  ['schema', 'execution'],
  ['resolvers'],
  ['context'],
  ['workflows'],
  ['datasources', 'audit'],
  ['waterfall', 'metrics', 'tracing', 'records', 'usage'],
  ['guard', 'postgres', 'webhooks'],
  ['http', 'log', 'redis'],
  ['config'],
  ['backends', 'errors', 'visibility'],
  ['call'],
];

/** Why a room may look beside it. */
const neighbours: Readonly<Record<string, readonly string[]>> = {};

const rowOf = new Map(ladder.flatMap((rooms, row) => rooms.map((room) => [room, row] as const)));

interface Import {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

const roomOf = (path: string): string => (path.split('/')[0] ?? '').replace(/\.ts$/, '');

/** Every relative import of a file, of types too, as room names; null where it leaves `src`. */
function importsOf(file: string): Import[] {
  const text = readFileSync(join(src, file), 'utf8');
  const found = text.matchAll(/(?:from|import)\s*\(?\s*'(\.{1,2}\/[^']+)'/g);
  return [...found].map(([, path = '']) => ({
    file,
    from: roomOf(file),
    to: roomOf(relative(src, join(src, dirname(file), path))),
  }));
}

const files = globSync('**/*.ts', { cwd: src }).filter(
  (file) => !file.includes('generated/') && !file.endsWith('.gen.ts'),
);
const imports = files.flatMap(importsOf);

/** What is wrong with an import, with the room to use instead, or null. */
function fault({ file, from, to }: Import): string | null {
  if (from === to) return null;
  if (to === '..' || to === '') return `${file} imports from outside of src`;
  const own = rowOf.get(from);
  const other = rowOf.get(to);
  if (own === undefined) return `${file}: the room ${from} is not on the ladder; give it a row`;
  if (other === undefined) return `${file} imports from ${to}, which is not on the ladder; give it a row`;
  if (other > own || neighbours[from]?.includes(to)) return null;
  const below = ladder.slice(own + 1).flat();
  return `${file} (${from}) imports from ${to}, which is not below it; it may use ${below.join(', ')}`;
}

describe('imports', () => {
  it('go one way down the ladder', () => {
    expect(imports.length).toBeGreaterThan(50);
    expect(imports.map(fault).filter((text) => text !== null)).toEqual([]);
  });

  it('are told apart by the rule: an import upwards is a fault', () => {
    expect(fault({ file: 'http/x.ts', from: 'http', to: 'resolvers' })).toContain('not below');
    expect(fault({ file: 'datasources/x.ts', from: 'datasources', to: '..' })).toContain('outside');
    expect(fault({ file: 'resolvers/x.ts', from: 'resolvers', to: 'datasources' })).toBeNull();
  });
});
