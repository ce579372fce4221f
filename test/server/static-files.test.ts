import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createStaticFiles, policyOf, strictPolicy } from '../../src/server/static-files.ts';

let workshop: string;
let origin: string;
const script = 'console.log("hello from a file that gains by compression")\n'.repeat(20);

const server = createServer(async (incoming, response) => {
  if (incoming.url === '/page') return files.handlePage(incoming, response);
  if (!(await files.handle(incoming, response))) response.writeHead(404).end('not here');
});
let files: ReturnType<typeof createStaticFiles>;

async function build(folder: string, words: string): Promise<void> {
  await mkdir(join(folder, 'assets'), { recursive: true });
  await writeFile(join(folder, 'index.html'), `<!doctype html><title>${words}</title>`);
  await writeFile(join(folder, 'assets', 'index-0b3iOPQX.js'), script);
  await writeFile(join(folder, 'assets', 'index-0b3iOPQX.js.gz'), gzipSync(script));
  await writeFile(join(folder, 'weir.svg'), '<svg/>');
  await writeFile(join(folder, '.fingerprint'), 'hidden');
  await symlink('/etc/passwd', join(folder, 'link.txt'));
}

beforeAll(async () => {
  workshop = await mkdtemp(join(tmpdir(), 'weir-static-'));
  await writeFile(join(workshop, 'secret.txt'), 'secret');
  files = createStaticFiles({
    root: join(workshop, 'dist'),
    prefix: '/explorer/',
    policy: strictPolicy,
    missing: '<p>not built</p>',
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.close();
  await rm(workshop, { recursive: true, force: true });
});

/** The answer to a path exactly as written: `fetch` would tidy it up first. */
async function raw(path: string): Promise<{ status: number | undefined; body: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(origin, { path }, async (response) => {
      resolve({ status: response.statusCode, body: await text(response) });
    });
    sent.on('error', reject).end();
  });
}

describe('createStaticFiles', () => {
  it('says what to do while nothing is built, and sees it when it is', async () => {
    const missing = await fetch(`${origin}/page`);
    expect([missing.status, await missing.text()]).toEqual([503, '<p>not built</p>']);
    expect(missing.headers.get('cache-control')).toBe('no-store');
    expect((await fetch(`${origin}/explorer/weir.svg`)).status).toBe(404);

    await build(join(workshop, 'dist'), 'first');
    const page = await fetch(`${origin}/page`);
    expect([page.status, await page.text()]).toEqual([200, '<!doctype html><title>first</title>']);
  });

  it('sees a folder that takes the place of the one before', async () => {
    await build(join(workshop, 'fresh'), 'second');
    await rename(join(workshop, 'dist'), join(workshop, 'old'));
    await rename(join(workshop, 'fresh'), join(workshop, 'dist'));
    expect(await (await fetch(`${origin}/page`)).text()).toContain('second');
    expect(await (await fetch(`${origin}/explorer/`)).text()).toContain('second');
  });

  it('sends types, the policy and nosniff with everything', async () => {
    const types = {
      'assets/index-0b3iOPQX.js': 'text/javascript; charset=utf-8',
      'weir.svg': 'image/svg+xml',
    };
    for (const [name, type] of Object.entries(types)) {
      const { headers } = await fetch(`${origin}/explorer/${name}`);
      expect(headers.get('content-type')).toBe(type);
      expect(headers.get('content-security-policy')).toBe(strictPolicy);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
    }
  });

  it('lets hashed files be kept for a year, and has the others asked for again', async () => {
    const cacheControl = async (name: string) =>
      (await fetch(`${origin}/explorer/${name}`)).headers.get('cache-control');
    expect(await cacheControl('assets/index-0b3iOPQX.js?v=1')).toBe('public, max-age=31536000, immutable');
    expect(await cacheControl('weir.svg')).toBe('no-cache');
    expect(await cacheControl('index.html')).toBe('no-cache');
  });

  it('answers 304 to whoever has it already, and HEAD without a body', async () => {
    const address = `${origin}/explorer/weir.svg`;
    const first = await fetch(address);
    const etag = first.headers.get('etag') ?? '';
    expect(etag).toMatch(/^"[\w-]{27}"$/);
    for (const tags of [etag, `"other", W/${etag}`, '*']) {
      const again = await fetch(address, { headers: { 'if-none-match': tags } });
      expect([again.status, await again.text(), again.headers.get('etag')]).toEqual([304, '', etag]);
    }
    expect((await fetch(address, { headers: { 'if-none-match': '"other"' } })).status).toBe(200);

    const head = await fetch(address, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '6', '']);
  });

  it('compresses for whoever takes it, under an ETag of its own', async () => {
    const address = `${origin}/explorer/assets/index-0b3iOPQX.js`;
    const asked = async (coding: string) => {
      const response = await fetch(address, { headers: { 'accept-encoding': coding } });
      expect(await response.text()).toBe(script);
      expect(response.headers.get('vary')).toBe('accept-encoding');
      return [response.headers.get('content-encoding'), response.headers.get('etag')];
    };
    const [plain, small] = [await asked('identity'), await asked('br, gzip;q=0.5')];
    expect([plain[0], small[0]]).toEqual([null, 'gzip']);
    expect(plain[1]).not.toBe(small[1]);
    expect((await asked('gzip;q=0'))[0]).toBeNull();
  });

  it.each([
    '/explorer/../secret.txt',
    '/explorer/%2e%2e/secret.txt',
    '/explorer/..%2fsecret.txt',
    '/explorer/assets/..%5c..%5csecret.txt',
    '/explorer//etc/passwd',
    '/explorer/%00',
    '/explorer/%E0%A4%A',
    '/explorer/.fingerprint',
    '/explorer/link.txt',
    '/explorer/assets',
    '/explorer/assets/index-0b3iOPQX.js.gz',
    '/explorer/constructor',
    '/elsewhere/weir.svg',
  ])('has nothing at %s', async (path) => {
    expect(await raw(path)).toEqual({ status: 404, body: 'not here' });
  });

  it('takes no other method', async () => {
    const response = await fetch(`${origin}/explorer/weir.svg`, { method: 'DELETE' });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });
});

describe('policyOf', () => {
  it('allows nothing but files of the own origin, and what is said', () => {
    expect(strictPolicy).toContain("default-src 'none'; script-src 'self'");
    expect(strictPolicy).not.toMatch(/unsafe|https?:|\*/);
    expect(policyOf({ 'font-src': "'self' data:" })).toContain("font-src 'self' data:; connect-src 'self'");
  });
});
