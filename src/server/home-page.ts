import type { HttpAnswer } from './http-answer.ts';

/** The short page at `/`: what this is, and where to go. No script, no other host. */
export function createHomePage(explorer: boolean): HttpAnswer {
  const tryIt = explorer
    ? '<p><a class="main" href="/graphql">Open GraphiQL</a></p>'
    : '<p>GraphiQL is off here (<code>EXPLORER=true</code> turns it on).</p>';
  return {
    status: 200,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy':
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    },
    body: `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Weir</title>
<style>
  :root { color-scheme: light dark; font: 17px/1.6 system-ui, sans-serif; }
  body { max-width: 38rem; margin: 12vh auto 4rem; padding: 0 1.5rem; }
  h1 { font-size: 2.4rem; letter-spacing: -.02em; margin: 0 0 .5rem; }
  a { color: light-dark(#0b5cad, #7cc0ff); }
  a.main { display: inline-block; padding: .6rem 1.1rem; border-radius: .5rem; text-decoration: none;
    background: light-dark(#0b5cad, #7cc0ff); color: light-dark(#fff, #06233f); }
  a:focus-visible { outline: 3px solid; outline-offset: 3px; }
  code { font-size: .9em; }
</style>
<h1>Weir</h1>
<p>One GraphQL query in, the fewest possible REST calls out: in parallel, batched, and shown.</p>
${tryIt}
<p>Programs send their queries by <code>POST /graphql</code>. The state of things is at
<a href="/healthz">/healthz</a> and <a href="/readyz">/readyz</a>.</p>
</html>
`,
  };
}
