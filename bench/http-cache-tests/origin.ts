import { request as httpRequest, type IncomingMessage } from 'node:http';
import type { CacheAnswer } from '../../src/http/cache/cache-answer.ts';
import type { Fields } from '../../src/http/cache/stored-fields.ts';

/** A request as the proxy took it in. */
export interface ProxyRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly fields: Fields;
  readonly body: Buffer;
}

/** An interim answer (1xx) that came before the real one. */
export type OnInterim = (status: number, fields: Fields) => void;

/** A message's header lines by lower-case name, those that came more than once as lists. */
export function fieldsOf(rawHeaders: readonly string[]): Fields {
  const fields: Record<string, string | string[] | undefined> = Object.create(null);
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? '').toLowerCase();
    const value = rawHeaders[index + 1] ?? '';
    const earlier = fields[name];
    fields[name] = earlier === undefined ? value : [...(Array.isArray(earlier) ? earlier : [earlier]), value];
  }
  return fields;
}

/** The whole body of a message. Rejects where it ends early. */
export async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Asks the suite's server on loopback, without any cache. */
export function askOrigin(
  port: number,
  { method, url, fields, body }: ProxyRequest,
  onInterim: OnInterim,
): Promise<CacheAnswer<Buffer>> {
  return new Promise((resolve, reject) => {
    const headers: Record<string, string | string[]> = {};
    for (const [name, value] of Object.entries(fields)) {
      if (value !== undefined) headers[name] = typeof value === 'string' ? value : [...value];
    }
    const request = httpRequest({ host: '127.0.0.1', port, method, path: url, headers });
    request.on('information', (info) => onInterim(info.statusCode, fieldsOf(info.rawHeaders)));
    // What goes wrong on the connection after the answer is whole (the suite lies about lengths) is no matter.
    request.once('error', reject);
    request.on('error', () => undefined);
    request.on('response', (message) => {
      request.off('error', reject);
      bodyOf(message).then(
        (whole) =>
          resolve({
            status: message.statusCode ?? 0,
            fields: fieldsOf(message.rawHeaders),
            body: whole,
            bytes: whole.length,
          }),
        reject,
      );
    });
    request.end(body);
  });
}
