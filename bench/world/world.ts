import { readFileSync } from 'node:fs';
import { type DefinitionNode, Kind, parse, print } from 'graphql';
import { createSchema } from '../../src/schema/index.ts';
import type { World } from '../../src/world.ts';
import { createBenchLoaders } from './loaders.ts';
import { type BenchContext, benchResolvers } from './resolvers.ts';
import { createBenchSources } from './sources.ts';
import { createBenchTable } from './table.ts';

/** What every schema of the engine speaks in: its directives, the values of their arguments, the scalars. */
const ENGINE_WORDS: ReadonlySet<DefinitionNode['kind']> = new Set([
  Kind.DIRECTIVE_DEFINITION,
  Kind.ENUM_TYPE_DEFINITION,
  Kind.SCALAR_TYPE_DEFINITION,
]);

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');

/** The engine's own words, out of the gateway's SDL. */
function engineWords(): string {
  const base = parse(read('../../src/schema/base.graphql'));
  return base.definitions
    .filter(({ kind }) => ENGINE_WORDS.has(kind))
    .map(print)
    .join('\n\n');
}

/**
 * The workloads' small world, on the gateway's engine: what an author of domains would write, and no more. `shared`
 * makes what is nobody's public, so that requests may share it.
 */
export function createBenchWorld(shared = false): World {
  const table = createBenchTable(shared);
  return {
    table,
    schema: createSchema([engineWords(), read('bench.graphql')], [benchResolvers]),
    open: (upstream) => {
      const loadersFor = createBenchLoaders(createBenchSources(upstream, table), table);
      return (call, schedule): BenchContext => ({
        viewer: call.viewer,
        loaders: loadersFor({ call, schedule }),
      });
    },
  };
}
