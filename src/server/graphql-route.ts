import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline as pipeStreams } from 'node:stream/promises';
import type { YogaServerInstance } from 'graphql-yoga';
import { WeirError } from '../errors.ts';
import type { Admitted } from '../execution/operation.ts';
import { type OperationParams, toParams } from '../execution/params.ts';
import type { Pipeline } from '../execution/pipeline.ts';
import type { Overload } from '../guard/overload.ts';
import type { RateHeaders } from '../guard/rate-limit.ts';
import { namesDocument } from '../guard/stored-documents.ts';
import {
  answerDirectly,
  type HeaderOf,
  headersOf,
  refuse,
  requestIdOf,
  toIncoming,
  write,
} from './direct.ts';
import { type MediaType, mediaTypeFor, toHttpAnswer } from './http-answer.ts';
import { checkBodyHeaders, parseBody, readBody } from './read-body.ts';
import type { Streams } from './streams.ts';
import type { YogaContext } from './yoga.ts';

export interface GraphqlRouteOptions {
  readonly pipeline: Pipeline;
  readonly yoga: YogaServerInstance<YogaContext, object>;
  readonly maxBytes: number;
  /** Says whether one more operation can be done in time. */
  readonly overload: Overload;
  /** Where subscriptions are kept, to be ended before the gateway is. */
  readonly streams: Streams;
}

export interface GraphqlRoute {
  /** Answers one request; resolves when the answer was handed to the socket, or its stream has ended. */
  answer(request: IncomingMessage, response: ServerResponse, search: string): Promise<void>;
  /** Tells why there is no answer, as every refusal is told. For what is no GraphQL request at all. */
  refuse(request: IncomingMessage, response: ServerResponse, error: unknown): void;
}

/** Either of these on a GET says that a script sent it: a page of another origin cannot add them unasked. */
const PREFLIGHT_HEADERS = ['graphql-require-preflight', 'apollo-require-preflight'];

/** Every way of `/graphql` over HTTP: plain POST directly, the others by Yoga, all through the same checks. */
export function createGraphqlRoute(options: GraphqlRouteOptions): GraphqlRoute {
  const { pipeline, overload } = options;
  return {
    async answer(request, response, search) {
      const mediaType = mediaTypeFor(request.headers.accept);
      try {
        // Before anything of it is read: whoever is sent away must cost next to nothing.
        overload.check();
      } catch (error) {
        return refuse(pipeline, request, response, mediaType ?? 'application/json', error);
      }
      if (request.method === 'POST' && mediaType !== null) {
        return answerDirectly(options, request, response, mediaType);
      }
      // Where no single answer was asked for, a refusal has the status that its code says.
      const refusalType = mediaType ?? 'application/graphql-response+json';
      return answerByYoga(options, request, response, search, refusalType);
    },
    refuse(request, response, error) {
      refuse(pipeline, request, response, mediaTypeFor(request.headers.accept) ?? 'application/json', error);
    },
  };
}

async function answerByYoga(
  { pipeline, yoga, maxBytes, overload, streams }: GraphqlRouteOptions,
  request: IncomingMessage,
  response: ServerResponse,
  search: string,
  mediaType: MediaType,
): Promise<void> {
  const receivedAt = performance.now();
  const header = headersOf(request);
  const requestId = requestIdOf(header('x-request-id'));
  const left = new AbortController();
  response.once('close', () => left.abort());
  let malformed = true;
  // Told at once, before a stream begins, and again when an answer is whole.
  const onRate = (headers: RateHeaders): void => {
    if (response.headersSent) return;
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  };
  try {
    const params = await paramsOf(request, header, search, maxBytes);
    malformed = !namesDocument(params);
    const readOnly = request.method === 'GET';
    const incoming = {
      ...toIncoming(request, header, requestId, receivedAt, { signal: left.signal, onRate }),
      params,
      readOnly,
    };
    let admitted: Admitted;
    let answer: Response;
    overload.enter();
    try {
      admitted = await pipeline.admit(incoming);
      answer = await yoga.fetch(toYogaRequest(request, admitted, left.signal), { admitted });
    } finally {
      // A stream that only waits for events is no work under way.
      overload.leave();
    }
    const isStream = admitted.prepared.operation.operation === 'subscription';
    await send(response, answer, requestId, isStream ? streams : null);
  } catch (error) {
    if (left.signal.aborted) return;
    write(response, toHttpAnswer(pipeline.refusal(error, { requestId }), mediaType, requestId, malformed));
  }
}

/** What the client asks for: from the body of a POST, or from the address of a GET. */
async function paramsOf(
  request: IncomingMessage,
  header: HeaderOf,
  search: string,
  maxBytes: number,
): Promise<OperationParams> {
  if (request.method === 'POST') {
    checkBodyHeaders({
      type: header('content-type'),
      encoding: header('content-encoding'),
      length: header('content-length'),
      maxBytes,
    });
    return toParams(parseBody(await readBody(request, maxBytes)));
  }
  if (request.method !== 'GET') {
    throw new WeirError('METHOD_NOT_ALLOWED', 'GraphQL is served by POST, and by GET for reading.');
  }
  if (!PREFLIGHT_HEADERS.some((name) => header(name) !== undefined)) {
    throw new WeirError('CSRF_REJECTED', 'A query by GET needs a header that only a script can send.', {
      hint: `Add the header ${PREFLIGHT_HEADERS[0]}: 1, or use POST.`,
    });
  }
  const query = new URLSearchParams(search);
  return toParams({
    query: query.get('query'),
    documentId: query.get('documentId'),
    operationName: query.get('operationName'),
    variables: jsonIn(query, 'variables'),
    extensions: jsonIn(query, 'extensions'),
  });
}

function jsonIn(query: URLSearchParams, name: string): unknown {
  const text = query.get(name);
  if (text === null || text === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    throw new WeirError('BAD_USER_INPUT', `"${name}" in the address is not JSON.`);
  }
}

/** The request as Yoga wants it: always a POST of the decoded parameters, asking for what the client asked for. */
function toYogaRequest(request: IncomingMessage, { text, incoming }: Admitted, signal: AbortSignal): Request {
  const { operationName, variables } = incoming.params;
  return new Request('http://gateway/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: request.headers.accept ?? 'application/json' },
    body: JSON.stringify({ query: text, operationName: operationName ?? undefined, variables }),
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
