import type { Endpoint } from '../backends.ts';
import { WeirError } from '../errors.ts';
import type { UpstreamRequest } from './upstream.ts';

type PathValues = UpstreamRequest<unknown>['path'];
type QueryValues = UpstreamRequest<unknown>['query'];

/** Turns the values of a request into the path and query of an endpoint. */
export interface Route {
  /**
   * Null where a value cannot be a path segment of any backend: then no object has that id.
   *
   * Throws `BAD_USER_INPUT` for a query value that would be read as something else than it is.
   */
  toUrl(path: PathValues, query: QueryValues): string | null;
}

/**
 * Characters that no id of any backend has, and that proxies and frameworks between us and it read as structure,
 * even when they are encoded: they could lead out of the template.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for.
const structural = /[/\\?#%\u0000-\u001f\u007f-\u009f]/;

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for.
const unlistable = /[,\u0000-\u001f\u007f-\u009f]/;

/** Ids and codes as they usually are need no encoding. */
const plain = /^[A-Za-z0-9_-]+$/;

/** No id or code is longer, and a hundred of them still make a URL that every server takes. */
const MAX_LENGTH = 255;

/**
 * Whether a value can stand in a comma-separated list of keys: 1 to 255 characters, no comma, no control
 * character. What cannot is no object's key.
 */
export function isListKey(value: string): boolean {
  if (value === '' || value.length > MAX_LENGTH) return false;
  return plain.test(value) || (!unlistable.test(value) && value.isWellFormed());
}

/** Encodes one path segment, or says by null that it cannot be one. */
function toSegment(value: string): string | null {
  if (value.length > MAX_LENGTH) return null;
  if (plain.test(value)) return value;
  if (value === '' || value === '.' || value === '..') return null;
  if (structural.test(value) || !value.isWellFormed()) return null;
  return encodeURIComponent(value);
}

function toQueryValue(name: string, value: string | number | readonly string[]): string {
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') {
    if (plain.test(value)) return value;
    if (!value.isWellFormed()) throw unfit(name);
    return encodeURIComponent(value);
  }
  let joined = '';
  for (const key of value) {
    if (!isListKey(key)) throw unfit(name);
    const encoded = plain.test(key) ? key : encodeURIComponent(key);
    joined = joined === '' ? encoded : `${joined},${encoded}`;
  }
  return joined;
}

function unfit(name: string): WeirError {
  return new WeirError('BAD_USER_INPUT', `A value of "${name}" has characters that it cannot have`);
}

/** Reads an endpoint's template once. Throws where the template itself is not one. */
export function createRoute(endpoint: Endpoint): Route {
  const parts = endpoint.path.split(/\{([A-Za-z]\w*)\}/);
  const head = parts[0] ?? '';
  if (!head.startsWith('/')) throw new Error(`${endpoint.id}: a path begins with a slash`);
  const segments: { readonly name: string; readonly after: string }[] = [];
  for (let index = 1; index < parts.length; index += 2) {
    segments.push({ name: parts[index] ?? '', after: parts[index + 1] ?? '' });
  }

  return {
    toUrl(path, query) {
      let url = head;
      for (const { name, after } of segments) {
        const value = path?.[name];
        if (value === undefined) throw new Error(`${endpoint.id}: no value for {${name}}`);
        const segment = toSegment(value);
        if (segment === null) return null;
        url += segment + after;
      }
      let separator = '?';
      for (const name in query) {
        const value = query[name];
        if (value === undefined) continue;
        url += `${separator}${name}=${toQueryValue(name, value)}`;
        separator = '&';
      }
      return url;
    },
  };
}
