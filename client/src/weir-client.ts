import { newIdempotencyKey } from './idempotency-key.ts';
import { createGathering } from './parts.ts';
import { type RetryPolicy, usualRetries, withRetries } from './retry.ts';
import { follow, usualRevision } from './subscription.ts';
import { createTransport, type Operation, type RawAnswer, type TransportOptions } from './transport.ts';
import { hashOf, type Rest, type TypedDocument, takesVariable, type WithoutKey } from './typed-document.ts';
import { WeirError } from './weir-error.ts';

export interface WeirClientOptions extends TransportOptions {
  /** How reads, and writes that have a key, are repeated. */
  readonly retry?: Partial<RetryPolicy>;
  /** How breaks of a subscription are mended. */
  readonly reconnect?: Partial<RetryPolicy>;
  /**
   * `text` sends documents as they are. `hash` sends their hash, and the text where the gateway does not know it.
   * `hash-only` never sends a text: for gateways that run trusted documents alone.
   */
  readonly documents?: 'text' | 'hash' | 'hash-only';
  /** Whether every operation asks for its waterfall. */
  readonly trace?: boolean;
}

export interface AskOptions {
  /** Calls the operation off: nothing of it is waited for any more, and it throws `ABORTED`. */
  readonly signal?: AbortSignal;
  readonly trace?: boolean;
  /** The longest the gateway shall take, in milliseconds: what it has then, it sends. */
  readonly timeoutMs?: number;
}

export interface WriteOptions extends AskOptions {
  /** The key of an earlier attempt, to try that one again; a new one where left out. */
  readonly idempotencyKey?: string;
}

export interface SubscribeOptions<Result> {
  readonly signal?: AbortSignal;
  /** How new a state is: older ones are not told again. The `revision` of the one root field where left out. */
  readonly revisionOf?: (data: Result) => number | null;
}

/** An answer: all of it, or, where `errors` is not empty, what could be had. */
export interface WeirAnswer<Result> {
  readonly data: Result;
  /** One a field that could not be had, with its path. */
  readonly errors: readonly WeirError[];
  readonly requestId: string | null;
  /** `extensions.waterfall`, where it was asked for and is allowed; else null. It comes with the last part. */
  readonly waterfall: unknown;
}

/** What has come of an answer that comes in parts. */
export interface WeirPart<Result> extends WeirAnswer<Result> {
  /** Whether nothing more comes. */
  readonly complete: boolean;
}

export interface WeirClient {
  /** Reads. Repeats while the whole answer failed for a while; throws a `WeirError` where there is no data at all. */
  query<Result, Variables>(
    document: TypedDocument<Result, Variables>,
    ...rest: Rest<NoInfer<Variables>, AskOptions>
  ): Promise<WeirAnswer<Result>>;
  /**
   * Writes. A document with the variable `$idempotencyKey` gets a key, and is then as safe to repeat as a read; one
   * without is sent once. Expected failures are `problems` in the data; the rest throws a `WeirError`, with the key.
   */
  mutate<Result, Variables>(
    document: TypedDocument<Result, Variables>,
    ...rest: Rest<WithoutKey<NoInfer<Variables>>, WriteOptions>
  ): Promise<WeirAnswer<Result>>;
  /**
   * Reads an answer that comes in parts, as `@defer` and `@stream` ask for: gives what is there, each time with more in
   * it. Sent once; throws a `WeirError` where there is no data at all.
   */
  stream<Result, Variables>(
    document: TypedDocument<Result, Variables>,
    ...rest: Rest<NoInfer<Variables>, AskOptions>
  ): AsyncGenerator<WeirPart<Result>, void>;
  /** Follows a subscription until it is complete, over broken connections. Break out of the loop to leave. */
  subscribe<Result, Variables>(
    document: TypedDocument<Result, Variables>,
    ...rest: Rest<NoInfer<Variables>, SubscribeOptions<NoInfer<Result>>>
  ): AsyncGenerator<WeirAnswer<Result>, void>;
}

/** Breaks of a subscription are mended longer than a read is repeated: nobody stares at it meanwhile. */
const usualReconnects: RetryPolicy = { retries: 8, baseMs: 300, maxWaitMs: 15_000 };

type Body = Operation['body'];

/** A client for one address. It keeps nothing of what it reads between operations: no cache, no session. */
export function createWeirClient(options: WeirClientOptions): WeirClient {
  const transport = createTransport(options);
  const retry = { ...usualRetries, ...options.retry };
  const reconnect = { ...usualReconnects, ...options.reconnect };
  const documents = options.documents ?? 'text';
  const once: RetryPolicy = { ...retry, retries: 0 };

  /** What the gateway has said that it does not know: not asked for twice. */
  const unknown = new Set<string>();

  /** What to send for a document: its hash, or its text. */
  const bodies = <V>(document: TypedDocument<unknown, never>, variables: V) => {
    const hash = documents === 'text' ? null : hashOf(document);
    const extensions = { persistedQuery: { version: 1, sha256Hash: hash } };
    const withText = { query: document.toString(), variables };
    return {
      body: (): Body => (hash === null || unknown.has(hash) ? withText : { variables, extensions }),
      /** Whether what was sent is to be sent again, as text. */
      wantsText(sent: Body, answer: RawAnswer): boolean {
        if (documents !== 'hash' || hash === null || sent === withText || !isUnknownHash(answer))
          return false;
        unknown.add(hash);
        return true;
      },
    };
  };

  const ask = async (
    document: TypedDocument<unknown, never>,
    variables: unknown,
    asked: AskOptions,
    policy: RetryPolicy,
  ): Promise<RawAnswer> => {
    const signal = asked.signal ?? null;
    const common = {
      signal,
      trace: asked.trace ?? options.trace ?? false,
      timeoutMs: asked.timeoutMs ?? null,
    };
    const { body, wantsText } = bodies(document, variables);
    return withRetries(
      async () => {
        const sent = body();
        let answer = await transport.ask({ ...common, body: sent });
        if (wantsText(sent, answer)) answer = await transport.ask({ ...common, body: body() });
        if (answer.data === undefined || answer.data === null) throw reasonOf(answer);
        return answer;
      },
      policy,
      signal,
    );
  };

  /** Opens a stream, at first and again after each break. */
  const listening = (
    document: TypedDocument<unknown, never>,
    variables: unknown,
    common: Omit<Operation, 'body'>,
  ): (() => AsyncGenerator<RawAnswer, void>) => {
    const { body, wantsText } = bodies(document, variables);
    return async function* listen(): AsyncGenerator<RawAnswer, void> {
      const sent = body();
      for await (const answer of transport.listen({ ...common, body: sent })) {
        if (wantsText(sent, answer)) {
          yield* listen();
          return;
        }
        yield answer;
      }
    };
  };

  return {
    async query(document, ...[variables, asked = {}]) {
      return toAnswer(await ask(document, variables ?? {}, asked, retry));
    },

    async mutate(document, ...[variables, asked = {}]) {
      const keyed = takesVariable(document, 'idempotencyKey');
      const key = keyed ? (asked.idempotencyKey ?? newIdempotencyKey()) : null;
      const all = key === null ? (variables ?? {}) : { ...variables, idempotencyKey: key };
      try {
        return toAnswer(await ask(document, all, asked, key === null ? once : retry));
      } catch (error) {
        throw error instanceof WeirError ? error.withKey(key) : error;
      }
    },

    async *stream(document, ...[variables, asked = {}]) {
      const gather = createGathering();
      const left = leaving(asked.signal);
      const { timeoutMs = null, trace = options.trace ?? false } = asked;
      const open = listening(document, variables ?? {}, { signal: left.signal, trace, timeoutMs });
      try {
        for await (const answer of open()) {
          const { data, errors, complete } = gather(answer.payload, answer.requestId);
          if (data === undefined || data === null) throw reasonOf(answer);
          yield { ...toAnswer({ ...answer, data, errors }), complete };
          if (complete) return;
        }
      } finally {
        left.end();
      }
    },

    async *subscribe(document, ...[variables, asked = {}]) {
      const left = leaving(asked.signal);
      const { signal } = left;
      const { revisionOf } = asked;
      try {
        const answers = follow({
          open: listening(document, variables ?? {}, { signal, trace: false, timeoutMs: null }),
          policy: reconnect,
          signal,
          revisionOf: (data) => (revisionOf ? revisionOf(trusted(data)) : usualRevision(data)),
        });
        for await (const answer of answers) yield toAnswer(answer);
      } finally {
        left.end();
      }
    },
  };
}

/** Whoever breaks out of a loop ends the connection too, also while it is waited for. */
function leaving(asked: AbortSignal | undefined): { readonly signal: AbortSignal; end(): void } {
  const left = new AbortController();
  const stop = (): void => left.abort();
  if (asked?.aborted) stop();
  asked?.addEventListener('abort', stop, { once: true });
  return {
    signal: left.signal,
    end() {
      asked?.removeEventListener('abort', stop);
      stop();
    },
  };
}

function isUnknownHash({ errors }: RawAnswer): boolean {
  return errors[0]?.code === 'PERSISTED_QUERY_NOT_FOUND';
}

function reasonOf({ errors, requestId }: RawAnswer): WeirError {
  return errors[0] ?? new WeirError('NOT_GRAPHQL', 'The answer has neither data nor errors.', { requestId });
}

/** Weir answers by the schema that the document was checked against: the one place where its word is taken for it. */
function trusted<Result>(data: unknown): Result {
  return data as Result;
}

function toAnswer<Result>({ data, errors, requestId, extensions }: RawAnswer): WeirAnswer<Result> {
  return { data: trusted(data), errors, requestId, waterfall: extensions.waterfall ?? null };
}
