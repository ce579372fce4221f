import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Handler } from './routes.ts';

/** Nobody may take longer than this to send headers, or a whole request: slow senders are cut. In milliseconds. */
const RECEIVE_MS = 15_000;
/** Longer than what proxies in front usually keep a connection, so that they close it and not we. */
const KEEP_ALIVE_MS = 72_000;
/** How long requests under way may take to end once the server closes. */
const DRAIN_MS = 10_000;

export interface HttpServer {
  /** Resolves with the address to call. Rejects with the system's error where the port cannot be had. */
  listen(port: number, host: string): Promise<string>;
  /** Takes no new connection, lets requests under way end, then cuts what is left. */
  close(): Promise<void>;
}

/** node:http with the limits of a server that strangers reach. */
export function createHttpServer(handler: Handler): HttpServer {
  let draining = false;
  const server = createServer(
    {
      headersTimeout: RECEIVE_MS,
      requestTimeout: RECEIVE_MS,
      connectionsCheckingInterval: 1_000,
      keepAliveTimeout: KEEP_ALIVE_MS,
      maxHeaderSize: 32 * 1024,
      noDelay: true,
    },
    (request, response) => {
      // Tells keep-alive clients to come back on another connection, which finds another replica.
      if (draining) response.setHeader('connection', 'close');
      handler(request, response);
    },
  );
  return {
    listen: (port, host) =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, host, () => {
          server.off('error', reject);
          resolve(addressOf(server, host));
        });
      }),
    close: () => {
      draining = true;
      return closeServer(server);
    },
  };
}

function addressOf(server: Server, host: string): string {
  const { port } = server.address() as AddressInfo;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function closeServer(server: Server): Promise<void> {
  if (!server.listening) return Promise.resolve();
  return new Promise((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
    server.close(() => {
      clearTimeout(cut);
      resolve();
    });
    server.closeIdleConnections();
  });
}
