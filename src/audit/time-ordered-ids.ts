import { randomBytes } from 'node:crypto';

/**
 * Makes UUIDs of version 7 (RFC 9562), each greater than the one before: the time in milliseconds, a counter where
 * several are made in one, then chance.
 */
export function createTimeOrderedIds(now: () => number = Date.now): () => string {
  let lastMs = 0;
  let count = 0;
  return () => {
    const ms = now();
    if (ms > lastMs) {
      lastMs = ms;
      count = 0;
    } else {
      count += 1;
      // More in one millisecond than the counter holds, or a clock that was set back: time is borrowed.
      if (count > 0xfff) {
        lastMs += 1;
        count = 0;
      }
    }
    const time = lastMs.toString(16).padStart(12, '0');
    const counter = count.toString(16).padStart(3, '0');
    const bytes = randomBytes(8);
    bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x80;
    const chance = bytes.toString('hex');
    return `${time.slice(0, 8)}-${time.slice(8)}-7${counter}-${chance.slice(0, 4)}-${chance.slice(4)}`;
  };
}
