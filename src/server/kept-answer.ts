import { createHash } from 'node:crypto';
import type { Freshness } from '../call.ts';
import { isNotModified } from '../http/cache/conditional.ts';
import type { HttpAnswer } from './http-answer.ts';

/**
 * An answer that may be kept by its address, or 304 for who has it already.
 *
 * The tag is strong: it stands for these bytes of this media type. What is stale already is to be asked for again, and
 * costs no more than its tag where it has not changed.
 */
export function toKeptAnswer(
  { status, headers, body }: HttpAnswer,
  { until, isPublic }: Freshness,
  ifNoneMatch: string | undefined,
): HttpAnswer {
  const { 'content-type': type = '', ...others } = headers;
  const etag = `"${createHash('sha256').update(`${type}\n${body}`).digest('base64url')}"`;
  // Rounded down: nobody may keep it for longer than what it was made of.
  const maxAgeS = Math.max(0, Math.floor((until - Date.now()) / 1000));
  const kept = { ...others, 'cache-control': `${isPublic ? 'public' : 'private'}, max-age=${maxAgeS}`, etag };
  return isNotModified({ 'if-none-match': ifNoneMatch }, { etag })
    ? { status: 304, headers: kept, body: '' }
    : { status, headers: { ...kept, 'content-type': type }, body };
}
