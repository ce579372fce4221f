import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generate } from '@graphql-codegen/cli';
import * as z from 'zod';
import config from '../client/codegen.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const manifestPath = 'persisted-documents.json';
const manifestShape = z.record(z.string().regex(/^sha256:[0-9a-f]{64}$/), z.string());

/** One generated file: where it belongs, from the project's root, and what it says. */
export interface ClientFile {
  readonly path: string;
  readonly text: string;
}

/**
 * The client's typed documents, and the manifest of trusted documents that the gateway reads, as text, without
 * writing anything. Rejects with the compiler's words where an operation does not fit `schema.graphql`.
 */
export async function renderClient(): Promise<ClientFile[]> {
  const files: { filename: string; content: string }[] = await generate({ ...config, cwd: root }, false);
  const rendered = files.map(({ filename, content }) => ({
    path: filename.startsWith(root) ? filename.slice(root.length) : filename.replace(/^\.\//, ''),
    text: content.endsWith('\n') ? content : `${content}\n`,
  }));
  const known = rendered.find(({ path }) => path.endsWith(manifestPath));
  if (!known) throw new Error('the client preset wrote no manifest of its documents');
  return [...rendered.filter((file) => file !== known), { path: manifestPath, text: toManifest(known.text) }];
}

/** Writes them. Repeating it changes nothing. */
export async function generateClient(): Promise<void> {
  for (const { path, text } of await renderClient()) {
    const target = join(root, path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, text);
  }
}

/** The documents by their keys, in the order of the keys, so that a new one moves no other. */
function toManifest(text: string): string {
  const documents = Object.entries(manifestShape.parse(JSON.parse(text)));
  const sorted = Object.fromEntries(documents.sort(([a], [b]) => (a < b ? -1 : 1)));
  return `${JSON.stringify(sorted, null, 2)}\n`;
}

/** What the manifest holds now: documents by `sha256:<hex>`. */
export function committedManifest(): Readonly<Record<string, string>> {
  return manifestShape.parse(JSON.parse(readFileSync(join(root, manifestPath), 'utf8')));
}
