import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { buildExplorer } from '../../explorer/build.ts';

/** A gateway in a process of its own that somebody tries to break. */
export interface Target extends AsyncDisposable {
  readonly port: number;
  /** Everything that it did not survive, or should not have had to. */
  readonly crashes: readonly string[];
  /** What it takes after a collection, in MB. */
  memoryMb(): Promise<number>;
}

const messageShape = z.object({
  ready: z.string().optional(),
  crash: z.string().optional(),
  memory: z.number().optional(),
});

/** Starts one in front of these backends. It ends with this process, or when it is disposed of. */
export async function startTarget(backends: Readonly<Record<string, string>>): Promise<Target> {
  const crashes: string[] = [];
  // Unbuilt, its page is answered 503, and rightly so.
  await buildExplorer();
  const addresses = Object.entries(backends).map(([name, url]) => [`${name.toUpperCase()}_URL`, url]);
  const child: ChildProcess = fork(fileURLToPath(new URL('gateway-process.ts', import.meta.url)), {
    execArgv: ['--expose-gc'],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: { ...process.env, NODE_ENV: 'test', RATE_LIMIT: '0', ...Object.fromEntries(addresses) },
  });
  child.stderr?.on('data', (chunk) => {
    const text = String(chunk);
    if (/Error|heap|FATAL/.test(text)) crashes.push(text.trim());
  });
  let ending = false;
  const exited = once(child, 'exit').then(([code, signal]) => {
    if (!ending) crashes.push(`the process has ended: ${code ?? signal}`);
  });
  const heard = async <T>(read: (message: z.infer<typeof messageShape>) => T | undefined): Promise<T> =>
    new Promise((resolve, reject) => {
      const listen = (message: unknown): void => {
        const value = read(messageShape.parse(message));
        if (value === undefined) return;
        child.off('message', listen);
        resolve(value);
      };
      child.on('message', listen);
      void exited.then(() => reject(new Error(crashes.at(-1) ?? 'it has ended')));
    });
  child.on('message', (message) => {
    const { crash } = messageShape.parse(message);
    if (crash !== undefined) crashes.push(crash);
  });
  const address = await heard(({ ready }) => ready);
  return {
    port: Number(new URL(address).port),
    crashes,
    async memoryMb() {
      const answer = heard(({ memory }) => memory);
      child.send('memory');
      return (await answer) / 1024 / 1024;
    },
    async [Symbol.asyncDispose]() {
      ending = true;
      child.disconnect();
      await exited;
    },
  };
}
