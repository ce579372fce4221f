import type { IncomingMessage } from 'node:http';

/** Headers of which two would mean that somebody before us may have believed the other one. */
const ONCE = new Set(['host', 'authorization', 'content-length', 'content-type', 'transfer-encoding']);

/** The name of a header that came twice although it decides who asks or what is asked; null where none did. */
export function repeatedHeader({ rawHeaders }: Pick<IncomingMessage, 'rawHeaders'>): string | null {
  let seen: Set<string> | null = null;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? '').toLowerCase();
    if (!ONCE.has(name)) continue;
    seen ??= new Set();
    if (seen.has(name)) return name;
    seen.add(name);
  }
  return null;
}
