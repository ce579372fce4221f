import type { CacheAnswer, CacheRequest } from './cache-answer.ts';
import { isConditional, isNotModified, withValidators } from './conditional.ts';
import { createFence, type Fence } from './fence.ts';
import { judge, requestDirectives } from './freshness.ts';
import { type KeepingRules, type Transit, toKeeping } from './keeping.ts';
import { withPatience } from './patience.ts';
import { relatedUrls, resolveUrl } from './related-urls.ts';
import {
  type Bodies,
  type CacheReply,
  type ReplySource,
  toNotModified,
  toReply,
  wantsRange,
} from './reply.ts';
import { fieldOf, toRefreshed, toStorable } from './stored-fields.ts';
import { createVariantStore, type Stored } from './variant-store.ts';
import { toVariant } from './vary.ts';

/** Asks the origin. Rejects where there is no whole answer. */
export type Origin<B> = (request: CacheRequest) => Promise<CacheAnswer<B>>;

export interface HttpCacheOptions<B> extends Bodies<B>, Partial<KeepingRules> {
  /** What all answers in store may take, in bytes. */
  readonly maxBytes: number;
  /** The clock, in milliseconds since the epoch. */
  readonly now?: () => number;
  /** Where invalidations from elsewhere are heard of. */
  readonly fence?: Fence;
  /** A further condition for storing an answer. */
  readonly mayKeep?: (answer: CacheAnswer<B>) => boolean;
}

export interface SendOptions<B> {
  /**
   * Asks the origin in such a way that it goes on when the caller has left. `awaited` says whether it still waits
   * for now. Without it no stale answer is given while another is fetched.
   */
  readonly background?: (request: CacheRequest, awaited: boolean) => Promise<CacheAnswer<B>>;
  /**
   * How long to wait for the origin, in milliseconds, where a stale answer may stand in for an error. Then that
   * one is given, and what the origin still answers goes to the store. Needs `background`.
   */
  readonly patienceMs?: number;
}

/** A shared HTTP cache by RFC 9111, with RFC 5861's two kinds of staleness. */
export interface HttpCache<B> {
  /**
   * Answers from the store where the rules allow it, else from the origin.
   *
   * Rejects with what the origin rejected with, where no stale answer may stand in.
   */
  send(request: CacheRequest, origin: Origin<B>, options?: SendOptions<B>): Promise<CacheReply<B>>;
  /** Drops every variant of a URL, and what is under way to it will not be stored. */
  invalidate(url: string): void;
}

const safe = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);
// What RFC 5861, section 4, counts as an error.
const errors = new Set([500, 502, 503, 504]);
// After a refresh that failed the next one waits: readers get the stale answer, and the origin some peace.
const refreshPauseMs = 1000;

/**
 * Builds a cache that keeps answers to GET requests in memory, the least recently used leaving first.
 *
 * It knows nothing of connections or of JSON: a body is a `B`, the origin is a function. Ranges are cut out of
 * whole answers in store; partial answers are not stored.
 */
export function createHttpCache<B>(options: HttpCacheOptions<B>): HttpCache<B> {
  const now = options.now ?? Date.now;
  const fence = options.fence ?? createFence();
  const rules: KeepingRules = { heuristicFraction: options.heuristicFraction ?? 0 };
  const store = createVariantStore<B>(options.maxBytes, fence);
  // Not to be refreshed before, in milliseconds since the epoch.
  const refreshAfter = new WeakMap<Stored<B>, number>();

  const keep = (
    request: CacheRequest,
    answer: CacheAnswer<B>,
    transit: Transit,
    stamp: number,
  ): Stored<B> | null => {
    const keeping = toKeeping(request.fields, answer.status, answer.fields, transit, rules);
    if (!keeping || (options.mayKeep && !options.mayKeep(answer))) {
      // It may not be kept, and yet it says that an older one is no longer the answer.
      if (answer.status < 400) store.remove(request, store.find(request));
      return null;
    }
    const { status, body, bytes } = answer;
    const fields = toStorable(answer.fields, keeping.unstorable);
    const variant = toVariant(keeping.vary, request.fields);
    const stored = { status, fields, body, bytes, keeping, variant, stamp };
    store.put(request, stored);
    return stored;
  };

  const reply = (request: CacheRequest, stored: Stored<B>, source: ReplySource): CacheReply<B> => ({
    ...toReply(stored, request, source, now() - stored.keeping.bornAt, options),
    freshUntil: stored.keeping.freshUntil,
  });

  /** Asks the origin, with a stored answer's validators, and brings the store up to date. */
  const ask = async (
    request: CacheRequest,
    stored: Stored<B> | null,
    origin: Origin<B>,
  ): Promise<CacheReply<B>> => {
    const stamp = fence.stamp();
    const requestedAt = now();
    const { etag, lastModified } = stored?.keeping ?? {};
    const validates = etag !== undefined || lastModified !== undefined;
    const answer = await origin(
      validates ? { ...request, fields: withValidators(request.fields, etag, lastModified) } : request,
    );
    const transit = { requestedAt, receivedAt: now() };
    if (answer.status === 304 && validates && stored) {
      const updated = { ...stored, fields: toRefreshed(stored.fields, answer.fields) };
      return reply(request, keep(request, updated, transit, stamp) ?? updated, 'validated');
    }
    // An error must not push out the answer that stands in for it.
    const standsIn =
      stored && errors.has(answer.status) && transit.receivedAt < stored.keeping.usableOnErrorUntil;
    if (request.method === 'GET' && !wantsRange(request.fields) && !standsIn) {
      keep(request, answer, transit, stamp);
    }
    // Our validators had taken the place of the client's conditions, which may hold for the new answer.
    const held = validates && answer.status === 200 && isConditional(request.fields);
    return held && isNotModified(request.fields, answer.fields)
      ? { ...toNotModified(answer.fields, options), source: 'origin' }
      : { ...answer, source: 'origin' };
  };

  const refresh = (request: CacheRequest, stored: Stored<B>, background: Origin<B>): void => {
    if (now() < (refreshAfter.get(stored) ?? 0)) return;
    refreshAfter.set(stored, Number.POSITIVE_INFINITY);
    // A good answer has taken the stored one's place by then; after any other the next reader tries again.
    const later = (): void => void refreshAfter.set(stored, now() + refreshPauseMs);
    ask(request, stored, background).then(later, later);
  };

  /** Asks the origin; a stale answer stands in for an error, and for a wait that gets too long. */
  const askOrStandIn = (
    request: CacheRequest,
    stored: Stored<B>,
    origin: Origin<B>,
    { background, patienceMs }: SendOptions<B>,
  ): Promise<CacheReply<B>> => {
    const standIn = (): CacheReply<B> | null =>
      store.isValid(request, stored) ? reply(request, stored, 'stale') : null;
    const patient = background !== undefined && patienceMs !== undefined;
    const asked = ask(request, stored, patient ? (asked) => background(asked, true) : origin).then(
      (answered) => (errors.has(answered.status) && standIn()) || answered,
      (error: unknown) => {
        const stand = standIn();
        if (stand) return stand;
        throw error;
      },
    );
    return patient ? withPatience(asked, patienceMs, standIn) : asked;
  };

  const read = async (
    request: CacheRequest,
    origin: Origin<B>,
    sendOptions: SendOptions<B>,
  ): Promise<CacheReply<B>> => {
    const directives = requestDirectives(request.fields);
    const skipped = directives.has('no-store') || (wantsRange(request.fields) && !options.slice);
    const stored = skipped ? null : store.find(request);
    if (stored) {
      const freshness = judge(stored.keeping, directives, now());
      if (freshness === 'fresh') return reply(request, stored, 'cache');
      if (freshness === 'stale') return reply(request, stored, 'stale');
      const { background } = sendOptions;
      if (freshness === 'refresh' && background) {
        refresh(request, stored, (asked) => background(asked, false));
        return reply(request, stored, 'stale');
      }
    }
    if (directives.has('only-if-cached')) {
      return { status: 504, fields: {}, body: options.emptyBody, bytes: 0, source: 'cache' };
    }
    return stored && now() < stored.keeping.usableOnErrorUntil
      ? askOrStandIn(request, stored, origin, sendOptions)
      : ask(request, stored, origin);
  };

  const write = async (request: CacheRequest, origin: Origin<B>): Promise<CacheReply<B>> => {
    const stamp = fence.stamp();
    const requestedAt = now();
    const answer = await origin(request);
    if (!safe.has(request.method) && answer.status >= 200 && answer.status < 400) {
      const undisturbed = fence.stamp() === stamp;
      fence.raise([request.url, ...relatedUrls(request.url, answer.fields)]);
      // A POST may say that its answer is what a GET would give (RFC 9110, section 9.3.3).
      const location = fieldOf(answer.fields, 'content-location');
      const asGet = request.method === 'POST' && answer.status === 200 && location !== undefined;
      if (undisturbed && asGet && resolveUrl(request.url, location) === resolveUrl(request.url, '')) {
        keep({ ...request, method: 'GET' }, answer, { requestedAt, receivedAt: now() }, fence.stamp());
      }
    }
    return { ...answer, source: 'origin' };
  };

  return {
    send: (request, origin, sendOptions = {}) =>
      request.method === 'GET' || request.method === 'HEAD'
        ? read(request, origin, sendOptions)
        : write(request, origin),
    invalidate: (url) => fence.raise([url]),
  };
}
