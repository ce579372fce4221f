import { connect, type Socket } from 'node:net';

/** One whole answer. */
export interface RawAnswer {
  readonly status: number;
  readonly body: string;
}

/** A keep-alive connection that carries one request at a time. */
export interface Connection {
  /** False once either side has closed it. */
  readonly open: boolean;
  /** When its last answer came, on the clock of `performance.now()`. */
  readonly usedAt: number;
  /** Sends a request, as the bytes of its head and body, and resolves with the whole answer. */
  exchange(request: Buffer): Promise<RawAnswer>;
  close(): void;
}

const HEAD_END = Buffer.from('\r\n\r\n');
const LINE_END = Buffer.from('\r\n');

/**
 * Opens a connection. No HTTP client stands between, so that the load costs next to nothing and each request is
 * sent once, whatever happens: a connection that ends early fails the exchange.
 */
export async function openConnection(url: string): Promise<Connection> {
  const { hostname, port } = new URL(url);
  const socket = await opened(connect({ host: hostname, port: Number(port), noDelay: true }));
  let waiting: { resolve: (answer: RawAnswer) => void; reject: (error: Error) => void } | null = null;
  let chunks: Buffer[] = [];
  let length = 0;
  /** How many bytes the answer has in all, once its head says it; 0 before, and where it comes in pieces. */
  let expected = 0;
  let open = true;
  let usedAt = performance.now();

  const end = (answer: RawAnswer): void => {
    const done = waiting;
    waiting = null;
    chunks = [];
    length = 0;
    expected = 0;
    usedAt = performance.now();
    done?.resolve(answer);
  };
  const fail = (error: Error): void => {
    open = false;
    const failed = waiting;
    waiting = null;
    failed?.reject(error);
  };

  socket.on('data', (chunk) => {
    chunks.push(chunk);
    length += chunk.length;
    if (length < expected) return;
    const bytes = chunks.length === 1 ? chunk : Buffer.concat(chunks, length);
    chunks = [bytes];
    const read = readAnswer(bytes);
    if (typeof read === 'number') expected = read;
    else end(read);
  });
  socket.on('error', fail);
  socket.on('close', () => fail(new Error('the server closed the connection')));

  return {
    get open() {
      return open;
    },
    get usedAt() {
      return usedAt;
    },
    exchange: (request) =>
      new Promise((resolve, reject) => {
        if (!open) {
          reject(new Error('the server closed the connection'));
          return;
        }
        waiting = { resolve, reject };
        socket.write(request);
      }),
    close: () => socket.destroy(),
  };
}

/** The request of a POST of JSON, as it goes over the wire. */
export function toRequest(url: string, body: string, headers: Readonly<Record<string, string>>): Buffer {
  const { host, pathname } = new URL(url);
  const lines = [
    `POST ${pathname} HTTP/1.1`,
    `host: ${host}`,
    'content-type: application/json',
    'accept: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ];
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`);
}

/** The answer, or how many bytes there must be before it is worth another look. */
function readAnswer(bytes: Buffer): RawAnswer | number {
  const headEnd = bytes.indexOf(HEAD_END);
  if (headEnd === -1) return 0;
  const head = bytes.toString('latin1', 0, headEnd).toLowerCase();
  const start = headEnd + HEAD_END.length;
  const status = Number(head.slice(9, 12));
  const length = /\r\ncontent-length: *(\d+)/.exec(head)?.[1];
  if (length !== undefined) {
    const end = start + Number(length);
    return bytes.length < end ? end : { status, body: bytes.toString('utf8', start, end) };
  }
  if (!/\r\ntransfer-encoding: *chunked/.test(head)) throw new Error('an answer does not say how long it is');
  const body = readPieces(bytes, start);
  return body === null ? 0 : { status, body };
}

/** The body of an answer that came in pieces, or null where the last is not there yet. */
function readPieces(bytes: Buffer, start: number): string | null {
  const pieces: Buffer[] = [];
  let at = start;
  for (;;) {
    const lineEnd = bytes.indexOf(LINE_END, at);
    if (lineEnd === -1) return null;
    const size = Number.parseInt(bytes.toString('latin1', at, lineEnd), 16);
    const from = lineEnd + LINE_END.length;
    const next = from + size + LINE_END.length;
    if (bytes.length < next) return null;
    if (size === 0) return Buffer.concat(pieces).toString();
    pieces.push(bytes.subarray(from, from + size));
    at = next;
  }
}

function opened(socket: Socket): Promise<Socket> {
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.off('error', reject);
      resolve(socket);
    });
  });
}
