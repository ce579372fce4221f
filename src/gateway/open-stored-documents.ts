import { type Config, ConfigError } from '../config.ts';
import { ManifestError, readManifest, usualManifest } from '../guard/manifest.ts';
import { createStoredDocuments, type StoredDocuments } from '../guard/stored-documents.ts';

/** The documents of the manifests. Throws `ConfigError` where one is none, or where nothing could ever run. */
export function openStoredDocuments({ PERSISTED_MANIFEST, PERSISTED_ONLY }: Config): StoredDocuments {
  try {
    const manifest = new Map<string, string>();
    for (const path of PERSISTED_MANIFEST ?? [usualManifest]) {
      const documents = readManifest(path);
      if (documents.size === 0 && (PERSISTED_ONLY || PERSISTED_MANIFEST !== null)) {
        throw new ManifestError(`there are no documents at ${path}; \`npm run codegen\` writes them`);
      }
      for (const [hash, text] of documents) manifest.set(hash, text);
    }
    return createStoredDocuments({ manifest, only: PERSISTED_ONLY });
  } catch (error) {
    if (!(error instanceof ManifestError)) throw error;
    throw new ConfigError([`PERSISTED_MANIFEST: ${error.message}`]);
  }
}
