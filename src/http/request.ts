import type { Endpoint } from '../backends.ts';
import type { Call } from '../call.ts';
import { WeirError } from '../errors.ts';
import type { Credential } from './credentials.ts';
import type { CheckedDecoder } from './decode.ts';
import type { Exchange } from './exchange.ts';
import type { UpstreamRequest } from './upstream.ts';

/** 1 to 255 printable characters: what a key may be and a header can carry. */
const keyShape = /^[\x20-\x7e]{1,255}$/;

/**
 * The allow-list: every header that a backend ever gets is written here, but for `x-timeout-ms`, which each
 * attempt adds, and for the validators of a cache (`if-none-match`, `if-modified-since`).
 */
function toHeaders(
  call: Call,
  credential: Credential,
  request: UpstreamRequest<unknown>,
): Record<string, string> {
  const headers: Record<string, string> = {
    accept: 'application/json, application/problem+json',
    'x-request-id': call.requestId,
  };
  if (call.traceparent !== null) headers.traceparent = call.traceparent;
  if (credential.authorization !== null) headers.authorization = credential.authorization;
  if (credential.onBehalfOf !== null) headers['x-on-behalf-of'] = credential.onBehalfOf;
  if (request.endpoint.method !== 'GET') {
    if (request.body !== undefined) headers['content-type'] = 'application/json';
    if (request.idempotencyKey !== undefined) headers['idempotency-key'] = toKey(request.idempotencyKey);
  }
  return headers;
}

function toKey(key: string): string {
  if (keyShape.test(key)) return key;
  throw new WeirError('BAD_USER_INPUT', 'An idempotency key has 1 to 255 printable ASCII characters');
}

/** Builds the exchange of one request. */
export function toExchange(
  call: Call,
  endpoint: Endpoint,
  url: string,
  credential: Credential,
  request: UpstreamRequest<unknown>,
  decode: CheckedDecoder<unknown>,
): Exchange {
  return {
    call,
    endpoint,
    url,
    headers: toHeaders(call, credential, request),
    principal: credential.principal,
    body: request.body === undefined ? null : JSON.stringify(request.body),
    decode,
    signal: call.signal,
    deadlineAt: call.deadlineAt,
  };
}
