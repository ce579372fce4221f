import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A way to a server that can be cut, with the server left as it is. */
export interface TcpGate extends AsyncDisposable {
  readonly port: number;
  /** Drops every connection, and lets no other through until it is opened. */
  cut(): void;
  open(): void;
}

/** Makes a gate on a free port of loopback, to another port of it or to the path of a Unix socket. */
export async function createTcpGate(to: number | string): Promise<TcpGate> {
  const sockets = new Set<Socket>();
  let isOpen = true;
  const server = createServer((near) => {
    if (!isOpen) {
      near.destroy();
      return;
    }
    const far = typeof to === 'string' ? connect(to) : connect(to, '127.0.0.1');
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one.on('error', () => undefined);
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the gate listens nowhere');
  const drop = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: address.port,
    cut() {
      isOpen = false;
      drop();
    },
    open() {
      isOpen = true;
    },
    async [Symbol.asyncDispose]() {
      server.close();
      drop();
    },
  };
}

/** A gate to a database of the tests, by an address of its own. */
export async function createDatabaseGate(url: string): Promise<TcpGate & { readonly url: string }> {
  const { pathname, username, searchParams } = new URL(url);
  const gate = await createTcpGate(`${searchParams.get('host')}/.s.PGSQL.5432`);
  return { ...gate, url: `postgresql://${username}@127.0.0.1:${gate.port}${pathname}` };
}
