import { type ErrorCode, type ErrorDetail, WeirError } from '../errors.ts';

/** Why there is no answer. */
export type FailureKind =
  /** No connection: refused, no such host, TLS not agreed, or not in time. Nothing was sent. */
  | 'unreachable'
  /** The connection ended before an answer began. The backend may have acted. */
  | 'reset'
  /** The connection ended within the answer. */
  | 'truncated'
  /** Empty, or not JSON, or not HTTP. */
  | 'unreadable'
  | 'too-large'
  /** A whole answer came, and it is a refusal without problem details. */
  | 'refused'
  /** The attempt took longer than the table allows. */
  | 'timeout'
  /** The operation's own budget ended. */
  | 'deadline'
  /** Whoever asked is gone. */
  | 'cancelled'
  /** Not sent: the breaker is open. */
  | 'breaker-open'
  /** Not sent: all slots and the queue are taken. */
  | 'bulkhead-full'
  /** Not sent: the gateway is shutting down. */
  | 'closing'
  /** Not sent: a header or path that HTTP cannot carry. A fault of ours. */
  | 'invalid';

/**
 * What went wrong, in our own words, as the cause of the `WeirError` that the caller gets. Only the log sees it.
 */
export class AttemptFailure extends Error {
  readonly kind: FailureKind;
  /** The system's or undici's code, such as `ECONNREFUSED`, or what the kind says. */
  readonly reason: string;

  constructor(kind: FailureKind, route: string, reason: string, cause?: unknown) {
    super(`${route}: ${kind} (${reason})`);
    this.name = 'AttemptFailure';
    this.kind = kind;
    this.reason = reason;
    if (cause !== undefined) this.cause = cause;
  }
}

const repeatable: ReadonlySet<FailureKind> = new Set(['unreachable', 'reset', 'truncated', 'unreadable']);
const unsent: ReadonlySet<FailureKind> = new Set(['breaker-open', 'bulkhead-full', 'closing', 'invalid']);

const kindOf = (error: unknown): FailureKind | null =>
  error instanceof WeirError && error.cause instanceof AttemptFailure ? error.cause.kind : null;

/**
 * Whether another attempt at a read may end better, at another instance or a moment later.
 *
 * An instance that did not answer in time is not asked again: whoever waits has waited long enough to be told.
 */
export function isRepeatable(error: unknown, elsewhere: boolean): boolean {
  const kind = kindOf(error);
  return kind !== null && (repeatable.has(kind) || (kind === 'timeout' && elsewhere));
}

/** Whether the backend never heard of the call. */
export function isUnsent(error: unknown): boolean {
  const kind = kindOf(error);
  return kind !== null && unsent.has(kind);
}

/** What a client hears of each: the code, and what follows the backend's name. */
const heard = {
  unreachable: ['UPSTREAM_UNAVAILABLE', 'is not available'],
  reset: ['UPSTREAM_UNAVAILABLE', 'is not available'],
  closing: ['UPSTREAM_UNAVAILABLE', 'is not called any more: this server is shutting down'],
  'breaker-open': ['UPSTREAM_UNAVAILABLE', 'has failed too often and is given a moment'],
  'bulkhead-full': ['UPSTREAM_UNAVAILABLE', 'has too many calls waiting'],
  timeout: ['UPSTREAM_TIMEOUT', 'did not answer in time'],
  deadline: ['DEADLINE_EXCEEDED', 'had not answered when the time for the whole operation ended'],
  cancelled: ['DEADLINE_EXCEEDED', 'had not answered when the operation was cancelled'],
  truncated: ['UPSTREAM_BAD_RESPONSE', 'sent an answer that cannot be used'],
  unreadable: ['UPSTREAM_BAD_RESPONSE', 'sent an answer that cannot be used'],
  'too-large': ['UPSTREAM_BAD_RESPONSE', 'sent an answer that cannot be used'],
  refused: ['UPSTREAM_ERROR', 'refused the call'],
  invalid: ['INTERNAL', 'could not be called'],
} as const satisfies Record<FailureKind, readonly [ErrorCode, string]>;

/** Builds the error of a call without an answer. Its client learns the backend's name and no more. */
export function toUpstreamError(
  backend: string,
  route: string,
  kind: FailureKind,
  reason: string,
  { cause, ...detail }: ErrorDetail & { readonly cause?: unknown } = {},
): WeirError {
  const [code, words] = heard[kind];
  const failure = new AttemptFailure(kind, route, reason, cause);
  return new WeirError(code, `${backend} ${words}`, { backend, ...detail }, failure);
}

const unreachableCodes: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
]);

const unreadableReasons: ReadonlySet<string> = new Set(['HTTPParserError', 'UND_ERR_HEADERS_OVERFLOW']);

/** The code of a system's or undici's error, or its class. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  // The parser's own code comes and goes with its build; its name stays.
  if (error.name === 'HTTPParserError') return error.name;
  if ('code' in error && typeof error.code === 'string') return error.code;
  // With several addresses for one name, every one of them was tried.
  if (error instanceof AggregateError) return reasonOf(error.errors[0]);
  return error.name;
}

/** Tells from undici's error, and from how far the call had come, what it means. */
export function toFailureKind(reason: string, sent: boolean, answering: boolean): FailureKind {
  if (reason === 'UND_ERR_INVALID_ARG' || reason === 'UND_ERR_NOT_SUPPORTED') return 'invalid';
  if (reason === 'UND_ERR_DESTROYED' || reason === 'UND_ERR_CLOSED') return 'closing';
  if (answering) return 'truncated';
  if (unreadableReasons.has(reason)) return 'unreadable';
  if (!sent || unreachableCodes.has(reason)) return 'unreachable';
  return 'reset';
}
