import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Incoming } from '../execution/operation.ts';
import { type OperationParams, toParams } from '../execution/params.ts';
import { newRequestId, type Pipeline } from '../execution/pipeline.ts';
import { type HttpAnswer, type MediaType, toHttpAnswer } from './http-answer.ts';
import { checkBodyHeaders, parseBody, readBody } from './read-body.ts';

/** A header that a client may send once. */
export type HeaderOf = (name: string) => string | undefined;

const REQUEST_ID = /^[A-Za-z0-9._-]{1,64}$/;
const TRACEPARENT = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

/** The client's own request id where it is one, else a new one. */
export function requestIdOf(header: string | undefined): string {
  return header !== undefined && REQUEST_ID.test(header) ? header : newRequestId();
}

/** What an operation needs to know of the request that brought it. */
export function toIncoming(
  header: HeaderOf,
  requestId: string,
  receivedAt: number,
  signal: AbortSignal | null,
): Omit<Incoming, 'params' | 'readOnly'> {
  const traceparent = header('traceparent');
  return {
    requestId,
    receivedAt,
    authorization: header('authorization'),
    timeoutMs: header('x-weir-timeout-ms'),
    traceparent: traceparent !== undefined && TRACEPARENT.test(traceparent) ? traceparent : undefined,
    wantsTrace: header('x-weir-trace') === '1',
    wantsExplanation: header('x-weir-explain') === '1',
    signal,
  };
}

export interface DirectOptions {
  readonly pipeline: Pipeline;
  readonly maxBytes: number;
}

/**
 * `POST application/json` straight from node:http to the pipeline and back.
 *
 * This is the way of nearly every operation, so nothing stands on it that it could do without: no Request and
 * Response objects, no router. Resolves when the answer was handed to the socket, and never rejects.
 */
export async function answerDirectly(
  { pipeline, maxBytes }: DirectOptions,
  request: IncomingMessage,
  response: ServerResponse,
  mediaType: MediaType,
): Promise<void> {
  const receivedAt = performance.now();
  const header = headersOf(request);
  const requestId = requestIdOf(header('x-request-id'));
  const left = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) left.abort();
  });
  let params: OperationParams;
  try {
    checkBodyHeaders({
      type: header('content-type'),
      encoding: header('content-encoding'),
      length: header('content-length'),
      maxBytes,
    });
    params = toParams(parseBody(await readBody(request, maxBytes)));
  } catch (error) {
    const refusal = toHttpAnswer(pipeline.refusal(error, { requestId }), mediaType, requestId, true);
    // Whatever the client still sends of its body is not read: the connection cannot be used again.
    write(
      response,
      request.complete ? refusal : { ...refusal, headers: { ...refusal.headers, connection: 'close' } },
    );
    return;
  }
  const answer = await pipeline.run({
    ...toIncoming(header, requestId, receivedAt, left.signal),
    params,
    readOnly: false,
  });
  write(response, toHttpAnswer(answer, mediaType, requestId, params.query === null));
}

/** Header look-up on a node:http request. Names in lower case. */
export function headersOf(request: IncomingMessage): HeaderOf {
  return (name) => {
    const value = request.headers[name];
    return typeof value === 'string' ? value : value?.[0];
  };
}

/** Writes a whole answer to the socket. */
export function write(response: ServerResponse, { status, headers, body }: HttpAnswer): void {
  if (response.destroyed) return;
  response.writeHead(status, { ...headers, 'content-length': String(Buffer.byteLength(body)) });
  response.end(body);
}
