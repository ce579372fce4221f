/**
 * Bundles the page into the folder named on the command line, and is a process of its own: React gives its
 * development build unless the whole process has NODE_ENV=production. Run it through `build.ts`.
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
  base: '/client/',
  logLevel: 'warn',
  plugins: [react()],
  build: { outDir, emptyOutDir: true, target: 'es2023', reportCompressedSize: false },
});
