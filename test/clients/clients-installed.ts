import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * Whether this folder's own packages are there (`npm ci` in `test/clients`). Says it aloud where they are not, since
 * the tests then prove nothing.
 */
export function clientsInstalled(what: string): boolean {
  const found = existsSync(
    fileURLToPath(new URL('node_modules/@apollo/client/package.json', import.meta.url)),
  );
  if (!found) console.warn(`SKIPPED: ${what} was not tried, \`npm ci\` in test/clients brings it`);
  return found;
}
