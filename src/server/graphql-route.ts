import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline as pipeStreams } from 'node:stream/promises';
import type { YogaServerInstance } from 'graphql-yoga';
import type { Admitted } from '../execution/operation.ts';
import type { Pipeline } from '../execution/pipeline.ts';
import type { Overload } from '../guard/overload.ts';
import type { RateHeaders } from '../guard/rate-limit.ts';
import { namesDocument } from '../guard/stored-documents.ts';
import { answerDirectly, headersOf, Listener, refuse, requestIdOf, toIncoming, write } from './direct.ts';
import { type MediaType, mediaTypeFor, toHttpAnswer } from './http-answer.ts';
import { paramsOf } from './request-params.ts';
import { createShed } from './shed.ts';
import type { Streams } from './streams.ts';
import type { YogaContext } from './yoga.ts';

export interface GraphqlRouteOptions {
  readonly pipeline: Pipeline;
  readonly yoga: YogaServerInstance<YogaContext, object>;
  readonly maxBytes: number;
  /** Says whether one more operation can be done in time. */
  readonly overload: Overload;
  /** Whether answers to GETs of stored documents may be kept by whoever stands between. */
  readonly keepable: boolean;
  /** Where subscriptions are kept, to be ended before the gateway is. */
  readonly streams: Streams;
}

export interface GraphqlRoute {
  /** Answers one request; resolves when the answer was handed to the socket, or its stream has ended. */
  answer(request: IncomingMessage, response: ServerResponse, search: string): Promise<void>;
  /** Tells why there is no answer, as every refusal is told. For what is no GraphQL request at all. */
  refuse(request: IncomingMessage, response: ServerResponse, error: unknown): void;
}

/** Every way of `/graphql` over HTTP: one answer directly, answers in parts by Yoga, all through the same checks. */
export function createGraphqlRoute(options: GraphqlRouteOptions): GraphqlRoute {
  const { pipeline } = options;
  const shed = createShed(pipeline, options.overload);
  return {
    async answer(request, response, search) {
      const mediaType = mediaTypeFor(request.headers.accept);
      // Before anything of it is read: whoever is sent away must cost next to nothing.
      if (shed(request, response, mediaType)) return;
      if (mediaType !== null) return answerDirectly(options, request, response, search, mediaType);
      return answerByYoga(options, request, response, search);
    },
    refuse(request, response, error) {
      refuse(pipeline, request, response, mediaTypeFor(request.headers.accept) ?? 'application/json', error);
    },
  };
}

/** Where no single answer was asked for, a refusal has the status that its code says. */
const REFUSED_AS: MediaType = 'application/graphql-response+json';

async function answerByYoga(
  { pipeline, yoga, maxBytes, overload, streams }: GraphqlRouteOptions,
  request: IncomingMessage,
  response: ServerResponse,
  search: string,
): Promise<void> {
  const receivedAt = performance.now();
  const header = headersOf(request);
  const requestId = requestIdOf(header('x-request-id'));
  const client = new Listener(response);
  let malformed = true;
  // Told at once, before a stream begins, and again when an answer is whole.
  const onRate = (headers: RateHeaders): void => {
    if (response.headersSent) return;
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  };
  try {
    const params = await paramsOf(request, header, search, maxBytes);
    malformed = !namesDocument(params);
    const facts = { requestId, receivedAt, client, onRate };
    const incoming = toIncoming(request, header, params, facts);
    let admitted: Admitted;
    let answer: Response;
    overload.enter();
    try {
      admitted = await pipeline.admit(incoming);
      answer = await yoga.fetch(toYogaRequest(request, admitted, client.signal), { admitted });
    } finally {
      // A stream that only waits for events is no work under way.
      overload.leave();
    }
    const isStream = admitted.prepared.operation.operation === 'subscription';
    await send(response, answer, requestId, isStream ? streams : null);
  } catch (error) {
    if (client.signal.aborted) return;
    const refusal = pipeline.refusal(error, { requestId });
    write(response, toHttpAnswer(refusal, REFUSED_AS, requestId, { malformed }));
  }
}

/** The request as Yoga wants it: always a POST of the decoded parameters, asking for what the client asked for. */
function toYogaRequest(request: IncomingMessage, { text, incoming }: Admitted, signal: AbortSignal): Request {
  const { operationName } = incoming.params;
  return new Request('http://gateway/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: request.headers.accept ?? 'application/json' },
    // Without the variables, which the pipeline has: Yoga needs to know no more than which operation to run.
    body: JSON.stringify({ query: text, operationName: operationName ?? undefined }),
    signal,
  });
}

/** Sends what Yoga answers, piece by piece; what is kept in `streams` ends with a whole last piece when they end. */
async function send(
  response: ServerResponse,
  answer: Response,
  requestId: string,
  streams: Streams | null,
): Promise<void> {
  response.writeHead(answer.status, {
    ...Object.fromEntries(answer.headers),
    'cache-control': 'no-store',
    'x-request-id': requestId,
  });
  if (answer.body === null) {
    response.end();
    return;
  }
  const reader = answer.body.getReader();
  const forget = streams?.add(() => void reader.cancel().catch(() => {}));
  // A client that leaves in the middle of a stream ends it; that is no error of ours.
  await pipeStreams(Readable.from(piecesOf(reader)), response).catch(() => response.destroy());
  forget?.();
}

async function* piecesOf(reader: ReadableStreamDefaultReader<Uint8Array>): AsyncGenerator<Uint8Array> {
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield value;
  }
}
