/** The bytes from `from` up to, and without, `to`. */
export interface ByteRange {
  readonly from: number;
  readonly to: number;
}

/**
 * Reads a `Range` field that asks for one range of bytes (RFC 9110, section 14.1.2).
 *
 * Null where it asks for several, for other units, or for none of the `length` bytes that there are.
 */
export function parseByteRange(field: string | undefined, length: number): ByteRange | null {
  const match = /^bytes=(\d*)-(\d*)$/.exec(field?.trim() ?? '');
  if (!match) return null;
  const [, first = '', last = ''] = match;
  if (first === '') {
    const wanted = Number(last);
    return last === '' || wanted === 0 ? null : { from: Math.max(0, length - wanted), to: length };
  }
  const from = Number(first);
  const to = last === '' ? length : Math.min(Number(last) + 1, length);
  return from < to ? { from, to } : null;
}
