import { fileURLToPath } from 'node:url';
import { createPageBuild } from '../bundling/page-build.ts';

/** The explorer: whether it has to be built, and what builds it. */
export const { isStale, build: buildExplorer } = createPageBuild({
  name: 'explorer',
  root: fileURLToPath(new URL('.', import.meta.url)),
  sources: ['build.ts', 'bundle.ts', 'index.html', 'src', 'public', '../client/src/event-stream.ts'],
  what: 'GraphiQL and the Waterfall panel',
});

if (import.meta.main) {
  const { built } = await buildExplorer({ onProgress: (line) => console.log(line) });
  if (!built) console.log('explorer: up to date');
}
