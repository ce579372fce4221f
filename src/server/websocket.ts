import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type ExecutionResult, GraphQLError, type GraphQLFormattedError, type GraphQLSchema } from 'graphql';
import { type Extra, useServer } from 'graphql-ws/use/ws';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Viewer } from '../call.ts';
import { WeirError } from '../errors.ts';
import type { Admitted, Answer } from '../execution/operation.ts';
import { toParams } from '../execution/params.ts';
import { newRequestId, type Pipeline } from '../execution/pipeline.ts';
import { comesInParts } from '../execution/streaming.ts';
import type { Identity } from '../guard/identity.ts';
import type { Overload } from '../guard/overload.ts';
import { refuseServerMessages } from './client-messages.ts';
import type { Streams } from './streams.ts';

/** Numbers of a socket, each with its reason. Times in milliseconds. */
export const websocketNumbers = {
  /** A client that has connected says who it is at once. */
  initMs: 5_000,
  /** Shorter than the minute after which proxies cut what is silent. */
  pingEveryMs: 12_000,
  /** A page has a few; a flood has more. */
  operations: 50,
  /** How long a client may take to say goodbye. */
  goodbyeMs: 1_000,
  /** The streams of a token that has ended say so themselves; then the socket goes. */
  afterTokenMs: 1_000,
} as const;

export interface WebsocketOptions {
  readonly schema: GraphQLSchema;
  readonly pipeline: Pipeline;
  readonly identity: Identity;
  readonly overload: Overload;
  readonly streams: Streams;
  /** The longest message that is read. */
  readonly maxBytes: number;
}

/** An operation under way, and what tells it that nobody listens any more. */
interface Operation {
  readonly admitted: Admitted;
  readonly left: AbortController;
}

/** Takes a request to upgrade its connection. */
export type Upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

/** The code with which graphql-ws closes a socket whose client is not who it says. */
const UNAUTHENTICATED = 4401;
const GOING_AWAY = 1001;
/** The longest that a timer of Node can wait. */
const LONGEST_MS = 2 ** 31 - 1;

/**
 * `/graphql` over WebSocket, by the protocol of graphql-ws. Every operation passes the same checks as by HTTP.
 *
 * The token comes once, in `connection_init`. A bad one, or none that can be verified, closes the socket with 4401;
 * one that ends closes it a second later, after its streams were told.
 */
export function createWebsocket(options: WebsocketOptions): Upgrade {
  const { schema, pipeline, identity, overload, streams, maxBytes } = options;
  const sockets = new WebSocketServer({ noServer: true, maxPayload: maxBytes });
  const viewers = new WeakMap<WebSocket, Viewer | null>();

  const admit = async (
    payload: unknown,
    authorization: string | undefined,
    { socket, headers }: IncomingMessage,
  ): Promise<Operation> => {
    overload.check();
    const left = new AbortController();
    const admitted = await pipeline.admit({
      params: toParams(payload),
      requestId: newRequestId(),
      readOnly: false,
      authorization,
      timeoutMs: undefined,
      traceparent: undefined,
      receivedAt: performance.now(),
      wantsTrace: false,
      wantsExplanation: false,
      remoteAddress: socket.remoteAddress,
      forwardedFor: headers['x-forwarded-for']?.toString(),
      client: left,
    });
    return { admitted, left };
  };

  const run = async ({ admitted }: Operation): Promise<Answer> => {
    overload.enter();
    try {
      return await pipeline.execute(admitted);
    } finally {
      overload.leave();
    }
  };

  const stream = ({ admitted, left }: Operation) => asResults(pipeline.stream(admitted), left);

  useServer<Record<string, unknown>>(
    {
      connectionInitWaitTimeout: websocketNumbers.initMs,
      async onConnect({ connectionParams, extra: { socket } }) {
        try {
          viewers.set(socket, await identity.identify(authorizationIn(connectionParams)));
        } catch (error) {
          // Told as every refusal is, although its answer is none that this protocol has.
          pipeline.refusal(error, { requestId: newRequestId() });
          // Closed here, with the code that clients know: what is answered below would be another one.
          socket.close(UNAUTHENTICATED, 'UNAUTHENTICATED');
          return false;
        }
        endWithToken(socket, viewers.get(socket) ?? null);
        return true;
      },
      async onSubscribe({ connectionParams, subscriptions, extra: { request } }, _id, payload) {
        try {
          if (Object.keys(subscriptions).length > websocketNumbers.operations) throw tooMany();
          const contextValue = await admit(payload, authorizationIn(connectionParams), request);
          const { document, name } = contextValue.admitted.prepared;
          return { schema, document, operationName: name, contextValue };
        } catch (error) {
          const { errors = [] } = pipeline.refusal(error, { requestId: newRequestId() });
          return errors.map((words) => new Formatted(words));
        }
      },
      execute: ({ contextValue }) => {
        const operation = operationIn(contextValue);
        return comesInParts(operation.admitted.prepared) ? stream(operation) : run(operation).then(toResult);
      },
      subscribe: ({ contextValue }) => stream(operationIn(contextValue)),
    },
    sockets,
    websocketNumbers.pingEveryMs,
  );

  sockets.on('connection', (socket) => {
    const forget = streams.add(() => {
      socket.close(GOING_AWAY, 'The gateway ends.');
      setTimeout(() => socket.terminate(), websocketNumbers.goodbyeMs).unref();
    });
    socket.once('close', forget);
    // A message that is too long, or is none, closes the socket with the protocol's own code. It is no fault of ours,
    // so nothing is printed, as graphql-ws would.
    socket.removeAllListeners('error').on('error', () => {});
    refuseServerMessages(socket);
  });

  return (request, socket, head) => {
    if ((request.url ?? '').split('?', 1)[0] !== '/graphql') {
      socket.end('HTTP/1.1 404 Not Found\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (upgraded) => sockets.emit('connection', upgraded, request));
  };
}

function endWithToken(socket: Extra['socket'], viewer: Viewer | null): void {
  if (viewer === null) return;
  const lifeMs = Math.min(viewer.expiresAt - Date.now() + websocketNumbers.afterTokenMs, LONGEST_MS);
  const timer = setTimeout(() => socket.close(UNAUTHENTICATED, 'UNAUTHENTICATED'), lifeMs);
  socket.once('close', () => clearTimeout(timer));
}

function authorizationIn(params: Readonly<Record<string, unknown>> | undefined): string | undefined {
  const authorization = params?.authorization ?? params?.Authorization;
  if (authorization === undefined || authorization === null || authorization === '') return undefined;
  // What is no text is no token either, and is refused as one.
  return typeof authorization === 'string' ? authorization : 'malformed';
}

function operationIn(contextValue: unknown): Operation {
  // Put there by `onSubscribe`, a few lines above: graphql-ws hands it on as it is, without a type.
  return contextValue as Operation;
}

async function* toResults(answers: AsyncGenerator<Answer, void>): AsyncGenerator<ExecutionResult, void> {
  for await (const answer of answers) yield toResult(answer);
}

/** Whoever stops listening calls `return`, which a generator hears only at its next event: the signal tells it now. */
function asResults(
  answers: AsyncGenerator<Answer, void>,
  left: AbortController,
): AsyncGenerator<ExecutionResult, void> {
  const results = toResults(answers);
  const leaving: AsyncGenerator<ExecutionResult, void> = {
    next: () => results.next(),
    return: (value) => {
      left.abort();
      return results.return(value);
    },
    throw: (error) => results.throw(error),
    [Symbol.asyncIterator]: () => leaving,
    [Symbol.asyncDispose]: () => results[Symbol.asyncDispose](),
  };
  return leaving;
}

/** graphql-ws formats errors by their `toJSON`; ours are formatted already, and stay as they are. */
function toResult({ errors, ...rest }: Answer): ExecutionResult {
  if (errors === undefined) return rest;
  return { ...rest, errors: errors.map((error) => new Formatted(error)) };
}

/** An error that is told in these words and no others. */
class Formatted extends GraphQLError {
  private readonly words: GraphQLFormattedError;

  constructor(words: GraphQLFormattedError) {
    super(words.message);
    this.words = words;
  }

  override toJSON(): GraphQLFormattedError {
    return this.words;
  }
}

const tooMany = (): WeirError =>
  new WeirError('OVERLOADED', 'There are too many operations under way on this connection.', {
    limit: websocketNumbers.operations,
  });
