import type { IncomingMessage, ServerResponse } from 'node:http';

/** Headers that pages of allowed origins may send. */
const REQUEST_HEADERS = [
  'content-type',
  'authorization',
  'x-request-id',
  'traceparent',
  'x-weir-timeout-ms',
  'x-weir-trace',
  'x-client-name',
  'graphql-require-preflight',
  'apollo-require-preflight',
].join(', ');

/** Headers of an answer that those pages may read. */
const ANSWER_HEADERS = 'x-request-id, retry-after, ratelimit, ratelimit-policy, server-timing';

/** How long a browser may remember the answer to a preflight, in seconds. */
const REMEMBER_S = 7_200;

/**
 * Tells browsers which pages may read answers: those of the listed origins, and no other.
 *
 * Returns true where it has answered the request itself (a preflight). Credentials are never allowed: tokens travel
 * in a header that a page sets by itself, not in cookies.
 */
export function createCors(
  origins: readonly string[],
): (request: IncomingMessage, response: ServerResponse) => boolean {
  const allowed = new Set(origins.map((origin) => new URL(origin).origin));
  return (request, response) => {
    if (allowed.size === 0) return false;
    response.setHeader('vary', 'origin');
    const { origin } = request.headers;
    const isAllowed = origin !== undefined && allowed.has(origin);
    if (isAllowed) {
      response.setHeader('access-control-allow-origin', origin);
      response.setHeader('access-control-expose-headers', ANSWER_HEADERS);
    }
    if (request.method !== 'OPTIONS' || request.headers['access-control-request-method'] === undefined)
      return false;
    if (isAllowed) {
      response.setHeader('access-control-allow-methods', 'GET, POST');
      response.setHeader('access-control-allow-headers', REQUEST_HEADERS);
      response.setHeader('access-control-max-age', REMEMBER_S);
    }
    response.writeHead(204).end();
    return true;
  };
}
