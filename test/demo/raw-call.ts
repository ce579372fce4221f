import { type IncomingHttpHeaders, request } from 'node:http';

/** What came of a call, seen from below any client that would tidy it up. */
export interface RawOutcome {
  /** Null: no status came. */
  readonly status: number | null;
  readonly headers: IncomingHttpHeaders;
  /** The bytes of the body that came. */
  readonly bytes: Buffer;
  /** How many reads it took to get them. */
  readonly chunks: number;
  /** `complete`; `silent` where nothing came in time; else the error’s code. */
  readonly end: string;
  readonly tookMs: number;
}

/** Makes one call on a connection of its own and waits for its end, at most `patienceMs`. */
export function rawCall(
  url: string,
  options: {
    readonly method?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: unknown;
    readonly patienceMs?: number;
  } = {},
): Promise<RawOutcome> {
  const { method = 'GET', headers = {}, body, patienceMs = 10_000 } = options;
  const startedAt = performance.now();
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let status: number | null = null;
    let received: IncomingHttpHeaders = {};
    const finish = (end: string) => {
      clearTimeout(patience);
      call.destroy();
      const tookMs = performance.now() - startedAt;
      resolve({
        status,
        headers: received,
        bytes: Buffer.concat(chunks),
        chunks: chunks.length,
        end,
        tookMs,
      });
    };
    const codeOf = (error: Error) => finish('code' in error ? String(error.code) : error.message);
    const call = request(url, {
      method,
      agent: false,
      headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    });
    const patience = setTimeout(() => finish('silent'), patienceMs);
    call.on('error', codeOf);
    call.on('response', (response) => {
      status = response.statusCode ?? null;
      received = response.headers;
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => finish('complete'));
      response.on('error', codeOf);
    });
    call.end(body === undefined ? undefined : JSON.stringify(body));
  });
}
