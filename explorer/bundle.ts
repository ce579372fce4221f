/**
 * Bundles the explorer into the folder named on the command line, and is a process of its own: Vite keeps some
 * hundred megabytes, and gives React's development build unless the whole process has NODE_ENV=production.
 * Run it through `build.ts`, which puts the folder in place.
 */
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { build } from 'vite';

const [outDir] = process.argv.slice(2);
if (!outDir) throw new Error('bundle.ts wants the folder to build into');

await build({
  root: fileURLToPath(new URL('.', import.meta.url)),
  configFile: false,
  envDir: false,
  base: '/explorer/',
  logLevel: 'warn',
  plugins: [
    react(),
    {
      name: 'weir:progress',
      renderStart: () => console.log('explorer: all modules read, writing the bundle'),
    },
  ],
  worker: { format: 'es' },
  build: {
    outDir,
    emptyOutDir: true,
    target: 'es2023',
    reportCompressedSize: false,
    chunkSizeWarningLimit: 4000,
    rolldownOptions: {
      onLog(level, log, report) {
        // GraphiQL's packages carry directives for the React compiler, which has already seen them.
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') report(level, log);
      },
    },
  },
});
