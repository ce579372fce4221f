import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join, sep } from 'node:path';

/** What of a request decides the answer. */
export interface StaticRequest {
  readonly method: string;
  /** The path alone, as it came: still encoded, without a query. */
  readonly path: string;
  readonly ifNoneMatch?: string | null | undefined;
  readonly acceptEncoding?: string | null | undefined;
}

export interface StaticAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Null for HEAD and for 304. */
  readonly body: Uint8Array<ArrayBuffer> | null;
}

export interface StaticOptions {
  /** The folder whose files are served. It may be missing, and may be replaced as a whole at any time. */
  readonly root: string;
  /** The path below which its files stand, such as `/explorer/`. */
  readonly prefix: string;
  /** Sent with every answer as `content-security-policy`. */
  readonly policy: string;
  /** HTML for whoever asks for the page while the folder is missing: says what to do. */
  readonly missing: string;
}

export interface StaticFiles {
  /** The file at a path below the prefix; null for a path that names none, which the caller answers with 404. */
  find(request: StaticRequest): Promise<StaticAnswer | null>;
  /** The folder's `index.html`, whatever the request's path; 503 and the `missing` page where there is none. */
  page(request: StaticRequest): Promise<StaticAnswer>;
  /** As `find`, on node:http. False when it answered nothing. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<boolean>;
  /** As `page`, on node:http. */
  handlePage(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

/** A policy under which a page reaches its own origin and nothing else, and runs no script but its files. */
export const strictPolicy = policyOf({});

/** The strict policy with some directives replaced, such as `{ 'font-src': "'self' data:" }`. */
export function policyOf(directives: Readonly<Record<string, string>>): string {
  const all = {
    'default-src': "'none'",
    'script-src': "'self'",
    'style-src': "'self'",
    'img-src': "'self' data:",
    'font-src': "'self'",
    'connect-src': "'self'",
    'worker-src': "'self'",
    'base-uri': "'none'",
    'form-action': "'none'",
    'frame-ancestors': "'none'",
    ...directives,
  };
  return Object.entries(all)
    .map(([name, value]) => `${name} ${value}`)
    .join('; ');
}

interface StaticFile {
  readonly path: string;
  readonly type: string;
  readonly cacheControl: string;
  readonly compressed: boolean;
  /** Worked out when the file is first read. */
  etag: string | null;
}

/** The folder's files by their names with `/`; `id` changes when the folder is replaced. */
interface Listing {
  readonly id: string;
  readonly files: ReadonlyMap<string, StaticFile>;
}

const types: ReadonlyMap<string, string> = new Map([
  ['.html', 'text/html; charset=utf-8'],
  ['.js', 'text/javascript; charset=utf-8'],
  ['.css', 'text/css; charset=utf-8'],
  ['.json', 'application/json'],
  ['.svg', 'image/svg+xml'],
  ['.png', 'image/png'],
  ['.ico', 'image/x-icon'],
  ['.ttf', 'font/ttf'],
  ['.woff2', 'font/woff2'],
  ['.wasm', 'application/wasm'],
  ['.txt', 'text/plain; charset=utf-8'],
]);

/** A bundler's name with a hash of the content in it, such as `assets/index-0b3iOPQX.js`. */
const hashedName = /^assets\/.+-[\w-]{8}\.\w+$/;

/**
 * Serves a built folder: GET and HEAD, with ETags, the compressed twin (`x.js.gz` beside `x.js`) for whoever
 * takes gzip, and a year of caching for files with a hash in their name.
 *
 * A request never becomes a path: it is looked up among the names that the folder was seen to hold, so what is
 * hidden, linked or outside of it cannot be asked for.
 */
export function createStaticFiles({ root, prefix, policy, missing }: StaticOptions): StaticFiles {
  const common = {
    'content-security-policy': policy,
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'cross-origin-resource-policy': 'same-origin',
  };
  let listing: Listing | null = null;

  async function currentListing(): Promise<Listing | null> {
    const found = await stat(root).catch(() => null);
    if (!found?.isDirectory()) return null;
    const id = `${found.dev}:${found.ino}:${found.mtimeMs}`;
    if (listing?.id !== id) listing = { id, files: await filesBelow(root) };
    return listing;
  }

  async function answer(name: string, request: StaticRequest): Promise<StaticAnswer | null> {
    const files = (await currentListing())?.files;
    const plain = files?.get(name);
    if (!files || !plain) return null;
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return text(405, 'Only GET and HEAD.\n', { ...common, allow: 'GET, HEAD' });
    }
    const twin = takesGzip(request.acceptEncoding) ? files.get(`${name}.gz`) : undefined;
    const file = twin ?? plain;
    const body = await readFile(file.path).catch(() => null);
    if (!body) {
      // The folder was replaced between the look and the read: what it holds now is seen at the next look.
      listing = null;
      return null;
    }
    file.etag ??= `"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"`;
    const headers = {
      ...common,
      'content-type': plain.type,
      'cache-control': plain.cacheControl,
      etag: file.etag,
      ...(files.has(`${name}.gz`) && { vary: 'accept-encoding' }),
    };
    if (namesTag(request.ifNoneMatch, file.etag)) return { status: 304, headers, body: null };
    return {
      status: 200,
      headers: {
        ...headers,
        'content-length': `${body.length}`,
        ...(file.compressed && { 'content-encoding': 'gzip' }),
      },
      body: request.method === 'HEAD' ? null : body,
    };
  }

  async function find(request: StaticRequest): Promise<StaticAnswer | null> {
    if (!request.path.startsWith(prefix)) return null;
    const name = decoded(request.path.slice(prefix.length));
    if (name === null || name.endsWith('.gz')) return null;
    return answer(name === '' ? 'index.html' : name, request);
  }

  async function page(request: StaticRequest): Promise<StaticAnswer> {
    const found = await answer('index.html', request);
    const html = { ...common, 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' };
    return found ?? text(503, request.method === 'HEAD' ? '' : missing, html);
  }

  return {
    find,
    page,
    async handle(request, response) {
      const found = await find(toStaticRequest(request));
      if (found) send(found, response);
      return found !== null;
    },
    async handlePage(request, response) {
      send(await page(toStaticRequest(request)), response);
    },
  };
}

async function filesBelow(root: string): Promise<ReadonlyMap<string, StaticFile>> {
  const files = new Map<string, StaticFile>();
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const name = path.slice(join(root, sep).length).split(sep).join('/');
    if (!entry.isFile() || name.split('/').some((part) => part.startsWith('.'))) continue;
    files.set(name, {
      path,
      type: types.get(extname(name)) ?? 'application/octet-stream',
      // `no-cache` keeps a copy and asks each time whether it is still good.
      cacheControl: hashedName.test(name) ? 'public, max-age=31536000, immutable' : 'no-cache',
      compressed: name.endsWith('.gz'),
      etag: null,
    });
  }
  return files;
}

function toStaticRequest({ method, url, headers }: IncomingMessage): StaticRequest {
  const acceptEncoding = headers['accept-encoding'];
  return {
    method: method ?? 'GET',
    path: (url ?? '/').split('?', 1)[0] ?? '/',
    ifNoneMatch: headers['if-none-match'],
    acceptEncoding: Array.isArray(acceptEncoding) ? acceptEncoding.join(',') : acceptEncoding,
  };
}

function send({ status, headers, body }: StaticAnswer, response: ServerResponse): void {
  response.writeHead(status, headers);
  response.end(body ?? undefined);
}

function text(status: number, words: string, headers: Readonly<Record<string, string>>): StaticAnswer {
  const body = new TextEncoder().encode(words);
  return {
    status,
    headers: { 'content-type': 'text/plain; charset=utf-8', ...headers, 'content-length': `${body.length}` },
    body,
  };
}

function decoded(path: string): string | null {
  try {
    return decodeURIComponent(path);
  } catch {
    return null;
  }
}

/** Whether `gzip` is among the codings that a client takes, and not with `q=0`. */
function takesGzip(acceptEncoding: string | null | undefined): boolean {
  return (acceptEncoding ?? '')
    .split(',')
    .some((coding) => /^\s*gzip\s*(;\s*q=(?!0(\.0*)?\s*$).*)?$/i.test(coding));
}

/** Whether an `if-none-match` names this tag. Weak or not makes no difference here (RFC 9110, 13.1.2). */
function namesTag(ifNoneMatch: string | null | undefined, etag: string): boolean {
  return (ifNoneMatch ?? '').split(',').some((tag) => ['*', etag, `W/${etag}`].includes(tag.trim()));
}
