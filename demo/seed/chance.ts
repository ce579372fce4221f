/**
 * A number from 0 up to, not including, 1 that depends on the words alone, and looks random.
 *
 * Unlike a generator that is drawn from, it needs no order: adding a row changes no other.
 */
export function chanceOf(...words: readonly (string | number)[]): number {
  // FNV-1a gathers the characters, the finalizer of MurmurHash3 spreads them over all bits.
  let hash = 0x811c9dc5;
  for (const character of words.join('\u0000')) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

/** A whole number from `least` to `most`, both included, that depends on the words alone. */
export function wholeOf(least: number, most: number, ...words: readonly (string | number)[]): number {
  return least + Math.floor(chanceOf(...words) * (most - least + 1));
}
