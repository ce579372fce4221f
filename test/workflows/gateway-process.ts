import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { ClientAnswer } from '../start-weir.ts';

/** A gateway in a process of its own, as an operator starts it. */
export interface GatewayProcess extends AsyncDisposable {
  readonly url: string;
  readonly process: ChildProcess;
  ask(query: string, variables?: Readonly<Record<string, unknown>>, token?: string): Promise<ClientAnswer>;
  /** What a subscription brings, from one event to the next, until it ends or is left. */
  listen(
    query: string,
    variables: Readonly<Record<string, unknown>>,
    token: string,
    // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever it asked for.
  ): AsyncGenerator<any, void>;
  /** Ends it at once. */
  kill(): Promise<void>;
}

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const readyMessage = z.object({ ready: z.string() });

/** Starts a gateway on a free port; resolves when it is ready. */
export async function startGateway(environment: Readonly<Record<string, string>>): Promise<GatewayProcess> {
  const { PATH = '', HOME = '' } = process.env;
  const child = fork(main, {
    env: { PATH, HOME, NODE_ENV: 'test', PORT: '0', ...environment },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: [],
  });
  const dead = once(child, 'exit');
  const [message] = await Promise.race([
    once(child, 'message'),
    dead.then((): never => {
      throw new Error('a gateway ended before it was ready');
    }),
  ]);
  const { ready: url } = readyMessage.parse(message);
  const post = (query: string, variables: object, token: string | undefined, accept: string) =>
    fetch(`${url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept,
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify({ query, variables }),
    });
  const end = async (signal: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    await dead;
  };
  return {
    url,
    process: child,
    async ask(query, variables = {}, token = undefined) {
      const response = await post(query, variables, token, 'application/json');
      const { data, errors = [], extensions } = (await response.json()) as ClientAnswer;
      return { status: response.status, headers: response.headers, data, errors, extensions };
    },
    async *listen(query, variables, token) {
      const response = await post(query, variables, token, 'text/event-stream');
      const decoder = new TextDecoder();
      let rest = '';
      for await (const piece of response.body ?? []) {
        const lines = `${rest}${decoder.decode(piece, { stream: true })}`.split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) {
          if (line.startsWith('data:') && line.includes('"data"')) yield JSON.parse(line.slice(5)).data;
        }
      }
    },
    kill: () => end('SIGKILL'),
    [Symbol.asyncDispose]: () => end('SIGTERM'),
  };
}
