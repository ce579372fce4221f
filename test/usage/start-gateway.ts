import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { ClientAnswer, Weir } from '../start-weir.ts';

/** A gateway in a process of its own. */
export interface GatewayProcess extends AsyncDisposable, Pick<Weir, 'ask'> {
  readonly url: string;
  /** Ends it with a signal, and waits until it is gone. */
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>;
}

/** Starts one on a free port, in front of these backends. */
export async function startGateway(
  urls: Readonly<Record<string, string>>,
  environment: Readonly<Record<string, string>>,
): Promise<GatewayProcess> {
  const addresses = Object.fromEntries(
    Object.entries(urls).map(([name, url]) => [`${name.toUpperCase()}_URL`, url]),
  );
  const child: ChildProcess = fork(fileURLToPath(new URL('../../src/main.ts', import.meta.url)), {
    env: {
      PATH: process.env.PATH,
      NODE_ENV: 'test',
      PORT: '0',
      EXPLORER: 'false',
      CACHE_MAX_BYTES: '0',
      RATE_LIMIT: '0',
      ...addresses,
      ...environment,
    },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const exited = once(child, 'exit');
  const [{ ready: url }] = await Promise.race([
    once(child, 'message'),
    exited.then(([code]) => {
      throw new Error(`the gateway ended with ${code}`);
    }),
  ]);
  const end = async (signal: 'SIGKILL' | 'SIGTERM'): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    await exited;
  };
  return {
    url,
    async ask(query, { variables, token, headers } = {}) {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...headers,
        },
        body: JSON.stringify({ query, variables }),
      });
      const { data, errors = [], extensions } = (await response.json()) as ClientAnswer;
      return { status: response.status, headers: response.headers, data, errors, extensions };
    },
    end,
    [Symbol.asyncDispose]: () => end('SIGTERM'),
  };
}
