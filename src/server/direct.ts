import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Freshness } from '../call.ts';
import type { Client } from '../execution/budget.ts';
import type { Answer, Incoming } from '../execution/operation.ts';
import type { OperationParams } from '../execution/params.ts';
import { newRequestId, type Pipeline } from '../execution/pipeline.ts';
import type { Overload } from '../guard/overload.ts';
import type { RateHeaders } from '../guard/rate-limit.ts';
import { namesDocument } from '../guard/stored-documents.ts';
import { toLabel } from '../log.ts';
import { type HttpAnswer, type MediaType, toHttpAnswer } from './http-answer.ts';
import { toKeptAnswer } from './kept-answer.ts';
import { type HeaderOf, paramsOf } from './request-params.ts';

const REQUEST_ID = /^[A-Za-z0-9._-]{1,64}$/;
const TRACEPARENT = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

/** The client's own request id where it is one, else a new one. */
export function requestIdOf(header: string | undefined): string {
  return header !== undefined && REQUEST_ID.test(header) ? header : newRequestId();
}

/** Puts a request's id on its answer, and a new one on the request where it brought none. */
export function tellRequestId(request: IncomingMessage, response: ServerResponse): void {
  const requestId = requestIdOf(headersOf(request)('x-request-id'));
  request.headers['x-request-id'] = requestId;
  response.setHeader('x-request-id', requestId);
}

/** Made once: without a reason an abort gathers a stack for one. */
const LEFT = new Error('the client has left');

/** The client at the other end of a response: its signal is made when it is first asked for. */
export class Listener implements Client {
  readonly #response: ServerResponse;
  #controller: AbortController | null = null;

  constructor(response: ServerResponse) {
    this.#response = response;
  }

  get signal(): AbortSignal {
    if (this.#controller !== null) return this.#controller.signal;
    const controller = new AbortController();
    this.#controller = controller;
    const response = this.#response;
    const leave = (): void => {
      if (!response.writableFinished) controller.abort(LEFT);
    };
    if (response.destroyed) leave();
    else response.once('close', leave);
    return controller.signal;
  }
}

/** What an operation needs to know of the request that brought it. */
export function toIncoming(
  request: IncomingMessage,
  header: HeaderOf,
  params: OperationParams,
  {
    requestId,
    receivedAt,
    client,
    onTimed,
    onRate,
    onKept,
  }: Pick<Incoming, 'requestId' | 'receivedAt' | 'client' | 'onTimed' | 'onRate' | 'onKept'>,
): Incoming {
  const traceparent = header('traceparent');
  return {
    params,
    readOnly: request.method === 'GET',
    requestId,
    receivedAt,
    authorization: header('authorization'),
    timeoutMs: header('x-weir-timeout-ms'),
    traceparent: traceparent !== undefined && TRACEPARENT.test(traceparent) ? traceparent : undefined,
    wantsTrace: header('x-weir-trace') === '1',
    wantsExplanation: header('x-weir-explain') === '1',
    clientName: toLabel(header('x-client-name')),
    remoteAddress: request.socket.remoteAddress,
    forwardedFor: header('x-forwarded-for'),
    onTimed: onTimed ?? null,
    onRate: onRate ?? null,
    onKept: onKept ?? null,
    client,
  };
}

export interface DirectOptions {
  readonly pipeline: Pipeline;
  readonly maxBytes: number;
  readonly overload: Overload;
  /** Whether answers to GETs of stored documents may be kept by whoever stands between. */
  readonly keepable: boolean;
}

/** A body that nobody wants is read and thrown away up to here, so that its connection can be used again. */
const SKIPPED_BYTES = 64 * 1024;

/**
 * A client that takes no byte of its answer for so long is cut, in milliseconds.
 *
 * What the system's buffers take at first counts as progress, so that it may be twice as long: still within 15 s.
 */
const STALLED_MS = 7_000;

/** What the answer to a GET depends on beside its address. */
const VARY = 'accept, authorization';

/**
 * One operation, one answer, straight from node:http to the pipeline and back.
 *
 * This is the way of nearly every operation, so nothing stands on it that it could do without: no Request and
 * Response objects, no router. Resolves when the answer was handed to the socket, and never rejects.
 */
export async function answerDirectly(
  { pipeline, maxBytes, overload, keepable }: DirectOptions,
  request: IncomingMessage,
  response: ServerResponse,
  search: string,
  mediaType: MediaType,
): Promise<void> {
  const receivedAt = performance.now();
  const header = headersOf(request);
  const requestId = requestIdOf(header('x-request-id'));
  let params: OperationParams;
  try {
    params = await paramsOf(request, header, search, maxBytes);
    overload.enter();
  } catch (error) {
    refuse(pipeline, request, response, mediaType, error, requestId);
    return;
  }
  let answer: Answer;
  let rate: RateHeaders | undefined;
  let kept: Freshness | null = null;
  const isGet = request.method === 'GET';
  const onTimed = (timing: string): void => {
    if (!response.headersSent) response.setHeader('server-timing', timing);
  };
  try {
    const answering = pipeline.run(
      toIncoming(request, header, params, {
        requestId,
        receivedAt,
        client: new Listener(response),
        onTimed,
        onRate: (headers) => {
          rate = headers;
        },
        onKept:
          isGet && keepable
            ? (freshness) => {
                kept = freshness;
              }
            : null,
      }),
    );
    answer = answering instanceof Promise ? await answering : answering;
  } finally {
    overload.leave();
  }
  const beside = { malformed: !namesDocument(params), ...(rate && { rate }) };
  const told = toHttpAnswer(answer, mediaType, requestId, beside);
  const whole = kept === null ? told : toKeptAnswer(told, kept, header('if-none-match'));
  if (isGet) response.appendHeader('vary', VARY);
  write(response, whole);
}

/** Tells a client why its request is not even read, or is no GraphQL request at all. */
export function refuse(
  pipeline: Pipeline,
  request: IncomingMessage,
  response: ServerResponse,
  mediaType: MediaType,
  error: unknown,
  requestId = requestIdOf(headersOf(request)('x-request-id')),
): void {
  const refusal = toHttpAnswer(pipeline.refusal(error, { requestId }), mediaType, requestId, {
    malformed: true,
  });
  const close = isSkippable(request) ? {} : { connection: 'close' };
  write(response, { ...refusal, headers: { ...refusal.headers, ...close } });
}

/** Whether what is left of a body that nobody wants is little enough for its connection to be used again. */
export function isSkippable(request: IncomingMessage): boolean {
  const { 'content-length': length = '0', 'transfer-encoding': pieces } = request.headers;
  return request.complete || (pieces === undefined && Number(length) <= SKIPPED_BYTES);
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
  // The length of a 304 would be that of the answer which it stands for.
  const length = status === 304 ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  response.writeHead(status, { ...headers, ...length });
  response.end(body);
  // More than the system's buffers take: whoever does not read it must not keep it in memory for good.
  if (response.writableLength > 0) response.setTimeout(STALLED_MS);
}
