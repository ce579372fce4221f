import { type ExecutionResult, GraphQLError } from 'graphql';
import { eventStream } from '../../client/src/event-stream.ts';
import type { SentRequest } from './waterfall/curl.ts';

/** One answer of the endpoint: the only one, or one of a stream. */
export interface Answer {
  readonly status: number;
  /** A GraphQL result, or one made up in its form where the endpoint sent something else. */
  readonly result: ExecutionResult;
}

/**
 * Sends an operation and gives its answers as they come: one for a query, several for a subscription or for
 * `@defer` and `@stream`, which are asked for as `text/event-stream` (GraphQL over SSE, distinct connections).
 *
 * Throws `TypeError` where the endpoint cannot be reached, and `AbortError` when the signal ends it.
 */
export async function* answersTo(
  request: SentRequest,
  { streamed, signal }: { readonly streamed: boolean; readonly signal: AbortSignal },
): AsyncGenerator<Answer, void> {
  const json = 'application/graphql-response+json, application/json;q=0.9';
  const response = await fetch(request.url, {
    method: 'POST',
    headers: {
      accept: streamed ? `text/event-stream, ${json}` : json,
      'content-type': 'application/json',
      ...request.headers,
    },
    body: JSON.stringify({
      query: request.query,
      operationName: request.operationName ?? undefined,
      variables: request.variables ?? undefined,
    }),
    credentials: 'same-origin',
    signal,
  });
  const { status, body } = response;
  if (body && response.headers.get('content-type')?.startsWith('text/event-stream')) {
    yield* streamedAnswers(status, body);
  } else {
    yield { status, result: resultIn(await response.text(), response) };
  }
}

async function* streamedAnswers(
  status: number,
  body: ReadableStream<Uint8Array>,
): AsyncGenerator<Answer, void> {
  let last: ExecutionResult = {};
  try {
    for await (const { event, data } of eventStream(body)) {
      if (event === 'complete') return;
      if (event !== 'next') continue;
      last = asResult(JSON.parse(data));
      yield { status, result: last };
    }
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
  }
  // What has arrived stays to be seen beside the news that no more will.
  const broken = new GraphQLError('The connection ended before the operation was complete.');
  yield { status, result: { ...last, errors: [...(last.errors ?? []), broken] } };
}

function resultIn(text: string, { status, statusText }: Response): ExecutionResult {
  try {
    return asResult(JSON.parse(text));
  } catch {
    const heading = `HTTP ${status} ${statusText}`.trim();
    const extensions = { received: text.slice(0, 2000) };
    return { errors: [new GraphQLError(`${heading}: the endpoint sent no GraphQL result.`, { extensions })] };
  }
}

function asResult(value: unknown): ExecutionResult {
  if (!isResult(value)) throw new TypeError('no GraphQL result');
  return value;
}

/** Looks as far as the explorer relies on it; what lies deeper is shown, not used. */
function isResult(value: unknown): value is ExecutionResult {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return !('errors' in value) || value.errors === null || Array.isArray(value.errors);
}
