import { parseByteRange } from './byte-range.ts';
import type { CacheAnswer, CacheRequest } from './cache-answer.ts';
import { isNotModified } from './conditional.ts';
import { type Fields, fieldOf, toStorable } from './stored-fields.ts';

/** `validated`: it was in store, and the origin has just said that it still holds. */
export type ReplySource = 'origin' | 'validated' | 'cache' | 'stale';

export interface CacheReply<B> extends CacheAnswer<B> {
  readonly source: ReplySource;
  /** Until when what was in store is fresh, in milliseconds since the epoch. The origin's own answer says so itself. */
  readonly freshUntil?: number;
}

/** What a cache has to know of bodies. */
export interface Bodies<B> {
  /** The body of an answer that has none. */
  readonly emptyBody: B;
  /** How to cut a part out of a body, in bytes. Without it requests for ranges all go to the origin. */
  readonly slice?: (body: B, from: number, to: number) => B;
}

/** Whether a request may be answered with a part of a whole answer in store. */
export function wantsRange(request: Fields): boolean {
  return request.range !== undefined;
}

/**
 * Makes of an answer in store the reply to a request: with its age in seconds, and as a 304 or a part of it
 * where the request asked for that.
 */
export function toReply<B>(
  answer: CacheAnswer<B>,
  request: CacheRequest,
  source: ReplySource,
  ageMs: number,
  bodies: Bodies<B>,
): CacheReply<B> {
  const fields = { ...answer.fields, age: String(Math.max(0, Math.floor(ageMs / 1000))) };
  const { status, body, bytes } = answer;
  return { status, fields, body, bytes, source, ...toPart(answer, request, fields, bodies) };
}

/** The reply to a client that holds what it asks for already. */
export function toNotModified<B>(fields: Fields, bodies: Bodies<B>): CacheAnswer<B> {
  return {
    status: 304,
    fields: toStorable(fields, ['content-length', 'content-encoding', 'content-range']),
    body: bodies.emptyBody,
    bytes: 0,
  };
}

function toPart<B>(
  answer: CacheAnswer<B>,
  request: CacheRequest,
  fields: Fields,
  bodies: Bodies<B>,
): CacheAnswer<B> | null {
  if (isNotModified(request.fields, answer.fields)) return toNotModified(fields, bodies);
  const range = wantsRange(request.fields) && parseByteRange(fieldOf(request.fields, 'range'), answer.bytes);
  if (!range || !bodies.slice || answer.status !== 200) return null;
  const { from, to } = range;
  const about = {
    'content-range': `bytes ${from}-${to - 1}/${answer.bytes}`,
    'content-length': String(to - from),
  };
  return {
    status: 206,
    fields: { ...fields, ...about },
    body: bodies.slice(answer.body, from, to),
    bytes: to - from,
  };
}
