/**
 * One operation's identity, budget and trace.
 *
 * A `Call` is made once for each operation (or workflow step) and travels with it to every REST call, so that
 * whoever waits for something knows for whom, until when, and where to report it. This file imports nothing.
 */

/** A person whose token was verified. */
export interface Viewer {
  /** The token's `sub`: a raw user id, such as `17`. */
  readonly id: string;
  readonly scopes: ReadonlySet<string>;
  /** The token's `client_id`: the application that is billed. */
  readonly clientId: string | null;
  /** The token itself, handed on to endpoints that want the viewer's credentials. Never logged. */
  readonly token: string;
  /** When the token ends, in milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** Who is billed for a REST call, and for what. */
export interface Account {
  /** The token's `client_id`, or null. */
  readonly clientId: string | null;
  /** The operation's name, or null where it has none. */
  readonly operation: string | null;
}

/** How long something that was read may be kept, and by whom (RFC 9111). */
export interface Freshness {
  /** In milliseconds since the epoch; past where it is stale, `-Infinity` where it may not be kept at all. */
  readonly until: number;
  /** Whether everybody would have read the same. */
  readonly isPublic: boolean;
}

/** Why a REST call is made: which fields asked for it, and for how many keys. */
export interface Demand {
  /** How many keys this one call serves. */
  readonly batchSize: number;
  /** The keys themselves, for the waterfall's detail view. */
  readonly keys: readonly string[];
  /** 1 for a call that waited for no other, 2 for one that waited for a call of wave 1, and so on. */
  readonly wave: number;
  /** Response paths that asked, such as `me.orders.nodes.items.product`. Worked out only when somebody looks. */
  paths(): readonly string[];
  /**
   * Takes note of keys that cannot be had, and why, so that the call may answer with the others. Without it a
   * call fails as a whole.
   */
  readonly lacks?: (keys: readonly string[], error: Error) => void;
}

/** Where an answer came from. */
export type AnswerSource = 'network' | 'shared' | 'cache' | 'stale';

/** One attempt at one REST call, or one answer that spared it. Times are of `performance.now()`. */
export interface CallRecord {
  readonly backend: string;
  readonly method: string;
  /** The template, such as `GET /products?ids`, never the address. */
  readonly route: string;
  /** The HTTP status, or null where none came. */
  readonly status: number | null;
  readonly source: AnswerSource;
  /** 1 for the first attempt. */
  readonly attempt: number;
  /** When the call was asked for (before it waited for a free slot). */
  readonly queuedAt: number;
  /** When it was sent. */
  readonly startedAt: number;
  /** When its headers had arrived, or null. */
  readonly firstByteAt: number | null;
  readonly endedAt: number;
  readonly bytes: number;
  /** An error code of the catalogue, or null. */
  readonly error: string | null;
  readonly demand: Demand | null;
  /** The trace context that was sent; another operation's where the call was joined. */
  readonly traceparent?: string | undefined;
}

export interface Call {
  readonly requestId: string;
  /** Ends every wait and every REST call of the operation. */
  readonly signal: AbortSignal;
  /** When the budget ends, on the clock of `performance.now()`. */
  readonly deadlineAt: number;
  /** Null for the anonymous. */
  readonly viewer: Viewer | null;
  /** The raw user id on whose behalf the gateway itself calls (durable workflows), or null. */
  readonly onBehalfOf: string | null;
  /** W3C trace context to hand on, or null. */
  readonly traceparent: string | null;
  /** Draws the trace context of one attempt, which then has a span of its own. Left out: all have `traceparent`. */
  readonly traceparentFor?: (() => string) | undefined;
  /** Hears of every attempt, or null where nobody listens. */
  readonly observe: ((record: CallRecord) => void) | null;
  /** Hears how fresh everything is that is read for the operation. Left out where nobody keeps its answer. */
  readonly onRead?: ((freshness: Freshness) => void) | undefined;
  /** Set by a loader on the call that it makes for a batch. */
  readonly demand: Demand | null;
  /** Who is billed. Left out: the gateway itself. */
  readonly account?: Account;
  /** Who is billed for a call that several wait for, each for its share: asked when it ends. */
  readonly sharedBy?: () => readonly (Account | undefined)[];
}

/** The same call, asked for by these fields. */
export function withDemand(call: Call, demand: Demand): Call {
  return { ...call, demand };
}
