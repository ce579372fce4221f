import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSchema, type GraphQLSchema, isObjectType, printType } from 'graphql';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { peerNames } from '../../bench/contestants.ts';
import { createBenchWorld } from '../../bench/world/world.ts';

const peers = fileURLToPath(new URL('../../bench/peers', import.meta.url));
const read = (...path: string[]): string => readFileSync(join(peers, ...path), 'utf8');
const manifest = z.object({ dependencies: z.record(z.string(), z.string()) });

describe('the peers', () => {
  it('are those that the bench is to stand beside', () => {
    expect([...peerNames()].sort()).toEqual(['apollo-server', 'hive-gateway', 'mercurius', 'yoga']);
  });

  it('serve the schema that the engine serves', () => {
    expect(printObjects(buildSchema(read('schema.graphql')))).toEqual(
      printObjects(createBenchWorld().schema),
    );
  });

  it.each(peerNames())('%s names exact versions, and its lockfile no host', (name) => {
    const { dependencies } = manifest.parse(JSON.parse(read(name, 'package.json')));
    for (const version of Object.values(dependencies)) expect(version).toMatch(/^\d+\.\d+\.\d+$/);
    expect(read(name, 'package-lock.json')).not.toContain('"resolved"');
  });
});

function printObjects(schema: GraphQLSchema): Record<string, string> {
  const objects = Object.values(schema.getTypeMap()).filter(
    (type) => isObjectType(type) && !type.name.startsWith('__'),
  );
  return Object.fromEntries(objects.map((type) => [type.name, printType(type)]));
}
