import type { AnswerHeaders } from './exchange.ts';

/** Statuses whose answers have no body. */
const bodiless = (status: number): boolean => status === 204 || status === 205 || status === 304;

const isJson = (contentType: AnswerHeaders[string]): boolean =>
  typeof contentType === 'string' && /^\s*application\/(?:[\w.+-]+\+)?json\b/i.test(contentType);

/**
 * Reads the body of a whole answer as JSON.
 *
 * A good answer must be JSON, whatever it calls itself: throws where it is not. A refusal may come without any:
 * then null, and its status says enough. A redirect is never followed, so its body is not looked at.
 */
export function parseBody(status: number, headers: AnswerHeaders, text: string): unknown {
  if (status < 300) return bodiless(status) ? null : JSON.parse(text);
  if (status < 400 || text === '' || !isJson(headers['content-type'])) return null;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
