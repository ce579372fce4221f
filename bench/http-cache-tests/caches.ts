import { Agent, cacheStores, interceptors } from 'undici';
import type { CacheAnswer } from '../../src/http/cache/cache-answer.ts';
import { createHttpCache } from '../../src/http/cache/http-cache.ts';
import type { Fields } from '../../src/http/cache/stored-fields.ts';
import { askOrigin } from './origin.ts';
import type { Forward } from './reverse-proxy.ts';

/** A cache under test, in front of an origin on this port of loopback. */
export type CacheUnderTest = (originPort: number) => Forward;

// The suite sets up and reads its state through the cache; that is not what is tested.
const isTested = (url: string): boolean => url.startsWith('/test/');

/** Our engine. `heuristicFraction` 0 is how the gateway runs it. */
export const weir =
  (heuristicFraction: number): CacheUnderTest =>
  (originPort) => {
    const empty = Buffer.alloc(0);
    const cache = createHttpCache<Buffer>({
      maxBytes: 64 * 1024 * 1024,
      emptyBody: empty,
      slice: (body, from, to) => body.subarray(from, to),
      heuristicFraction,
    });
    return (request, onInterim) => {
      if (!isTested(request.url)) return askOrigin(originPort, request, onInterim);
      const { body } = request;
      return cache.send(request, (asked) => askOrigin(originPort, { ...asked, body }, onInterim), {
        background: (asked) => askOrigin(originPort, { ...asked, body: empty }, () => undefined),
      });
    };
  };

/** undici's cache interceptor, as a shared cache with its store in memory. */
export const undici: CacheUnderTest = (originPort) => {
  const origin = `http://127.0.0.1:${originPort}`;
  const agent = new Agent().compose(
    interceptors.cache({
      store: new cacheStores.MemoryCacheStore({ maxSize: 64 * 1024 * 1024 }),
      type: 'shared',
      methods: ['GET', 'HEAD'],
    }),
  );
  return async (request, onInterim) => {
    if (!isTested(request.url)) return askOrigin(originPort, request, onInterim);
    const answer = await agent.request({
      origin,
      path: request.url,
      method: request.method,
      headers: headersOf(request.fields),
      body: request.body.length > 0 ? request.body : null,
      onInfo: (info) => onInterim(info.statusCode, info.headers),
    });
    const body = Buffer.from(await answer.body.arrayBuffer());
    const whole: CacheAnswer<Buffer> = {
      status: answer.statusCode,
      fields: answer.headers,
      body,
      bytes: body.length,
    };
    return whole;
  };
};

/** No cache at all: what a suite that only wants things not to be cached is content with. */
export const nothing: CacheUnderTest = (originPort) => (request, onInterim) =>
  askOrigin(originPort, request, onInterim);

function headersOf(fields: Fields): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined || name === 'content-length') continue;
    headers[name] = typeof value === 'string' ? value : [...value];
  }
  return headers;
}
