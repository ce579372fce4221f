import { GraphQLError } from 'graphql';

/**
 * The catalogue: every code a client can meet.
 *
 * `retryable` says whether the same request may succeed later without a change. `status` is the HTTP status
 * where the error is about the whole request; `docs/errors.md` says the same in words and a test compares them.
 */
export const catalogue = {
  UNAUTHENTICATED: { retryable: false, status: 401 },
  FORBIDDEN: { retryable: false, status: 403 },
  BAD_USER_INPUT: { retryable: false, status: 400 },
  GRAPHQL_PARSE_FAILED: { retryable: false, status: 400 },
  GRAPHQL_VALIDATION_FAILED: { retryable: false, status: 400 },
  OPERATION_TOO_COMPLEX: { retryable: false, status: 400 },
  RATE_LIMITED: { retryable: true, status: 429 },
  OVERLOADED: { retryable: true, status: 503 },
  PERSISTED_OPERATION_REQUIRED: { retryable: false, status: 400 },
  PERSISTED_QUERY_NOT_FOUND: { retryable: true, status: 200 },
  PAYLOAD_TOO_LARGE: { retryable: false, status: 413 },
  UNSUPPORTED_MEDIA_TYPE: { retryable: false, status: 415 },
  METHOD_NOT_ALLOWED: { retryable: false, status: 405 },
  CSRF_REJECTED: { retryable: false, status: 403 },
  UPSTREAM_TIMEOUT: { retryable: true, status: 504 },
  UPSTREAM_UNAVAILABLE: { retryable: true, status: 503 },
  UPSTREAM_ERROR: { retryable: false, status: 502 },
  UPSTREAM_BAD_RESPONSE: { retryable: false, status: 502 },
  DEADLINE_EXCEEDED: { retryable: true, status: 504 },
  WORKFLOWS_UNAVAILABLE: { retryable: true, status: 503 },
  INTERNAL: { retryable: false, status: 500 },
} as const satisfies Record<string, { retryable: boolean; status: number }>;

export type ErrorCode = keyof typeof catalogue;

/** What may be said of an error beside its code. Everything here reaches the client. */
export interface ErrorDetail {
  /** What the reader can do about it. */
  readonly hint?: string;
  readonly limit?: number;
  readonly actual?: number;
  /** The backend's name, never its address. */
  readonly backend?: string;
  /** RFC 9457 problem details whose `type` our contracts know. */
  readonly problem?: { readonly type: string; readonly status: number };
  /** Overrides the catalogue, for an upstream error that another attempt may cure. */
  readonly retryable?: boolean;
  /** Seconds after which to try again. */
  readonly retryAfter?: number;
}

/**
 * The one class of deliberate errors. Its message and detail reach the client; its cause reaches only the log.
 *
 * The request's id is added when the answer is written.
 */
export class WeirError extends GraphQLError {
  readonly code: ErrorCode;
  readonly detail: ErrorDetail;

  constructor(code: ErrorCode, message: string, detail: ErrorDetail = {}, cause?: unknown) {
    super(message, {
      extensions: { code, ...detail, retryable: detail.retryable ?? catalogue[code].retryable },
    });
    this.name = 'WeirError';
    this.code = code;
    this.detail = detail;
    if (cause !== undefined) this.cause = cause;
  }
}
