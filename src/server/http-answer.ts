import { catalogue, type ErrorCode } from '../errors.ts';
import type { Answer } from '../execution/operation.ts';
import type { RateHeaders } from '../guard/rate-limit.ts';

/** A whole HTTP answer, before it is written to a socket or made a `Response`. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export type MediaType = 'application/json' | 'application/graphql-response+json';

/**
 * Codes that are about the request as HTTP carries it, and so have their own status in any media type.
 *
 * With `application/json` everything else is 200, as GraphQL over HTTP wants it: old clients take another status for
 * a broken gateway and never look at the errors.
 */
const ABOUT_HTTP: ReadonlySet<ErrorCode> = new Set([
  'UNAUTHENTICATED',
  'CSRF_REJECTED',
  'METHOD_NOT_ALLOWED',
  'PAYLOAD_TOO_LARGE',
  'UNSUPPORTED_MEDIA_TYPE',
  'RATE_LIMITED',
  'OVERLOADED',
]);

const isCode = (value: unknown): value is ErrorCode =>
  typeof value === 'string' && Object.hasOwn(catalogue, value);

/** The status of an answer: 200 wherever there is data, else what its first error's code says. */
export function statusOf(answer: Answer, mediaType: MediaType): number {
  if ('data' in answer) return 200;
  const code = answer.errors?.[0]?.extensions?.code;
  if (!isCode(code)) return 500;
  return mediaType === 'application/json' && !ABOUT_HTTP.has(code) ? 200 : catalogue[code].status;
}

/** What stands beside an answer. */
export interface Beside {
  /** It is for what is no GraphQL request at all: 400 in any media type. */
  readonly malformed?: boolean;
  /** What is left of the rate limit. */
  readonly rate?: RateHeaders;
}

/** GraphQL's answer as HTTP carries it. */
export function toHttpAnswer(
  answer: Answer,
  mediaType: MediaType,
  requestId: string,
  { malformed = false, rate = none }: Beside = none,
): HttpAnswer {
  const headers = {
    'content-type': contentTypes[mediaType],
    'cache-control': 'no-store',
    'x-request-id': requestId,
  };
  const body = JSON.stringify(answer);
  if (answer.errors === undefined && rate === none) return { status: 200, headers, body };
  const status = statusOf(answer, mediaType);
  const retryAfter = answer.errors?.[0]?.extensions?.retryAfter;
  return {
    status: malformed && status === 200 ? 400 : status,
    headers: {
      ...headers,
      ...(typeof retryAfter === 'number' ? { 'retry-after': String(Math.ceil(retryAfter)) } : {}),
      ...(status === 405 ? { allow: 'GET, POST' } : {}),
      ...rate,
    },
    body,
  };
}

const none = {};

const contentTypes: Readonly<Record<MediaType, string>> = {
  'application/json': 'application/json; charset=utf-8',
  'application/graphql-response+json': 'application/graphql-response+json; charset=utf-8',
};

/**
 * The media type that a client wants of an operation's single answer, or null where it wants something else
 * (a stream of events, a page).
 */
export function mediaTypeFor(accept: string | undefined): MediaType | null {
  if (accept === undefined || accept === '' || accept === '*/*' || accept === 'application/json') {
    return 'application/json';
  }
  let best: MediaType | null = null;
  let bestQuality = 0;
  for (const entry of accept.split(',')) {
    const [name = '', ...parameters] = entry.split(';').map((part) => part.trim().toLowerCase());
    const q = parameters.find((parameter) => parameter.startsWith('q='));
    const quality = q === undefined ? 1 : Number(q.slice(2)) || 0;
    // What streams was asked for by name: whoever serves streams decides.
    if (name === 'text/event-stream' || name === 'multipart/mixed') return null;
    const type = toMediaType(name);
    if (type !== null && quality > bestQuality) {
      best = type;
      bestQuality = quality;
    }
  }
  return best;
}

function toMediaType(name: string): MediaType | null {
  if (name === 'application/graphql-response+json') return name;
  return name === 'application/json' || name === 'application/*' || name === '*/*'
    ? 'application/json'
    : null;
}
