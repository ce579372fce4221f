import { fileURLToPath } from 'node:url';
import { createStaticFiles, policyOf, type StaticFiles } from './static-files.ts';

const builtFolder = fileURLToPath(new URL('../../explorer/dist', import.meta.url));

/**
 * The explorer's built files below `/explorer/`, and its page for a browser's `GET /graphql`.
 *
 * Until the explorer is built, the page says how to build it.
 */
export function createExplorerFiles(root: string = builtFolder): StaticFiles {
  return createStaticFiles({
    root,
    prefix: '/explorer/',
    // Monaco sets its colours by <style> elements and lays out its lines by style attributes, and has no nonce
    // for either. GraphiQL's fonts are inside its stylesheet. Scripts stay files of this origin, without eval.
    policy: policyOf({ 'style-src': "'self' 'unsafe-inline'", 'font-src': "'self' data:" }),
    missing,
  });
}

const missing = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="color-scheme" content="light dark">
<title>Weir</title>
<style>
  body { font: 16px/1.6 system-ui, sans-serif; max-width: 36rem; margin: 20vh auto; padding: 0 1.5rem }
  code { font: 0.95em ui-monospace, monospace; padding: 0.15em 0.4em; border-radius: 0.3em; background: #8882 }
</style>
<h1>The explorer is not built yet</h1>
<p>Run <code>npm run explorer</code> in the project (it takes a few seconds), then load this page again.</p>
<p>The GraphQL endpoint itself is up: it answers <code>POST</code> requests on this address.</p>
</html>
`;
