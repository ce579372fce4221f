import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { backends } from '../src/backends.ts';
import { createExplainer, type Explainer } from '../src/execution/explain.ts';
import { resolvers } from '../src/resolvers/index.ts';
import { createSchema, readTypeDefs } from '../src/schema/index.ts';

/** One document and where it came from. */
export interface Source {
  readonly name: string;
  readonly text: string;
}

/** The explainer of the house's own schema. */
export function houseExplainer(): Explainer {
  return createExplainer(createSchema(readTypeDefs(), [resolvers]), backends);
}

/** Documents from files, folders (every `.graphql` below) and query texts. Throws for what is none of these. */
export function readSources(names: readonly string[]): readonly Source[] {
  return names.flatMap((name) => {
    if (!existsSync(name)) {
      if (name.includes('{')) return [{ name: 'query', text: name }];
      throw new Error(`${name}: no such file or folder, and no query`);
    }
    const files = statSync(name).isDirectory()
      ? globSync('**/*.graphql', { cwd: name })
          .sort()
          .map((file) => join(name, file))
      : [name];
    return files.map((file) => ({ name: file, text: readFileSync(file, 'utf8') }));
  });
}
