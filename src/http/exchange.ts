/**
 * One REST exchange on its way through the policies: what is asked, and what came back.
 *
 * A policy that sits around others is a `Layer`. The exchange is plain data, so that a layer can hand on a
 * changed copy (`{ ...exchange, headers }`), answer by itself, or give several callers one answer.
 */

import type { Endpoint } from '../backends.ts';
import type { AnswerSource, Call, Freshness } from '../call.ts';
import type { CheckedDecoder } from './decode.ts';

/** Header names are in lower case. Only names of the allow-list in `request.ts` ever get in here. */
export type RequestHeaders = Readonly<Record<string, string>>;

/** As the wire gave them, names in lower case; a header that came more than once is a list. */
export type AnswerHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

export interface Exchange {
  /** For whom, and who hears of it. Waits go by `signal` and `deadlineAt` below, which a layer may replace. */
  readonly call: Call;
  readonly endpoint: Endpoint;
  /** Path and query as they are sent, from the endpoint's template: `/products?ids=1,2`. Holds no host. */
  readonly url: string;
  /**
   * Without what each attempt adds by itself (`x-timeout-ms`). A cache adds its validators here.
   */
  readonly headers: RequestHeaders;
  /**
   * Whose eyes the answer is for: null where the call carries no credentials, else `viewer:17`,
   * `behalf:17` or `machine`. An answer with a principal is never given to another one.
   */
  readonly principal: string | null;
  /** JSON text, or null. */
  readonly body: string | null;
  /** The caller's decoder of a good answer's body. A layer that keeps answers keeps only what passed its `full`. */
  readonly decode: CheckedDecoder<unknown>;
  /**
   * Ends the exchange: its socket is destroyed, its promise rejects. Both this and the deadline may be others once
   * a second caller shares the exchange, so they are read when they are needed, and not kept.
   */
  readonly signal: AbortSignal;
  /**
   * When the exchange must have ended, on the clock of `performance.now()`. Of an exchange that several callers
   * share it is the latest of theirs.
   */
  readonly deadlineAt: number;
}

/** On the clock of `performance.now()`. */
export interface AnswerTimings {
  readonly queuedAt: number;
  readonly startedAt: number;
  readonly firstByteAt: number;
  readonly endedAt: number;
}

/** A whole answer that arrived in time. Its status may be any; what it means is decided after the layers. */
export interface Answer {
  readonly status: number;
  readonly headers: AnswerHeaders;
  /**
   * The parsed JSON value. Null where there was no body (204, 304) or where an answer of status 400 or more
   * was not JSON. Shared between callers: never changed by anyone.
   */
  readonly body: unknown;
  /**
   * What the exchange's `decode` made of the body, deeply frozen, where a layer needed it: then nobody has to
   * decode again, and `body` may be null.
   */
  readonly decoded?: { readonly value: unknown };
  /** How fresh it is, where `headers` do not say so of all of it: what was kept, or put together from several. */
  readonly freshness?: Freshness;
  /** Length of the body on the wire. */
  readonly bytes: number;
  readonly timings: AnswerTimings;
  readonly source: AnswerSource;
}

/**
 * Resolves with every whole answer, a 404 or 503 as well. Rejects with a `WeirError` where there is none:
 * `UPSTREAM_UNAVAILABLE`, `UPSTREAM_TIMEOUT`, `UPSTREAM_BAD_RESPONSE`, `DEADLINE_EXCEEDED`.
 */
export type Send = (exchange: Exchange) => Promise<Answer>;

/** A policy around others. Stands between the deadline and the retries: what it asks of `next` may be retried. */
export type Layer = (next: Send) => Send;
