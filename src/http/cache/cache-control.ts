/** Directives of a `Cache-Control` field: lower-case name to its argument, or to null where it has none. */
export type Directives = ReadonlyMap<string, string | null>;

const none: Directives = new Map();

// A directive is a token, then perhaps `=` and a token or a quoted string. Nothing may stand around the `=`.
const directive = /^[\s;="]*([^\s,;="]+)(?:=(?:"((?:[^"\\]|\\.)*)"|([^\s,"]*)))?/;

/**
 * Parses a `Cache-Control` field, its lines joined by commas (RFC 9111, section 5.2).
 *
 * Of a directive that is repeated the first counts, except that a repeated lifetime counts as the shortest of
 * them: section 4.2.1 leaves the choice between the first and "stale", and the shortest is neither surprised.
 */
export function parseCacheControl(field: string | undefined): Directives {
  if (!field) return none;
  const directives = new Map<string, string | null>();
  for (const member of membersOf(field)) {
    const match = directive.exec(member);
    const name = match?.[1]?.toLowerCase();
    if (!match || !name) continue;
    const argument = match[2]?.replace(/\\(.)/g, '$1') ?? match[3] ?? null;
    const earlier = directives.get(name);
    if (earlier === undefined) directives.set(name, argument);
    else if (earlier !== null && argument !== null && isShorter(argument, earlier)) {
      directives.set(name, argument);
    }
  }
  return directives;
}

/**
 * The members of a list: what stands between the commas that are in no quoted string.
 *
 * By hand, since a backend chooses the text: an expression that looks for quoted strings tries each of many marks that
 * are never closed. Behind the first such mark none is one any more.
 */
function membersOf(field: string): readonly string[] {
  if (!field.includes('"')) return field.split(',');
  const members: string[] = [];
  let start = 0;
  let closes = true;
  for (let at = 0; at < field.length; at++) {
    if (field[at] === ',') {
      members.push(field.slice(start, at));
      start = at + 1;
    } else if (field[at] === '"' && closes) {
      const end = endOfQuoted(field, at);
      closes = end !== -1;
      if (closes) at = end;
    }
  }
  return [...members, field.slice(start)];
}

/** Where the quoted string ends that begins here, or -1. */
function endOfQuoted(field: string, from: number): number {
  for (let at = from + 1; at < field.length; at++) {
    if (field[at] === '"') return at;
    if (field[at] === '\\') at += 1;
  }
  return -1;
}

const isShorter = (one: string, other: string): boolean => {
  const left = toSeconds(one);
  const right = toSeconds(other);
  return left === null || (right !== null && left < right);
};

// The largest number of seconds that caches have to know (RFC 9111, section 1.2.2): 68 years.
const longest = 2_147_483_648;

/** Reads a number of seconds, or null where the text is none (a sign, a fraction, a unit, an empty text). */
export function toSeconds(text: string | null | undefined): number | null {
  if (!text || !/^\d+$/.test(text)) return null;
  return Math.min(Number(text), longest);
}

/** The seconds of a directive: null where it is absent, and 0 where it is there with an argument that is none. */
export function secondsOf(directives: Directives, name: string): number | null {
  const argument = directives.get(name);
  return argument === undefined ? null : (toSeconds(argument) ?? 0);
}
