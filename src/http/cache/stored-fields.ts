/** Header fields by lower-case name; a field that came on several lines is a list. */
export type Fields = Readonly<Record<string, string | readonly string[] | undefined>>;

/** A field's lines as one text (RFC 9110, section 5.3), or undefined where it did not come. */
export function fieldOf(fields: Fields, name: string): string | undefined {
  const value = fields[name];
  return value === undefined || typeof value === 'string' ? value : value.join(', ');
}

/** The members of a field that is a comma-separated list, trimmed, without empty ones. */
export function listOf(fields: Fields, name: string): string[] {
  return (fieldOf(fields, name) ?? '').split(',').flatMap((member) => member.trim() || []);
}

// They are about one connection, not about the answer (RFC 9110, section 7.6.1; RFC 9111, section 3.1).
const hopByHop = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authentication-info',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** The fields that a cache may store, without those that `Connection` or the caller names. */
export function toStorable(fields: Fields, besides: readonly string[] = []): Fields {
  const dropped = new Set([...listOf(fields, 'connection'), ...besides].map((name) => name.toLowerCase()));
  const kept: Record<string, string | readonly string[] | undefined> = Object.create(null);
  for (const name of Object.keys(fields)) {
    if (!hopByHop.has(name) && !dropped.has(name)) kept[name] = fields[name];
  }
  return kept;
}

// What describes the stored body itself: a 304 that carries another value is not about this body.
const ofTheBody = new Set(['content-encoding', 'content-length', 'content-range', 'etag']);

/** Stored fields brought up to date by those of a 304 (RFC 9111, section 3.2). */
export function toRefreshed(stored: Fields, update: Fields): Fields {
  const refreshed: Record<string, string | readonly string[] | undefined> = Object.create(null);
  Object.assign(refreshed, stored);
  const fresh = toStorable(update);
  for (const name of Object.keys(fresh)) {
    if (!ofTheBody.has(name)) refreshed[name] = fresh[name];
  }
  // Both are of the answer that has just come, also where it says neither: it is new, and made now.
  if (!('age' in fresh)) delete refreshed.age;
  if (!('date' in fresh)) delete refreshed.date;
  return refreshed;
}
