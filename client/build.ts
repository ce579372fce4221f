import { fileURLToPath } from 'node:url';
import { createPageBuild } from '../bundling/page-build.ts';

/** The client's page: what builds it. */
export const { build: buildClient } = createPageBuild({
  name: 'client',
  root: fileURLToPath(new URL('.', import.meta.url)),
  sources: ['build.ts', 'bundle.ts', 'index.html', 'page', 'src'],
  what: 'the shop',
});

if (import.meta.main) {
  const { built } = await buildClient({ onProgress: (line) => console.log(line) });
  if (!built) console.log('client: up to date');
}
