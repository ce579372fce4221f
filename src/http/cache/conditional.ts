import { parseHttpDate } from './http-date.ts';
import { type Fields, fieldOf } from './stored-fields.ts';

const conditions = ['if-none-match', 'if-modified-since', 'if-match', 'if-unmodified-since', 'if-range'];

/** Whether a request asks for an answer only under a condition. */
export function isConditional(request: Fields): boolean {
  return conditions.some((name) => request[name] !== undefined);
}

/** A request's fields with a stored answer's validators in the place of its own conditions. */
export function withValidators(
  request: Fields,
  etag: string | undefined,
  lastModified: string | undefined,
): Fields {
  const fields: Record<string, string | readonly string[] | undefined> = Object.create(null);
  Object.assign(fields, request);
  for (const name of conditions) delete fields[name];
  if (etag !== undefined) fields['if-none-match'] = etag;
  if (lastModified !== undefined) fields['if-modified-since'] = lastModified;
  return fields;
}

/**
 * Whether the client already holds what is stored, by its `If-None-Match`, else by its `If-Modified-Since`
 * (RFC 9111, section 4.3.2). Entity tags are compared weakly.
 */
export function isNotModified(request: Fields, stored: Fields): boolean {
  const tags = fieldOf(request, 'if-none-match');
  if (tags !== undefined) {
    const etag = fieldOf(stored, 'etag');
    if (tags.trim() === '*') return true;
    return etag !== undefined && opaqueTagsOf(tags).includes(opaque(etag));
  }
  const since = parseHttpDate(fieldOf(request, 'if-modified-since'));
  if (since === null) return false;
  const modified = parseHttpDate(fieldOf(stored, 'last-modified') ?? fieldOf(stored, 'date'));
  return modified !== null && modified <= since;
}

const opaque = (tag: string): string => tag.trim().replace(/^W\//, '');

// A comma may stand within a tag, so they are not split but found.
const opaqueTagsOf = (field: string): string[] =>
  [...field.matchAll(/(?:W\/)?("[^"]*"|[^\s",]+)/g)].map((match) => match[1] ?? '');
