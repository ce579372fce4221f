import { eventStream } from './event-stream.ts';
import { aborted } from './retry.ts';
import { toWeirError, WeirError } from './weir-error.ts';

/** How to reach Weir, and what to say with every request. */
export interface TransportOptions {
  /** The address of GraphQL, such as `https://shop.example/graphql`. */
  readonly url: string;
  /** The viewer's access token, asked for before each attempt; null or left out for the anonymous. */
  readonly token?: () => string | null | Promise<string | null>;
  /** A name for the metrics of whoever runs the gateway. */
  readonly clientName?: string;
  /** The platform's own where left out. React Native needs one that streams (`expo/fetch`) for subscriptions. */
  readonly fetch?: typeof fetch;
}

/** One operation as it goes over the wire. */
export interface Operation {
  readonly body: Readonly<Record<string, unknown>>;
  readonly signal: AbortSignal | null;
  /** Whether to ask for the waterfall. */
  readonly trace: boolean;
  /** The longest the gateway shall take, in milliseconds, or null. */
  readonly timeoutMs: number | null;
}

/** An answer as it came: `data` may be there beside `errors`. */
export interface RawAnswer {
  /** Undefined where the whole operation failed. */
  readonly data: unknown;
  readonly errors: readonly WeirError[];
  readonly extensions: Readonly<Record<string, unknown>>;
  readonly requestId: string | null;
  /** The whole payload: parts of an answer that comes in parts have more to say. */
  readonly payload: Readonly<Record<string, unknown>>;
}

export interface Transport {
  /** Throws `NETWORK_FAILED`, `NOT_GRAPHQL` or `ABORTED`; what Weir has to say is in the answer. */
  ask(operation: Operation): Promise<RawAnswer>;
  /**
   * One answer after the other, until Weir says that there are no more. Throws as `ask`, and `NETWORK_FAILED` where
   * the stream breaks off.
   */
  listen(operation: Operation): AsyncGenerator<RawAnswer, void>;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** GraphQL over HTTP by `fetch`: single answers as JSON, many as server-sent events. */
export function createTransport(options: TransportOptions): Transport {
  const { url, token, clientName } = options;

  const post = async (operation: Operation, accept: string): Promise<Response> => {
    // Looked up at each call, so that a polyfill or a test may come later.
    const send = options.fetch ?? globalThis.fetch;
    const bearer = (await token?.()) ?? null;
    try {
      return await send(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept,
          ...(bearer === null ? {} : { authorization: `Bearer ${bearer}` }),
          ...(clientName === undefined ? {} : { 'x-client-name': clientName }),
          ...(operation.trace ? { 'x-weir-trace': '1' } : {}),
          ...(operation.timeoutMs === null ? {} : { 'x-weir-timeout-ms': String(operation.timeoutMs) }),
        },
        body: JSON.stringify(operation.body),
        signal: operation.signal,
      });
    } catch (error) {
      throw asFailure(error, operation.signal);
    }
  };

  const read = async (response: Response, signal: AbortSignal | null): Promise<RawAnswer> => {
    let text: string;
    try {
      text = await response.text();
    } catch (error) {
      throw asFailure(error, signal);
    }
    return decode(text, response);
  };

  return {
    ask: async (operation) =>
      read(await post(operation, 'application/graphql-response+json, application/json'), operation.signal),
    async *listen(operation) {
      const response = await post(operation, 'text/event-stream, application/json;q=0.5');
      const isStream = response.headers.get('content-type')?.startsWith('text/event-stream');
      // What was refused before it began is one plain answer.
      if (!isStream) {
        yield await read(response, operation.signal);
        return;
      }
      // React Native has `undefined` here.
      if (!response.body) {
        throw new WeirError(
          'NETWORK_FAILED',
          'The `fetch` of this platform does not stream: give the client one that does.',
        );
      }
      try {
        for await (const { event, data } of eventStream(response.body)) {
          if (event === 'complete') return;
          if (event === 'next') yield decode(data, response);
        }
      } catch (error) {
        throw error instanceof WeirError ? error : asFailure(error, operation.signal);
      }
      throw new WeirError('NETWORK_FAILED', 'The stream broke off.', { retryable: true });
    },
  };
}

function asFailure(error: unknown, signal: AbortSignal | null): WeirError {
  if (signal?.aborted) return aborted();
  return new WeirError('NETWORK_FAILED', 'Weir could not be reached.', { retryable: true, cause: error });
}

function decode(text: string, { status, headers }: Response): RawAnswer {
  const requestId = headers.get('x-request-id');
  let payload: unknown;
  try {
    payload = JSON.parse(text);
  } catch {
    payload = null;
  }
  if (
    !isObject(payload) ||
    !('data' in payload || 'errors' in payload || 'incremental' in payload || 'hasNext' in payload)
  ) {
    // Proxies answer 502, 503 and 504 by themselves while a gateway restarts.
    throw new WeirError('NOT_GRAPHQL', `Something that is not Weir has answered with status ${status}.`, {
      retryable: status >= 502 && status <= 504,
      requestId,
    });
  }
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  const retryAfter = Number.isFinite(seconds) ? seconds : null;
  const errors = Array.isArray(payload.errors) ? payload.errors : [];
  return {
    data: payload.data,
    errors: errors.map((error) => toWeirError(error, requestId, retryAfter)),
    extensions: isObject(payload.extensions) ? payload.extensions : {},
    requestId,
    payload,
  };
}
