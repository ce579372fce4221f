import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createClient } from '@hey-api/openapi-ts';
import { parse } from 'yaml';
import { z } from 'zod';

const root = join(import.meta.dirname, '..');
const contractSuffix = '.openapi.yaml';
const generatedFiles = ['types.gen.ts', 'zod.gen.ts'] as const;

/** What generation needs of a contract. Sources know paths and parameters from the table of backends. */
const zContract = z.object({
  openapi: z.string(),
  info: z.record(z.string(), z.unknown()),
  components: z.object({ schemas: z.record(z.string(), z.unknown()) }),
});

/** One generated file: where it belongs, from the project's root, and what it says. */
export interface WireFile {
  readonly path: string;
  readonly text: string;
}

/**
 * The wire types and decoders of every contract, as text, without writing anything: what a test compares with
 * the committed files.
 *
 * Each named schema of a contract becomes a type in `types.gen.ts` and a zod decoder `z<Name>` in
 * `zod.gen.ts`. Decoders leave out properties that the contract does not know, so that a backend may grow;
 * what it knows must have the right type. Rejects where a contract is not one.
 */
export async function renderWire(): Promise<WireFile[]> {
  const scratch = await mkdtemp(join(tmpdir(), 'weir-wire-'));
  try {
    const files: WireFile[] = [];
    for (const contract of (await readdir(join(root, 'contracts'))).sort()) {
      if (!contract.endsWith(contractSuffix)) continue;
      const backend = contract.slice(0, -contractSuffix.length);
      await renderContract(join(root, 'contracts', contract), join(scratch, backend));
      for (const file of generatedFiles) {
        const text = await readFile(join(scratch, backend, file), 'utf8');
        files.push({ path: `src/datasources/${backend}/wire/${file}`, text: toExact(text) });
      }
    }
    return files;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/**
 * Writes the wire types and decoders of every contract into `src/datasources/<backend>/wire/`. Repeating it
 * changes nothing.
 */
export async function generateWire(): Promise<void> {
  for (const { path, text } of await renderWire()) {
    const target = join(root, path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, text);
  }
}

async function renderContract(file: string, output: string): Promise<void> {
  const contract = zContract.parse(parse(await readFile(file, 'utf8')));
  await createClient({
    input: { ...contract, paths: {} },
    output: { path: output, entryFile: false },
    logs: { level: 'silent', file: false },
    plugins: [
      '@hey-api/typescript',
      // Timetables speak in the local time of a place; without `offset` only UTC would pass.
      { name: 'zod', dates: { offset: true } },
    ],
  });
}

/**
 * JSON has no `undefined`: a property that may be absent is absent, and so decoders and types agree under
 * `exactOptionalPropertyTypes`. `ClientOptions` speaks of a client that nobody generates here.
 */
function toExact(text: string): string {
  return text
    .replaceAll('.optional()', '.exactOptional()')
    .replace(/export type ClientOptions = \{\n.*?\n\};\n+/s, '');
}

if (import.meta.main) await generateWire();
