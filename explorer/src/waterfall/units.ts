/** A duration for people, from milliseconds: `0.4 ms`, `12.5 ms`, `231 ms`, `1.84 s`. */
export function inMs(ms: number): string {
  if (ms >= 10_000) return `${(ms / 1000).toFixed(1)} s`;
  if (ms >= 1000) return `${(ms / 1000).toFixed(2)} s`;
  if (ms >= 99.95 || Number.isInteger(ms)) return `${Math.round(ms)} ms`;
  return `${ms.toFixed(1)} ms`;
}

/** A size for people, from bytes: `812 B`, `4.2 kB`, `1.3 MB`. */
export function inBytes(bytes: number): string {
  if (bytes < 1000) return `${Math.round(bytes)} B`;
  if (bytes < 1_000_000) return `${(bytes / 1000).toFixed(1)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** A number with its noun: `1 call`, `7 calls`. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? noun : plural}`;
}

/** How many times over: `8.0`, `12`. */
export function inTimes(ratio: number): string {
  return ratio >= 10 ? Math.round(ratio).toLocaleString('en') : ratio.toFixed(1);
}
