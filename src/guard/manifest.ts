import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';

const KEY = /^(?:sha256:)?([0-9a-f]{64})$/;

const manifestShape = z.record(z.string(), z.string());

/** Where the manifest is that `npm run codegen` writes. */
export const usualManifest = fileURLToPath(new URL('../../persisted-documents.json', import.meta.url));

/** What is wrong with a manifest, in a sentence that names the file. */
export class ManifestError extends Error {}

/** SHA-256 of a document's text, hexadecimal. */
export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/**
 * The trusted documents of a manifest, by their hashes.
 *
 * The file is JSON: `{ "sha256:<hex>": "<text>" }`, or without the prefix, as graphql-codegen writes it. Each key must be the hash of its text, so that a manifest cannot
 * say one thing and serve another. Throws `ManifestError`; without the file there are no documents.
 */
export function readManifest(path: string): ReadonlyMap<string, string> {
  if (!existsSync(path)) return new Map();
  let entries: [string, string][];
  try {
    entries = Object.entries(manifestShape.parse(JSON.parse(readFileSync(path, 'utf8'))));
  } catch {
    throw new ManifestError(`${path} is not a JSON object of documents by their hashes`);
  }
  const documents = new Map<string, string>();
  for (const [key, text] of entries) {
    const hash = KEY.exec(key)?.[1];
    if (hash === undefined)
      throw new ManifestError(
        `${path}: the key ${key} is not sha256:<64 hexadecimal digits>, with or without the prefix`,
      );
    if (hashOf(text) !== hash) throw new ManifestError(`${path}: ${key} is not the hash of its document`);
    documents.set(hash, text);
  }
  return documents;
}
