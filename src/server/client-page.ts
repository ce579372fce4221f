import { fileURLToPath } from 'node:url';
import { createStaticFiles, type StaticFiles, strictPolicy } from './static-files.ts';

const builtFolder = fileURLToPath(new URL('../../client/dist', import.meta.url));

/** The page of the typed client, built, below `/client/`. Until it is built, its address is not there. */
export function createClientFiles(root: string = builtFolder): StaticFiles {
  return createStaticFiles({ root, prefix: '/client/', policy: strictPolicy, missing: '' });
}
