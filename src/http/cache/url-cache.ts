import { performance } from 'node:perf_hooks';
import type { Answer, Exchange, Layer, RequestHeaders } from '../exchange.ts';
import type { Background } from './background.ts';
import type { Fence } from './fence.ts';
import { tellStored, toStoredAnswer } from './from-store.ts';
import { createHttpCache, type HttpCache, type Origin } from './http-cache.ts';
import { marksOf } from './marks.ts';
import { placeOf } from './place.ts';
import { isPublicRead } from './public-read.ts';
import { type Fields, fieldOf } from './stored-fields.ts';

/** What keeping whole answers needs. */
export interface UrlCacheParts {
  readonly maxBytes: number;
  readonly fence: Fence;
  readonly background: Background;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/**
 * Keeps public answers that are not about objects by their keys, such as searches, under their URLs. They go
 * when any object of their kind changes.
 */
export function createUrlCache({ maxBytes, fence, background, now }: UrlCacheParts): Layer {
  const cache: HttpCache<Answer | null> = createHttpCache<Answer | null>({
    maxBytes,
    fence,
    now,
    emptyBody: null,
    // What has the wrong shape was left undecoded by the layer below.
    mayKeep: ({ status, body }) => status === 200 && body?.decoded !== undefined,
  });

  return (next) => {
    /** The origin, as the cache asks it: with its validators in the exchange's headers. */
    const originOf =
      (exchange: Exchange): Origin<Answer | null> =>
      async ({ fields }) => {
        const answer = await next({ ...exchange, headers: toHeaders(exchange.headers, fields) });
        return { status: answer.status, fields: answer.headers, body: answer, bytes: answer.bytes };
      };

    const read = async (exchange: Exchange): Promise<Answer> => {
      const { endpoint, url, headers, call } = exchange;
      const reply = await cache.send(
        { method: 'GET', url: `${endpoint.backend} ${url}`, fields: headers, marks: marksOf(endpoint, null) },
        originOf(exchange),
        {
          background: (request, awaited) =>
            originOf(background.exchangeOf(exchange, url, awaited ? call.observe : null))(request),
          patienceMs: Math.min(1000, (exchange.deadlineAt - performance.now()) / 2),
        },
      );
      const { body: answer, source, freshUntil } = reply;
      // The cache answers by itself only what it was asked for in a directive, and no exchange carries one.
      if (answer === null) throw new Error('the cache gave an answer that it cannot have');
      if (source === 'origin') return answer;
      const freshness = { until: freshUntil ?? Number.NEGATIVE_INFINITY, isPublic: true };
      // A call was made, which is in the records; it only brought no body.
      if (source === 'validated') return { ...answer, freshness, source: 'network' };
      tellStored(exchange, source, call.demand);
      return toStoredAnswer(answer.decoded?.value, source, freshness);
    };

    return (exchange) =>
      isPublicRead(exchange) && placeOf(exchange) === null ? read(exchange) : next(exchange);
  };
}

const validators = ['if-none-match', 'if-modified-since'] as const;

function toHeaders(headers: RequestHeaders, fields: Fields): RequestHeaders {
  const validated: Record<string, string> = { ...headers };
  for (const name of validators) {
    const value = fieldOf(fields, name);
    if (value !== undefined) validated[name] = value;
  }
  return validated;
}
