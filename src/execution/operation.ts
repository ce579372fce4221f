import type { FormattedExecutionResult, OperationTypeNode } from 'graphql';
import type { Freshness, Viewer } from '../call.ts';
import type { Charge } from '../guard/charge.ts';
import type { RateHeaders } from '../guard/rate-limit.ts';
import type { Client } from './budget.ts';
import type { PreparedOperation } from './documents.ts';
import type { OperationParams } from './params.ts';

/** What every way in (POST, GET, SSE, WebSocket) knows of a request. */
export interface Incoming {
  readonly params: OperationParams;
  readonly requestId: string;
  /** A GET may only read. */
  readonly readOnly: boolean;
  readonly authorization: string | undefined;
  readonly timeoutMs: string | undefined;
  readonly traceparent: string | undefined;
  /** When it arrived, on the clock of `performance.now()`. */
  readonly receivedAt: number;
  /** Whether the waterfall was asked for. */
  readonly wantsTrace: boolean;
  /** Whether it was asked what the operation calls at most. */
  readonly wantsExplanation: boolean;
  /** What the client calls itself: a label, which proves nothing. */
  readonly clientName?: string | undefined;
  /** Is told the header `server-timing`, where the viewer may see it; null where nobody would read it. */
  readonly onTimed?: ((serverTiming: string) => void) | null;
  /** The address at the other end of the connection. */
  readonly remoteAddress: string | undefined;
  /** The header `x-forwarded-for`, which is believed only from trusted proxies. */
  readonly forwardedFor: string | undefined;
  /** Is told the headers that say what is left of the rate limit; null where there are no headers. */
  readonly onRate?: ((headers: RateHeaders) => void) | null;
  /** Is told how long the answer may be kept, where it may be; null where nobody keeps it. */
  readonly onKept?: ((freshness: Freshness) => void) | null;
  /** Who waits for the answer; null where nobody can tell whether they still do. */
  readonly client: Client | null;
}

/** An operation that has passed every check: it only has to run. */
export interface Admitted {
  readonly incoming: Incoming;
  readonly prepared: PreparedOperation;
  /** The document's text, wherever it came from. */
  readonly text: string;
  /** Whether it was asked for by its hash. */
  readonly byHash: boolean;
  readonly viewer: Viewer | null;
  readonly budgetMs: number;
  /** What it owes: hears of its REST calls, and is settled when it has ended. */
  readonly charge: Charge;
}

/** What was seen of an operation, for its log line. */
export interface OperationReport {
  readonly requestId: string;
  readonly operation: string | null;
  readonly kind: OperationTypeNode | null;
  readonly hash: string | null;
  readonly viewer: string | null;
  /** The token's `client_id`. */
  readonly clientId: string | null;
  /** What the client calls itself. */
  readonly client?: string | null;
  /** From the arrival of the request to its answer. */
  readonly durationMs: number;
  readonly calls: number;
  readonly depth: number;
  /** `ok`, `partial` (data beside errors), or the code of the error that stood in place of an answer. */
  readonly outcome: string;
}

/** GraphQL's answer as a client gets it. */
export type Answer = FormattedExecutionResult;
