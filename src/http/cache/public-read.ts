import type { Exchange } from '../exchange.ts';

/**
 * Whether everybody would get the same answer: a read of an endpoint that takes nobody's credentials, and that
 * carries none. Nothing else is ever joined or kept, whatever the answer's headers say.
 */
export function isPublicRead({
  endpoint,
  principal,
  body,
  headers,
}: Pick<Exchange, 'endpoint' | 'principal' | 'body' | 'headers'>): boolean {
  return (
    endpoint.method === 'GET' &&
    endpoint.credentials === 'none' &&
    principal === null &&
    body === null &&
    headers.authorization === undefined
  );
}
