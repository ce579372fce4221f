import type { AnswerHeaders } from './exchange.ts';

/** Statuses whose answers have no body. */
const bodiless = (status: number): boolean => status === 204 || status === 205 || status === 304;

const isJson = (contentType: AnswerHeaders[string]): boolean =>
  typeof contentType === 'string' && /^\s*application\/(?:[\w.+-]+\+)?json\b/i.test(contentType);

/** Decoded in one go: a character may be cut in two by the chunks. */
const toText = (chunks: readonly Buffer[]): string =>
  (chunks.length === 1 ? chunks[0] : Buffer.concat(chunks))?.toString() ?? '';

/**
 * Reads the body of a whole answer as JSON.
 *
 * A good answer must be JSON, whatever it calls itself: throws where it is not. A refusal may come without any:
 * then null, and its status says enough. A redirect is never followed, so its body is not looked at.
 */
export function parseBody(status: number, headers: AnswerHeaders, chunks: readonly Buffer[]): unknown {
  if (status < 300) return bodiless(status) ? null : JSON.parse(toText(chunks));
  if (status < 400 || chunks.length === 0 || !isJson(headers['content-type'])) return null;
  try {
    return JSON.parse(toText(chunks));
  } catch {
    return null;
  }
}
