import {
  type DocumentNode,
  type ExecutionResult,
  GraphQLError,
  Kind,
  OperationTypeNode,
  parse,
  visit,
} from 'graphql';
import type { Fetcher, FetcherOptions, FetcherParams } from './graphiql-types.ts';
import { type Answer, answersTo } from './graphql-transport.ts';
import type { RunReporter, Runs } from './runs.ts';
import type { Session } from './session.ts';
import { tokenIn } from './sign-in.ts';
import type { SentRequest } from './waterfall/curl.ts';

export interface FetcherParts {
  readonly url: string;
  readonly session: Session;
  readonly runs: Runs;
}

/**
 * GraphiQL's way to the endpoint.
 *
 * Sends the session's token and asks for the waterfall, unless the headers editor says otherwise; reports each
 * run for the Waterfall panel; signs in with the token that a `signIn` mutation answers with; and ends the
 * session when the endpoint no longer takes its token. Every operation can be stopped.
 */
export function createFetcher({ url, session, runs }: FetcherParts): Fetcher {
  return (params, options) => {
    const document = parsed(params.query);
    const own = isIntrospection(params);
    const request = toRequest(url, { ...params, operationName: operationNameIn(document, params) }, options, {
      authorization: bearer(session),
      'x-weir-trace': session.get().trace && !own ? '1' : null,
    });
    if (own) return introspect(request, session);

    const reporter = runs.begin(request, request.headers['x-weir-trace'] === '1');
    return stoppable((signal) => {
      const answers = answersTo(request, { streamed: isStreamed(document, request), signal });
      return relay(answers, signal, reporter, (answer) => noteSession(session, request, document, answer));
    });
  };
}

/**
 * Makes a stream that ends at once when its reader returns early. A generator by itself cannot: it hears of a
 * `return` only after what it waits for has come.
 */
function stoppable<T>(start: (signal: AbortSignal) => AsyncGenerator<T, void>): AsyncIterable<T> {
  const abort = new AbortController();
  const results = start(abort.signal);
  const iterator: AsyncIterator<T, void> = {
    next: () => results.next(),
    async return() {
      abort.abort();
      return { done: true, value: undefined };
    },
  };
  return { [Symbol.asyncIterator]: () => iterator };
}

/** Hands on each result. Ends well even where the endpoint cannot be reached: that, too, is said in a result. */
async function* relay(
  answers: AsyncIterable<Answer>,
  signal: AbortSignal,
  reporter: RunReporter,
  note: (answer: Answer) => void,
): AsyncGenerator<ExecutionResult, void> {
  try {
    for await (const answer of answers) {
      reporter.answered(answer.status, answer.result);
      note(answer);
      yield answer.result;
    }
    reporter.ended('done');
  } catch (error) {
    reporter.ended(signal.aborted ? 'stopped' : 'unreachable');
    if (signal.aborted) return;
    const reason = error instanceof Error ? error.message : String(error);
    yield { errors: [new GraphQLError(`The endpoint could not be reached: ${reason}`)] };
  }
}

/** Loads the schema; once more without the token where the endpoint turned the token away. */
async function introspect(request: SentRequest, session: Session): Promise<ExecutionResult> {
  const signal = new AbortController().signal;
  for await (const { status, result } of answersTo(request, { streamed: false, signal })) {
    const ended = status === 401 && endSession(session, request);
    if (!ended) return result;
  }
  const { authorization: _, ...headers } = request.headers;
  for await (const { result } of answersTo({ ...request, headers }, { streamed: false, signal }))
    return result;
  throw new Error('the endpoint gave no answer');
}

function noteSession(
  session: Session,
  request: SentRequest,
  document: DocumentNode | null,
  { status, result }: Answer,
): void {
  if (status === 401) endSession(session, request);
  const signedIn = document && tokenIn(document, request.operationName, result);
  if (signedIn) session.adopt(signedIn);
}

/** Ends the session if it was its token that the request carried. */
function endSession(session: Session, request: SentRequest): boolean {
  const own = request.headers.authorization === bearer(session);
  if (own) session.signOut('The gateway no longer takes your token. Please sign in again.');
  return own;
}

function bearer(session: Session): string | null {
  const token = session.liveToken();
  return token === null ? null : `Bearer ${token}`;
}

/** What the headers editor says wins, whatever the case of its letters; an empty value there sends no header. */
function toRequest(
  url: string,
  { query, operationName, variables }: FetcherParams,
  options: FetcherOptions | undefined,
  ours: Readonly<Record<string, string | null>>,
): SentRequest {
  const typed = Object.entries(options?.headers ?? {}).map(([name, value]) => [
    name.toLowerCase(),
    String(value),
  ]);
  const headers: Record<string, string | null> = { ...ours, ...Object.fromEntries(typed) };
  const variable: unknown = variables;
  return {
    url,
    query,
    operationName: operationName ?? null,
    variables: variable,
    headers: Object.fromEntries(
      Object.entries(headers).filter((entry): entry is [string, string] => Boolean(entry[1])),
    ),
  };
}

/**
 * The operation to run. GraphiQL reads names out of the editor with a delay: who changes the tab and runs at once
 * would ask for the operation of the tab before, so a name that is not in the text gives way to the only one that is.
 */
function operationNameIn(document: DocumentNode | null, { operationName }: FetcherParams): string | null {
  const names = (document?.definitions ?? [])
    .filter((definition) => definition.kind === Kind.OPERATION_DEFINITION)
    .map((operation) => operation.name?.value ?? null);
  const [only] = names;
  return names.length === 1 && only !== undefined ? only : (operationName ?? null);
}

function isIntrospection({ operationName, query }: FetcherParams): boolean {
  return operationName === 'IntrospectionQuery' && query.includes('__schema');
}

/** Whether the answer comes in parts: a subscription, or a document that defers or streams. */
function isStreamed(document: DocumentNode | null, { operationName }: SentRequest): boolean {
  if (!document) return false;
  let streamed = document.definitions.some(
    (definition) =>
      definition.kind === Kind.OPERATION_DEFINITION &&
      definition.operation === OperationTypeNode.SUBSCRIPTION &&
      (!operationName || definition.name?.value === operationName),
  );
  visit(document, {
    Directive({ name }) {
      streamed ||= name.value === 'defer' || name.value === 'stream';
    },
  });
  return streamed;
}

function parsed(query: string): DocumentNode | null {
  try {
    return parse(query);
  } catch {
    return null;
  }
}
