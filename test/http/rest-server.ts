import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';

/** What one request looked like when it came. */
export interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly at: number;
}

export interface RestServer extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly received: readonly Received[];
  /** Connections that were ever made. */
  readonly connections: number;
  /** Connections that are open now. */
  readonly open: ReadonlySet<Socket>;
  /** Stops listening and drops every connection. */
  close(): Promise<void>;
}

export type Answering = (request: IncomingMessage, response: ServerResponse, body: string) => void;

export interface RestServerOptions {
  readonly tls?: ServerOptions;
  readonly host?: string;
  readonly port?: number;
  /** Says nothing of how long it keeps an idle connection, as many servers do. */
  readonly silentKeepAlive?: boolean;
}

/** A REST backend of a test: a real server on a free port of loopback. */
export async function serve(answer: Answering, options: RestServerOptions = {}): Promise<RestServer> {
  const received: Received[] = [];
  const open = new Set<Socket>();
  let connections = 0;

  const listener: RequestListener = (request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => {
      body += chunk;
    });
    request.on('end', () => {
      const headers: Record<string, string> = {};
      for (const [name, value] of Object.entries(request.headers)) headers[name] = String(value);
      received.push({
        method: request.method ?? '',
        url: request.url ?? '',
        headers,
        body,
        at: performance.now(),
      });
      answer(request, response, body);
    });
    request.on('error', () => undefined);
  };

  const server: Server = options.tls ? createTlsServer(options.tls, listener) : createServer(listener);
  if (options.silentKeepAlive) server.keepAliveTimeout = 0;
  server.on('connection', (socket: Socket) => {
    connections += 1;
    open.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => open.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, options.host ?? '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      for (const socket of open) socket.destroy();
    });
  return {
    url: `${options.tls ? 'https' : 'http'}://${options.host ?? '127.0.0.1'}:${port}`,
    port,
    received,
    open,
    get connections() {
      return connections;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Answers with JSON. */
export function json(
  response: ServerResponse,
  value: unknown,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): void {
  const type = status >= 400 ? 'application/problem+json' : 'application/json';
  response.writeHead(status, { 'content-type': type, ...headers });
  response.end(JSON.stringify(value));
}
