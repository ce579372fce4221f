/** Lines are written together, but none waits longer than this: what a crash can cost, in milliseconds. */
const FLUSH_MS = 100;

/** Nor until there are more of them, in characters. */
const FLUSH_LENGTH = 16 * 1024;

/**
 * Hands lines on in larger pieces: a system call a line would be a good part of what a small operation costs.
 *
 * Own code, since pino's own buffer measures all that it holds with each line that comes.
 */
export function createLineBuffer(out: NodeJS.WritableStream): { write(line: string): void } {
  let lines: string[] = [];
  let length = 0;
  let timer: NodeJS.Timeout | null = null;
  let gone = false;
  // Whoever read is gone: there is nobody left to tell, and that is no reason to end.
  out.once('error', () => {
    gone = true;
  });
  const flush = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    if (length === 0 || gone) return;
    out.write(lines.join(''));
    lines = [];
    length = 0;
  };
  // Standard output takes what is written while the process exits.
  process.once('exit', flush);
  return {
    write(line) {
      if (gone) return;
      lines.push(line);
      length += line.length;
      if (length >= FLUSH_LENGTH) flush();
      else timer ??= setTimeout(flush, FLUSH_MS).unref();
    },
  };
}
