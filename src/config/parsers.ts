import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';

/**
 * How the text of a setting becomes a value. A parser throws an `Expected` that says what the text should have been.
 */

/** Says what a setting's text should have been, such as `a port, 0 to 65535`. */
export class Expected extends Error {}

export type Parser<T> = (text: string) => T;

/** A whole number between two bounds, both included. */
export function integer(min: number, max: number, unit = ''): Parser<number> {
  const expected = `a whole number${unit && ` of ${unit}`} from ${min} to ${max}`;
  return (text) => {
    if (!/^-?\d{1,15}$/.test(text)) throw new Expected(expected);
    const value = Number(text);
    if (value < min || value > max) throw new Expected(expected);
    return value;
  };
}

/** One of a few words. */
export function oneOf<const T extends string>(...words: readonly T[]): Parser<T> {
  return (text) => {
    const found = words.find((word) => word === text);
    if (found === undefined) throw new Expected(`one of ${words.join(', ')}${didYouMean(text, words)}`);
    return found;
  };
}

/** Yes or no, in the words that people use. */
export function boolean(text: string): boolean {
  if (/^(true|1|yes|on)$/i.test(text)) return true;
  if (/^(false|0|no|off)$/i.test(text)) return false;
  throw new Expected('true or false');
}

/** Any text that is not empty. */
export function text(value: string): string {
  if (value.trim() === '') throw new Expected('some text');
  return value;
}

/** A path to a PEM file that holds this kind of thing; the value is what stands in it. */
export function pemFile(label: 'CERTIFICATE' | 'PRIVATE KEY'): Parser<string> {
  return (path) => {
    let content: string;
    try {
      content = readFileSync(path, 'utf8');
    } catch (error) {
      throw new Expected(
        `a file that can be read (${error instanceof Error && 'code' in error ? error.code : error})`,
      );
    }
    if (!new RegExp(`-----BEGIN (\\w+ )*${label}-----`).test(content)) {
      throw new Expected(`a PEM file with a ${label.toLowerCase()}`);
    }
    return content;
  };
}

/** Keys of 32 bytes in base64, separated by commas: the first one encrypts, all of them decrypt. */
export function keys(value: string): string {
  const each = value.split(',').map((part) => part.trim());
  if (!each.every((part) => /^[A-Za-z0-9+/_-]{43}=?$/.test(part))) {
    throw new Expected(
      '32 bytes in base64, such as `openssl rand -base64 32` makes; several separated by commas',
    );
  }
  return each.join(',');
}

/** An address that starts with one of the given schemes; returned without a slash at its end. */
export function address(...schemes: readonly string[]): Parser<string> {
  return (value) => {
    const expected = `an address such as ${schemes[0]}://host:port`;
    if (!URL.canParse(value)) throw new Expected(expected);
    const url = new URL(value);
    if (!schemes.includes(url.protocol.slice(0, -1)) || !url.hostname) throw new Expected(expected);
    return value.replace(/\/+$/, '');
  };
}

/** A base address of a REST backend: nothing after the path, no credentials in it. */
export function baseAddress(value: string): string {
  const clean = address('http', 'https')(value);
  const url = new URL(clean);
  if (url.search || url.hash) throw new Expected('an address without ? and #');
  if (url.username || url.password) throw new Expected('an address without user and password in it');
  return clean;
}

/** An IP address, or a range of them as CIDR writes it. */
export function addressRange(value: string): string {
  const [address = '', prefix, more] = value.split('/');
  const bits = isIP(address) === 6 ? 128 : 32;
  const isRange = prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= bits);
  if (isIP(address) === 0 || !isRange || more !== undefined) {
    throw new Expected('an IP address such as 10.0.0.1, or a range such as 10.0.0.0/8');
  }
  return value;
}

/** A list separated by commas; empty entries are left out, an empty list is refused. */
export function listOf<T>(parse: Parser<T>): Parser<readonly T[]> {
  return (value) => {
    const entries = value
      .split(',')
      .map((entry) => entry.trim())
      .filter((entry) => entry !== '');
    if (entries.length === 0) throw new Expected('at least one entry');
    return entries.map(parse);
  };
}

/** `, did you mean X?` for the nearest of some names, or nothing where none is near. */
export function didYouMean(name: string, names: readonly string[]): string {
  const near = nearest(name, names);
  return near === null ? '' : `; did you mean ${near}?`;
}

/** The name that takes the fewest changed letters (two at the most), or null. */
export function nearest(name: string, names: readonly string[]): string | null {
  let best: string | null = null;
  let least = 3;
  for (const candidate of names) {
    const steps = editDistance(name.toUpperCase(), candidate.toUpperCase());
    if (steps < least) {
      best = candidate;
      least = steps;
    }
  }
  return best;
}

/** How many letters have to be added, dropped or changed to make one text of another (Levenshtein). */
function editDistance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) return 3;
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const change = (previous[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min(change, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[b.length] ?? 3;
}
