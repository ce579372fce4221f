import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isObjectType } from 'graphql';
import { describe, expect, it } from 'vitest';
import { backends } from '../../src/backends.ts';
import { accessRuleOf } from '../../src/schema/access.ts';
import { createSchema, readTypeDefs } from '../../src/schema/index.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const schema = createSchema(readTypeDefs(), []);

/** Schema files that no single domain owns. */
const SHARED_SDL = new Set(['base', 'problems']);
const domains = readdirSync(`${root}/src/schema`)
  .filter((name) => name.endsWith('.graphql'))
  .map((name) => name.replace('.graphql', ''))
  .filter((name) => !SHARED_SDL.has(name));

describe('the house', () => {
  it('has an access rule on each root field', () => {
    const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
    const without = roots.flatMap((type) =>
      Object.values(type?.getFields() ?? {})
        .filter((field) => accessRuleOf(field.astNode?.directives) === null)
        .map((field) => `${type?.name}.${field.name}`),
    );
    expect(without).toEqual([]);
  });

  it('has every file of each domain', () => {
    const missing = domains
      .map((domain) => `src/resolvers/${domain}.ts`)
      .filter((file) => !existsSync(`${root}/${file}`));
    expect(missing).toEqual([]);
    expect(domains.length).toBeGreaterThanOrEqual(5);
  });

  it('has every file of each backend', () => {
    const missing = Object.keys(backends)
      .flatMap((name) => [
        `contracts/${name}.openapi.yaml`,
        `src/datasources/${name}/source.ts`,
        `src/datasources/${name}/wire/types.gen.ts`,
        `src/datasources/${name}/wire/zod.gen.ts`,
        `demo/backends/${name}.ts`,
      ])
      .filter((file) => !existsSync(`${root}/${file}`));
    expect(missing).toEqual([]);
  });

  it('has a source method for each endpoint of the table, by the same name', () => {
    const without = Object.entries(backends).flatMap(([name, { endpoints }]) => {
      const source = readFileSync(`${root}/src/datasources/${name}/source.ts`, 'utf8');
      return Object.keys(endpoints)
        .filter((endpoint) => !new RegExp(`^  ${endpoint}\\(\\s*call: Call`, 'm').test(source))
        .map((endpoint) => `${name}.${endpoint}`);
    });
    expect(without).toEqual([]);
  });

  it('keeps the resolvers free of HTTP words and of handling errors', () => {
    const faults = globSync('src/resolvers/*.ts', { cwd: root }).filter((file) =>
      /\b(?:try|catch|fetch|status(?:Code)?\s*===|headers|https?:)\b/.test(
        readFileSync(`${root}/${file}`, 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, ''),
      ),
    );
    expect(faults).toEqual([]);
  });

  it('splits files before they have 250 lines, or says why not in docs/decisions', () => {
    const reasons = globSync('docs/decisions/*.md', { cwd: root })
      .map((file) => readFileSync(`${root}/${file}`, 'utf8'))
      .join('\n');
    const long = globSync('{src,demo,explorer,codegen,bench,client}/**/*.{ts,tsx}', { cwd: root })
      .filter((file) => !/generated\/|\.gen\.ts|node_modules|\/dist\/|bench\/peers/.test(file))
      .filter((file) => readFileSync(`${root}/${file}`, 'utf8').trimEnd().split('\n').length > 250)
      .filter((file) => !reasons.split('\n').some((line) => line.includes(file) && /\blines\b/.test(line)));
    expect(long).toEqual([]);
  });

  it('describes every type, field, argument and value of the public schema', () => {
    const bare: string[] = [];
    for (const type of Object.values(schema.getTypeMap())) {
      if (type.name.startsWith('__')) continue;
      if (!type.description) bare.push(type.name);
      if (isObjectType(type)) {
        for (const field of Object.values(type.getFields())) {
          if (!field.description) bare.push(`${type.name}.${field.name}`);
          for (const argument of field.args) {
            if (!argument.description) bare.push(`${type.name}.${field.name}(${argument.name})`);
          }
        }
      }
    }
    expect(bare).toEqual([]);
  });
});
