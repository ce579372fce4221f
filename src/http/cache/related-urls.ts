import { type Fields, fieldOf } from './stored-fields.ts';

// A cache's URLs may be paths alone; they are resolved on a host that no answer can name.
const nowhere = 'http://cache.invalid';

/** A reference as a URL of the form of `base`, or null where it leads to another origin or nowhere. */
export function resolveUrl(base: string, reference: string): string | null {
  if (!URL.canParse(base, nowhere)) return null;
  const from = new URL(base, nowhere);
  if (!URL.canParse(reference, from)) return null;
  const to = new URL(reference, from);
  if (to.origin !== from.origin) return null;
  return to.origin === nowhere ? to.pathname + to.search : to.href;
}

/** URLs of the same origin that the answer to a write names as changed (RFC 9111, section 4.4). */
export function relatedUrls(url: string, answer: Fields): string[] {
  return ['location', 'content-location'].flatMap((name) => {
    const reference = fieldOf(answer, name);
    const related = reference === undefined ? null : resolveUrl(url, reference);
    return related === null ? [] : related;
  });
}
