import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { type Client, createClient } from './graphql-client.ts';

/** A gateway in a process of its own, as an operator starts it. */
export interface GatewayProcess extends AsyncDisposable, Client {
  readonly url: string;
  readonly process: ChildProcess;
  /** Ends it with a signal, and waits until it is gone. */
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>;
}

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const readyMessage = z.object({ ready: z.string() });

/** The settings that name these backends. */
export function toSettings(urls: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(urls).map(([name, url]) => [`${name.toUpperCase()}_URL`, url]));
}

/** Starts a gateway on a free port, in front of these backends; resolves when it is ready. */
export async function startGateway(
  urls: Readonly<Record<string, string>>,
  environment: Readonly<Record<string, string>>,
): Promise<GatewayProcess> {
  const { PATH = '', HOME = '' } = process.env;
  const child = fork(main, {
    env: { PATH, HOME, NODE_ENV: 'test', PORT: '0', ...toSettings(urls), ...environment },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: [],
  });
  const dead = once(child, 'exit');
  const [message] = await Promise.race([
    once(child, 'message'),
    dead.then(([code]): never => {
      throw new Error(`a gateway ended with ${code} before it was ready`);
    }),
  ]);
  const { ready: url } = readyMessage.parse(message);
  const end = async (signal: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    await dead;
  };
  return {
    ...createClient(url),
    url,
    process: child,
    end,
    [Symbol.asyncDispose]: () => end('SIGTERM'),
  };
}
