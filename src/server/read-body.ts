import type { IncomingMessage } from 'node:http';
import { WeirError } from '../errors.ts';

const tooLarge = (limit: number, actual: number): WeirError =>
  new WeirError('PAYLOAD_TOO_LARGE', 'The request body is too large.', {
    limit,
    actual,
    hint: 'This limit counts bytes. Send less at once.',
  });

const notJson = (what: string): WeirError =>
  new WeirError('BAD_USER_INPUT', `The request body ${what}.`, {
    hint: 'Send JSON in UTF-8: { "query": "..." }.',
  });

/** What a request's headers say of its body, before any of it is read. Throws where it cannot be taken. */
export function checkBodyHeaders(headers: {
  readonly type: string | undefined;
  readonly encoding: string | undefined;
  readonly length: string | undefined;
  readonly maxBytes: number;
}): void {
  const length = Number(headers.length ?? 0);
  if (length > headers.maxBytes) throw tooLarge(headers.maxBytes, length);
  if (headers.encoding !== undefined && headers.encoding !== 'identity') {
    throw new WeirError('UNSUPPORTED_MEDIA_TYPE', 'Compressed request bodies are not taken.', {
      hint: 'Leave content-encoding out.',
    });
  }
  // As nearly all say it.
  if (headers.type === 'application/json') return;
  const [type = '', ...parameters] = (headers.type ?? '').split(';').map((part) => part.trim().toLowerCase());
  const charset = parameters.find((parameter) => parameter.startsWith('charset='));
  if (type !== 'application/json' || (charset !== undefined && !/^charset="?utf-?8"?$/.test(charset))) {
    throw new WeirError('UNSUPPORTED_MEDIA_TYPE', 'The request must be application/json in UTF-8.', {
      hint: 'Send `content-type: application/json`.',
    });
  }
}

/** Keeps nothing of what it has decoded. */
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The bytes of a body, which must be JSON in good UTF-8, parsed. Throws `BAD_USER_INPUT`. */
export function parseBody(bytes: Uint8Array): unknown {
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    throw notJson('is not UTF-8');
  }
  try {
    return JSON.parse(text);
  } catch {
    throw notJson('is not JSON');
  }
}

/** Reads a request's body up to `maxBytes`; rejects with `PAYLOAD_TOO_LARGE` and stops reading beyond. */
export function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > maxBytes) {
        request.pause();
        request.removeAllListeners('data');
        reject(tooLarge(maxBytes, length));
        return;
      }
      chunks.push(chunk);
    });
    request.on('end', () =>
      resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, length)),
    );
    request.on('error', reject);
    request.on('aborted', () => reject(notJson('never came to its end')));
  });
}
