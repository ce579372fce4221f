import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A way to a server that can be cut, with the server left as it is. */
export interface TcpGate extends AsyncDisposable {
  readonly port: number;
  /** Drops every connection, and lets no other through until it is opened. */
  cut(): void;
  open(): void;
}

/** Makes a gate on a free port of loopback. */
export async function createTcpGate(to: number): Promise<TcpGate> {
  const sockets = new Set<Socket>();
  let isOpen = true;
  const server = createServer((near) => {
    if (!isOpen) {
      near.destroy();
      return;
    }
    const far = connect(to, '127.0.0.1');
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
