import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Pipeline } from '../execution/pipeline.ts';
import type { Overload } from '../guard/overload.ts';
import { headersOf, isSkippable, requestIdOf } from './direct.ts';
import { type MediaType, toHttpAnswer } from './http-answer.ts';

/** Sends a request away where one more would be too many; false where it can be taken. */
export type Shed = (
  request: IncomingMessage,
  response: ServerResponse,
  mediaType: MediaType | null,
) => boolean;

/** A refusal that needs no more than the request's id to be sent. */
interface Ready {
  readonly before: string;
  readonly after: string;
  /** Without the id. */
  readonly length: number;
  /** Names and values in turn. */
  readonly headers: readonly string[];
}

/** Stands where the id will. */
const ID = '{id}';

/**
 * Builds what refuses in a jam. Everything but the request's id is written beforehand, and nothing of the request is
 * read but its head: what a refusal costs is taken from the operations under way.
 */
export function createShed(pipeline: Pipeline, overload: Overload): Shed {
  const made = new Map<string, Ready>();

  return (request, response, mediaType) => {
    const refusal = overload.refusal();
    if (refusal === null) return false;
    const startedAt = performance.now();
    const type = mediaType ?? 'application/json';
    const key = `${type} ${refusal.detail.retryAfter}`;
    let ready = made.get(key);
    if (ready === undefined) {
      ready = toReady(pipeline, refusal, type);
      made.set(key, ready);
    }
    const requestId = requestIdOf(headersOf(request)('x-request-id'));
    const headers = [...ready.headers, 'x-request-id', requestId];
    headers.push('content-length', String(ready.length + requestId.length));
    if (!isSkippable(request)) headers.push('connection', 'close');
    response.writeHead(503, headers);
    response.end(ready.before + requestId + ready.after);
    overload.refusedIn(performance.now() - startedAt);
    return true;
  };
}

function toReady(pipeline: Pipeline, refusal: unknown, type: MediaType): Ready {
  const { headers, body } = toHttpAnswer(pipeline.refusal(refusal, { requestId: ID }), type, ID, {
    malformed: true,
  });
  const [before = '', after = ''] = body.split(ID);
  return {
    before,
    after,
    length: Buffer.byteLength(before) + Buffer.byteLength(after),
    headers: Object.entries(headers)
      .filter(([name]) => name !== 'x-request-id')
      .flat(),
  };
}
