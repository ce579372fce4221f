import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { openSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';

const messageShape = z.union([
  z.object({ ready: z.object({ url: z.string(), token: z.string().optional() }) }),
  z.object({ usage: z.object({ cpuMicros: z.number(), rssBytes: z.number() }) }),
  z.object({ profile: z.enum(['started', 'written']) }),
]);

/** What a process has used so far: its CPU on all threads, and the memory it holds. */
export interface Usage {
  readonly cpuMicros: number;
  readonly rssBytes: number;
}

/** A server of the bench in a process of its own. */
export interface ServerProcess extends AsyncDisposable {
  readonly url: string;
  readonly token: string;
  usage(): Promise<Usage>;
  /** Samples its CPU while `act` runs; for a process started with `profiler.ts`, which writes what it saw. */
  profile(act: () => Promise<unknown>): Promise<void>;
  /** Ends it and waits for the end. */
  stop(): Promise<void>;
}

export interface StartOptions {
  /** The module to run. */
  readonly main: string;
  readonly env?: Readonly<Record<string, string>>;
  /** The core that all its threads stay on; null leaves it to the system. */
  readonly core: number | null;
  /** Where what it prints goes: a file, or null for this terminal. */
  readonly output: string | null;
  /** More arguments for Node.js. */
  readonly nodeArguments?: readonly string[];
}

const METER = join(import.meta.dirname, 'meter.ts');
const START_MS = 60_000;
const STOP_MS = 10_000;

/** Whether processes can be kept on a core here: on Linux, with `taskset`. */
export function canPin(): boolean {
  try {
    execFileSync('taskset', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Keeps this process, with all its threads, on a core. */
export function pinSelf(core: number): void {
  execFileSync('taskset', ['-acp', String(core), String(process.pid)], { stdio: 'ignore' });
}

/** Starts a server and waits until it has announced itself. Rejects with what it ended with where it does not. */
export async function startServer(options: StartOptions): Promise<ServerProcess> {
  const node = [process.execPath, ...(options.nodeArguments ?? []), '--import', METER, options.main];
  const [command = '', ...parameters] =
    options.core === null ? node : ['taskset', '-c', String(options.core), ...node];
  const output = options.output === null ? 'inherit' : openSync(options.output, 'a');
  const child = spawn(command, parameters, {
    stdio: ['ignore', output, 'inherit', 'ipc'],
    env: { ...process.env, NODE_ENV: 'production', ...options.env },
  });
  const ended = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => resolve(`ended with ${signal ?? code}`));
    child.once('error', (error) => resolve(error.message));
  });
  const message = await heard(child, ended, options.main, START_MS);
  if (!('ready' in message)) throw new Error(`${options.main} spoke before it was ready`);
  const stop = async (): Promise<void> => {
    if (child.connected) child.disconnect();
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    await ended;
    clearTimeout(timer);
  };
  const ask = (question: string): ReturnType<typeof heard> => {
    const answer = heard(child, ended, options.main, START_MS);
    child.send(question);
    return answer;
  };
  return {
    url: message.ready.url,
    token: message.ready.token ?? '',
    async usage() {
      const answer = await ask('usage');
      if (!('usage' in answer)) throw new Error(`${options.main} did not say what it has used`);
      return answer.usage;
    },
    async profile(act) {
      await ask('profile-start');
      await act();
      await ask('profile-stop');
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** The next message of a child. */
function heard(
  child: ChildProcess,
  ended: Promise<string>,
  name: string,
  patienceMs: number,
): Promise<z.infer<typeof messageShape>> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${name} is silent`)), patienceMs);
    const take = (message: unknown): void => {
      clearTimeout(timer);
      const parsed = messageShape.safeParse(message);
      if (parsed.success) resolve(parsed.data);
      else reject(new Error(`${name} said something strange`));
    };
    child.once('message', take);
    void ended.then((how) => {
      clearTimeout(timer);
      child.off('message', take);
      reject(new Error(`${name} ${how}`));
    });
  });
}
