import { type ChildProcess, fork } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface PartOptions {
  readonly name: string;
  /** From the project's root. */
  readonly file: string;
  readonly args: readonly string[];
  /** Settings beside those of this process. */
  readonly environment?: Readonly<Record<string, string>>;
  /** How Node.js is started for it. */
  readonly nodeFlags?: readonly string[];
  /** Hears of each line that it prints. */
  readonly onLine: (line: string) => void;
}

/** One process of the demo. */
export interface Part {
  /** What it said when it was ready. Rejects when it ends before that. */
  readonly ready: Promise<unknown>;
  /** Its exit code, or null where a signal ended it. */
  readonly ended: Promise<number | null>;
  /** Asks it to end, and makes it end where it does not. Resolves when it is gone. */
  end(): Promise<void>;
}

/** How long a part may take to end by itself, in milliseconds. */
const PATIENCE_MS = 12_000;

/** Starts a process of ours. It ends when this one does, even by `kill -9`: the channel between them breaks then. */
export function startPart({ name, file, args, environment = {}, nodeFlags = [], onLine }: PartOptions): Part {
  const child = fork(fileURLToPath(new URL(`../../${file}`, import.meta.url)), [...args], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { ...process.env, ...environment },
    execArgv: [...nodeFlags],
  });
  for (const stream of [child.stdout, child.stderr]) {
    if (stream) createInterface({ input: stream }).on('line', (line) => line !== '' && onLine(line));
  }
  const ended = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
  const ready = new Promise<unknown>((resolve, reject) => {
    child.on('message', (message) => {
      if (typeof message === 'object' && message !== null && 'ready' in message) resolve(message.ready);
    });
    ended.then(() => reject(new Error(`${name} ended before it was ready`)));
  });
  // A part that never became ready is told of by `ended` too: whoever does not wait for `ready` misses nothing.
  ready.catch(() => {});
  return { ready, ended, end: () => endChild(child, ended) };
}

async function endChild(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  child.kill('SIGTERM');
  const force = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
  await ended;
  clearTimeout(force);
}
