import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline as pipeStreams } from 'node:stream/promises';
import type { YogaServerInstance } from 'graphql-yoga';
import { WeirError } from '../errors.ts';
import { type OperationParams, toParams } from '../execution/params.ts';
import type { Pipeline } from '../execution/pipeline.ts';
import { answerDirectly, type HeaderOf, headersOf, requestIdOf, toIncoming, write } from './direct.ts';
import { type MediaType, mediaTypeFor, toHttpAnswer } from './http-answer.ts';
import { checkBodyHeaders, parseBody, readBody } from './read-body.ts';
import type { YogaContext } from './yoga.ts';

export interface GraphqlRouteOptions {
  readonly pipeline: Pipeline;
  readonly yoga: YogaServerInstance<YogaContext, object>;
  readonly maxBytes: number;
}

/** Either of these on a GET says that a script sent it: a page of another origin cannot add them unasked. */
const PREFLIGHT_HEADERS = ['graphql-require-preflight', 'apollo-require-preflight'];

/** Every way of `/graphql` over HTTP: plain POST directly, the others by Yoga, all through the same checks. */
export function createGraphqlRoute(options: GraphqlRouteOptions) {
  return async (request: IncomingMessage, response: ServerResponse, search: string): Promise<void> => {
    const mediaType = mediaTypeFor(request.headers.accept);
    if (request.method === 'POST' && mediaType !== null) {
      return answerDirectly(options, request, response, mediaType);
    }
    return answerByYoga(options, request, response, search, mediaType ?? 'application/json');
  };
}

async function answerByYoga(
  { pipeline, yoga, maxBytes }: GraphqlRouteOptions,
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
  try {
    const params = await paramsOf(request, header, search, maxBytes);
    const readOnly = request.method === 'GET';
    const incoming = { ...toIncoming(header, requestId, receivedAt, left.signal), params, readOnly };
    const admitted = await pipeline.admit(incoming);
    const answer = await yoga.fetch(toYogaRequest(request, params, left.signal), { admitted });
    await send(response, answer, requestId);
  } catch (error) {
    if (left.signal.aborted) return;
    const malformed = request.method !== 'GET' || !search.includes('query=');
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
function toYogaRequest(request: IncomingMessage, params: OperationParams, signal: AbortSignal): Request {
  const { query, operationName, variables, extensions } = params;
  return new Request('http://gateway/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: request.headers.accept ?? 'application/json' },
    body: JSON.stringify({ query, operationName: operationName ?? undefined, variables, extensions }),
    signal,
  });
}

async function send(response: ServerResponse, answer: Response, requestId: string): Promise<void> {
  response.writeHead(answer.status, {
    ...Object.fromEntries(answer.headers),
    'cache-control': 'no-store',
    'x-request-id': requestId,
  });
  if (answer.body === null) response.end();
  // A client that leaves in the middle of a stream ends it; that is no error of ours.
  else await pipeStreams(Readable.from(answer.body), response).catch(() => response.destroy());
}
