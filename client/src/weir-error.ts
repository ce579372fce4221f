/** Every code that Weir sends, and three of the client's own: see `docs/errors.md`. */
export type WeirErrorCode =
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'BAD_USER_INPUT'
  | 'GRAPHQL_PARSE_FAILED'
  | 'GRAPHQL_VALIDATION_FAILED'
  | 'OPERATION_TOO_COMPLEX'
  | 'RATE_LIMITED'
  | 'OVERLOADED'
  | 'PERSISTED_OPERATION_REQUIRED'
  | 'PERSISTED_QUERY_NOT_FOUND'
  | 'PAYLOAD_TOO_LARGE'
  | 'UNSUPPORTED_MEDIA_TYPE'
  | 'METHOD_NOT_ALLOWED'
  | 'CSRF_REJECTED'
  | 'UPSTREAM_TIMEOUT'
  | 'UPSTREAM_UNAVAILABLE'
  | 'UPSTREAM_ERROR'
  | 'UPSTREAM_BAD_RESPONSE'
  | 'DEADLINE_EXCEEDED'
  | 'WORKFLOWS_UNAVAILABLE'
  | 'INTERNAL'
  /** No answer came: no network, a closed connection, or no answer in time. */
  | 'NETWORK_FAILED'
  /** What came is no GraphQL: something between this client and Weir has answered. */
  | 'NOT_GRAPHQL'
  /** Whoever asked has called it off. */
  | 'ABORTED';

/** What is known of an error beside its message. */
export interface WeirErrorDetail {
  readonly retryable: boolean;
  /** Names the operation in Weir's log; null where no answer came. */
  readonly requestId: string | null;
  /** The field that failed, such as `['me', 'orders', 'nodes', 0, 'payment']`; empty where the whole operation did. */
  readonly path: readonly (string | number)[];
  /** What the reader can do about it, or null. */
  readonly hint: string | null;
  /** Seconds after which to try again, or null. */
  readonly retryAfter: number | null;
  /** Of a write: send it again with this key, and it is done once. */
  readonly idempotencyKey: string | null;
  /** Everything that Weir sent beside the message. */
  readonly extensions: Readonly<Record<string, unknown>>;
}

const nothing: WeirErrorDetail = {
  retryable: false,
  requestId: null,
  path: [],
  hint: null,
  retryAfter: null,
  idempotencyKey: null,
  extensions: {},
};

/**
 * Why there is no answer, or no value for one field of it.
 *
 * `code` may be one that this client does not know yet: treat such a one as `INTERNAL`.
 */
export class WeirError extends Error implements WeirErrorDetail {
  override readonly name = 'WeirError';
  readonly code: WeirErrorCode;
  readonly retryable: boolean;
  readonly requestId: string | null;
  readonly path: readonly (string | number)[];
  readonly hint: string | null;
  readonly retryAfter: number | null;
  readonly idempotencyKey: string | null;
  readonly extensions: Readonly<Record<string, unknown>>;

  constructor(
    code: WeirErrorCode,
    message: string,
    detail: Partial<WeirErrorDetail> & { readonly cause?: unknown } = {},
  ) {
    super(message, detail.cause === undefined ? undefined : { cause: detail.cause });
    const all = { ...nothing, ...detail };
    this.code = code;
    this.retryable = all.retryable;
    this.requestId = all.requestId;
    this.path = all.path;
    this.hint = all.hint;
    this.retryAfter = all.retryAfter;
    this.idempotencyKey = all.idempotencyKey;
    this.extensions = all.extensions;
  }

  /** The same error, which knows the key of the write that met it. */
  withKey(idempotencyKey: string | null): WeirError {
    return idempotencyKey === null
      ? this
      : new WeirError(this.code, this.message, { ...this, idempotencyKey, cause: this.cause });
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const textIn = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** An entry of an answer's `errors` as a `WeirError`. */
export function toWeirError(entry: unknown, requestId: string | null, retryAfter: number | null): WeirError {
  const error = isObject(entry) ? entry : {};
  const extensions = isObject(error.extensions) ? error.extensions : {};
  const path = Array.isArray(error.path)
    ? error.path.filter((key) => typeof key === 'string' || typeof key === 'number')
    : [];
  return new WeirError(
    // A newer gateway may send a code that is not in the type yet; it travels as it is.
    (textIn(extensions.code) ?? 'INTERNAL') as WeirErrorCode,
    textIn(error.message) ?? 'Weir sent an error without a message.',
    {
      retryable: extensions.retryable === true,
      requestId: textIn(extensions.requestId) ?? requestId,
      path,
      hint: textIn(extensions.hint),
      retryAfter: typeof extensions.retryAfter === 'number' ? extensions.retryAfter : retryAfter,
      extensions,
    },
  );
}
