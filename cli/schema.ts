import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildSchema } from 'graphql';
import { diffSchemas, type SchemaChange } from '../src/schema/diff.ts';
import { createSchema, printPublicSchema, readTypeDefs } from '../src/schema/index.ts';
import { lintSchema } from '../src/schema/lint.ts';

export const usage = `weir schema diff [--against schema.graphql] [--allow-breaking]
  Says what the schema in src/schema changes for clients of the one committed. Fails on breaking changes.
weir schema lint
  Fails where an element has no description, or a deprecation no reason.
weir schema print
  Prints the public schema.`;

const committed = fileURLToPath(new URL('../schema.graphql', import.meta.url));

/** Runs one of the subcommands. Returns the exit code: 1 for breaking changes or faults, 2 for a wrong command. */
export function schema(args: readonly string[]): number {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      against: { type: 'string', default: committed },
      'allow-breaking': { type: 'boolean', default: false },
    },
  });
  const text = printPublicSchema(createSchema(readTypeDefs(), []));
  const [command, ...rest] = positionals;
  if (rest.length === 0 && command === 'diff') return diff(text, values.against, values['allow-breaking']);
  if (rest.length === 0 && command === 'lint') return lint(text);
  if (rest.length === 0 && command === 'print') {
    process.stdout.write(text);
    return 0;
  }
  console.error(usage);
  return 2;
}

function diff(text: string, against: string, allowBreaking: boolean): number {
  const { breaking, dangerous, additions } = diffSchemas(
    buildSchema(readFileSync(against, 'utf8')),
    buildSchema(text),
  );
  tell('breaking', breaking);
  tell('dangerous', dangerous);
  tell('new', additions);
  console.log(
    `${breaking.length} breaking, ${dangerous.length} dangerous, ${additions.length} new: against ${against}`,
  );
  return breaking.length > 0 && !allowBreaking ? 1 : 0;
}

function tell(what: string, changes: readonly SchemaChange[]): void {
  for (const { kind, description } of changes) console.log(`${what}  ${description}  (${kind})`);
}

function lint(text: string): number {
  const faults = lintSchema(buildSchema(text));
  for (const fault of faults) console.error(fault);
  console.log(`${faults.length} faults`);
  return faults.length === 0 ? 0 : 1;
}
