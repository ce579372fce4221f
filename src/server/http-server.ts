import {
  createServer,
  type IncomingMessage,
  type OutgoingHttpHeader,
  type OutgoingHttpHeaders,
  ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Handler } from './routes.ts';
import type { Upgrade } from './websocket.ts';

/** How long strangers may take, and how a server ends. In milliseconds. */
export const serverTimes = {
  /** To send the headers, and to send a whole request. With the next look at it, a slow sender is cut within 15 s. */
  receiveMs: 13_000,
  lookEveryMs: 1_000,
  /** Longer than what proxies in front usually keep a connection, so that they close it and not we. */
  keepAliveMs: 72_000,
  /** Draining, nobody has come for so long: whoever was to hear of it has heard. */
  quietMs: 1_000,
  /** Draining, it goes on for so long at most, whoever comes. */
  noticeMs: 5_000,
  /** How long requests under way may take to end once nobody is let in: more than an operation's usual budget. */
  endMs: 6_000,
} as const;

export type ServerTimes = { readonly [Name in keyof typeof serverTimes]: number };

type AnswerHeaders = OutgoingHttpHeaders | OutgoingHttpHeader[];

export interface HttpServer {
  /** Resolves with the address to call. Rejects with the system's error where the port cannot be had. */
  listen(port: number, host: string): Promise<string>;
  /**
   * Goes on serving, and ends each connection with its next answer. Resolves when nobody has come for a second.
   *
   * A connection that is closed while it is idle may lose a request that is on its way on it, and a port that is
   * closed refuses whoever has not heard yet: so the clients are told first, and lose nothing.
   */
  drain(): Promise<void>;
  /** Takes no new connection, lets requests under way end, then cuts what is left. */
  close(): Promise<void>;
}

/** node:http with the limits of a server that strangers reach. */
export function createHttpServer(
  handler: Handler,
  times: ServerTimes = serverTimes,
  upgrade: Upgrade | null = null,
): HttpServer {
  let draining = false;
  let came = 0;

  /** Asks at the time of the answer, since a request may have come before the draining began. */
  class Answer<R extends IncomingMessage> extends ServerResponse<R> {
    override writeHead(status: number, reason?: string, headers?: AnswerHeaders): this;
    override writeHead(status: number, headers?: AnswerHeaders): this;
    override writeHead(status: number, second?: string | AnswerHeaders, third?: AnswerHeaders): this {
      if (draining) this.shouldKeepAlive = false;
      return typeof second === 'string'
        ? super.writeHead(status, second, third)
        : super.writeHead(status, second);
    }
  }

  const server = createServer(
    {
      ServerResponse: Answer,
      headersTimeout: times.receiveMs,
      requestTimeout: times.receiveMs,
      connectionsCheckingInterval: times.lookEveryMs,
      keepAliveTimeout: times.keepAliveMs,
      maxHeaderSize: 32 * 1024,
      noDelay: true,
    },
    (request: IncomingMessage, response) => {
      // Who only asks whether we are ready does not keep us.
      if (!draining || request.url !== '/readyz') came += 1;
      handler(request, response);
    },
  );
  if (upgrade !== null) server.on('upgrade', upgrade);

  return {
    listen: (port, host) =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, host, () => {
          server.off('error', reject);
          resolve(addressOf(server.address() as AddressInfo, host));
        });
      }),
    async drain() {
      draining = true;
      if (came === 0 || !server.listening) return;
      const endsAt = performance.now() + times.noticeMs;
      let seen: number;
      do {
        seen = came;
        await new Promise((resolve) => setTimeout(resolve, times.quietMs));
      } while (came !== seen && performance.now() < endsAt);
    },
    close() {
      draining = true;
      if (!server.listening) return Promise.resolve();
      return new Promise((resolve) => {
        const cut = setTimeout(() => server.closeAllConnections(), times.endMs);
        // After the poll phase, which reads what had arrived: only then is an idle connection idle.
        setImmediate(() =>
          server.close(() => {
            clearTimeout(cut);
            resolve();
          }),
        );
      });
    },
  };
}

function addressOf({ port }: AddressInfo, host: string): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
