import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** How long a process may take to be ready, and to end after SIGTERM, before this is given up. In milliseconds. */
const START_MS = 60_000;
const STOP_MS = 40_000;

/** One of the project's processes, started as an operator would start it. */
export interface Started {
  /** What it has printed so far. */
  output(): string;
  /** How long it has been on a processor, in milliseconds; NaN where the system does not tell (it does on Linux). */
  cpuMs(): number;
  /** Sends SIGTERM; resolves with its exit code and how long it took to end. */
  stop(): Promise<{ readonly code: number | null; readonly tookMs: number }>;
}

export interface StartOptions {
  readonly file: string;
  readonly env: Readonly<Record<string, string>>;
  /** Where it prints; a file, so that nobody has to read along while it is measured. */
  readonly log: string;
  /** Whether it can be used, seen by what it has printed or by asking it. */
  readonly isReady: (output: string) => boolean | Promise<boolean>;
}

/** Starts a process and waits until it says that it is ready. Rejects with what it printed where it ends before. */
export async function start({ file, env, log, isReady }: StartOptions): Promise<Started> {
  const out = openSync(log, 'w');
  const child = spawn(process.execPath, [file], {
    cwd: root,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
    stdio: ['ignore', out, out],
  });
  closeSync(out);
  const output = (): string => readFileSync(log, 'utf8');
  const ended = once(child, 'close').then(([code]) => (typeof code === 'number' ? code : null));
  // Nothing that is started here outlives its starter.
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  ended.then(() => process.off('exit', kill));

  const giveUpAt = performance.now() + START_MS;
  while (!(await isReady(output()))) {
    if (child.exitCode !== null || child.signalCode !== null || performance.now() > giveUpAt) {
      kill();
      throw new Error(`${file} did not become ready:\n${output().slice(-2_000)}`);
    }
    await sleep(50);
  }
  return {
    output,
    cpuMs: () => cpuMsOf(child.pid),
    async stop() {
      const startedAt = performance.now();
      child.kill('SIGTERM');
      const force = setTimeout(kill, STOP_MS);
      const code = await ended;
      clearTimeout(force);
      return { code, tookMs: performance.now() - startedAt };
    },
  };
}

/** Time in user code and in the system, which Linux counts in hundredths of a second. */
function cpuMsOf(pid: number | undefined): number {
  try {
    // The name stands in brackets and may hold anything; after it come numbers, of which these are two.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return 10 * (Number(fields[11]) + Number(fields[12]));
  } catch {
    return Number.NaN;
  }
}

/** A port that is free now, as far as that can be known beforehand. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
