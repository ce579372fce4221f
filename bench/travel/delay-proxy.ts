import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** The way between a client and a server, which takes time. */
export interface DelayProxy extends AsyncDisposable {
  /** The server's address, at the far end of the way. */
  readonly url: string;
}

/**
 * Stands before a server on loopback and hands every byte on, both ways, half of `roundTripMs` later.
 *
 * Only what is on the way takes time: a kept connection costs a request one round trip, as over a real network.
 */
export async function createDelayProxy(target: string, roundTripMs: number): Promise<DelayProxy> {
  const { hostname, port, pathname } = new URL(target);
  const sockets = new Set<Socket>();
  const hold = (socket: Socket): Socket => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => sockets.delete(socket));
    return socket;
  };
  const server = createServer({ noDelay: true }, (client) => {
    const origin = connect({ host: hostname, port: Number(port), noDelay: true });
    hold(client);
    hold(origin);
    handOn(client, origin, roundTripMs / 2);
    handOn(origin, client, roundTripMs / 2);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port: own } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${own}${pathname}`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function handOn(from: Socket, to: Socket, afterMs: number): void {
  from.on('data', (bytes) => setTimeout(() => to.write(bytes), afterMs));
  from.once('end', () => setTimeout(() => to.end(), afterMs));
}
