/** The gateway-side REST client: what every source calls. */

import type { Endpoint } from '../backends.ts';
import type { Call } from '../call.ts';

/** Turns what came over the wire into a `T`, or throws. A zod schema fits. */
export interface Decoder<T> {
  parse(value: unknown): T;
}

export interface UpstreamRequest<T> {
  readonly endpoint: Endpoint;
  /** Values of the template's `{segments}`; checked and encoded. */
  readonly path?: Readonly<Record<string, string>>;
  /** A list is joined by commas; `undefined` is left out. */
  readonly query?: Readonly<Record<string, string | number | readonly string[] | undefined>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** For writes: the backend answers a repeat with what the first one did. */
  readonly idempotencyKey?: string;
  readonly decode: Decoder<T>;
}

export interface Upstream {
  /**
   * Makes one REST call and returns its decoded answer.
   *
   * Throws a `WeirError`: `UPSTREAM_UNAVAILABLE`, `UPSTREAM_TIMEOUT`, `UPSTREAM_ERROR` (with the backend's
   * `UpstreamProblem` as its cause), `UPSTREAM_BAD_RESPONSE`, `DEADLINE_EXCEEDED`, or `BAD_USER_INPUT` for a
   * value that no path or query of the backend can carry.
   */
  send<T>(call: Call, request: UpstreamRequest<T>): Promise<T>;
  /** As `send`, but null where the backend has no such object (404), or where the id cannot be one. */
  find<T>(call: Call, request: UpstreamRequest<T>): Promise<T | null>;
  /** Ends idle connections, waits for the calls in flight, and refuses new ones. */
  close(): Promise<void>;
}
