import { connect } from 'node:net';

/** What came back over a socket of its own. */
export interface Reply {
  /** Null where the server closed the connection, or said nothing. */
  readonly status: number | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Until the answer began, in milliseconds; until the end where there was none. */
  readonly tookMs: number;
  readonly end: 'answered' | 'closed' | 'silent';
}

/** Whoever sends half a request is not waited for longer than this, in milliseconds. */
const PATIENCE_MS = 300;
/** Nor whoever sends a whole one: what takes longer is a fault. */
const LONGEST_MS = 4_000;

/** Sends bytes on a new connection and reads one answer. Never rejects. */
export function exchange(port: number, bytes: Buffer, whole: boolean): Promise<Reply> {
  return new Promise((resolve) => {
    const startedAt = performance.now();
    let firstAt: number | null = null;
    let received = Buffer.alloc(0);
    const socket = connect(port, '127.0.0.1');
    const finish = (end: Reply['end']): void => {
      clearTimeout(timer);
      socket.destroy();
      const { status, headers, body } = toParts(received);
      const tookMs = (firstAt ?? performance.now()) - startedAt;
      resolve({ status, headers, body, tookMs, end: status === null ? end : 'answered' });
    };
    const timer = setTimeout(() => finish('silent'), whole ? LONGEST_MS : PATIENCE_MS);
    socket.on('connect', () => socket.write(bytes));
    socket.on('data', (chunk) => {
      firstAt ??= performance.now();
      received = Buffer.concat([received, chunk]);
      if (isComplete(received)) finish('answered');
    });
    socket.on('error', () => {});
    socket.on('close', () => finish('closed'));
  });
}

function toParts(received: Buffer): Pick<Reply, 'status' | 'headers' | 'body'> {
  // What says "go on" is no answer yet.
  const text = received
    .toString('utf8')
    .replace(/^(?:HTTP\/1\.1 1\d\d [^\r\n]*\r\n(?:[^\r\n]+\r\n)*\r\n)+/, '');
  const [head = '', ...rest] = text.split('\r\n\r\n');
  const status = /^HTTP\/1\.1 (\d{3})/.exec(head)?.[1];
  const headers = Object.fromEntries(
    head
      .split('\r\n')
      .slice(1)
      .map((line) => {
        const colon = line.indexOf(':');
        return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
      }),
  );
  return { status: status === undefined ? null : Number(status), headers, body: rest.join('\r\n\r\n') };
}

function isComplete(received: Buffer): boolean {
  const { status, headers, body } = toParts(received);
  if (status === null) return false;
  const length = headers['content-length'];
  if (length !== undefined) return Buffer.byteLength(body) >= Number(length);
  if (headers['transfer-encoding'] === 'chunked') return /(?:^|\r\n)0\r\n\r\n$/.test(body);
  return status === 204 || status === 304;
}
