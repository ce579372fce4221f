import type { Endpoint } from '../backends.ts';
import { type ErrorCode, type ErrorDetail, WeirError } from '../errors.ts';
import type { Answer } from './exchange.ts';
import { AttemptFailure } from './failure.ts';
import { isKnownProblem } from './problem-types.ts';
import { retryAfterMs } from './retry-after.ts';
import { UpstreamProblem } from './upstream-problem.ts';

/** Statuses that say that the backend, or what stands before it, cannot serve for the moment. */
const unavailable: ReadonlySet<number> = new Set([502, 503, 504]);

/**
 * Reads the problem document of a refusal, or null where it has none.
 *
 * The status is the one of the answer itself: a document can claim any.
 */
export function toProblem(answer: Answer): UpstreamProblem | null {
  const { body, status } = answer;
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return null;
  const extensions: Record<string, unknown> = Object.create(null);
  let type = 'about:blank';
  let title = '';
  for (const [name, value] of Object.entries(body)) {
    if (name === 'type') type = typeof value === 'string' ? value : type;
    else if (name === 'title') title = typeof value === 'string' ? value : title;
    else if (name !== 'status' && name !== 'detail' && name !== 'instance') extensions[name] = value;
  }
  return new UpstreamProblem(status, type, title, extensions);
}

/** The code under which an attempt with this answer is shown; null for a good answer, and for a 404 of one object. */
export function errorCodeOf(answer: Answer): ErrorCode | null {
  const { status } = answer;
  if (status < 300 || status === 304 || isAbsent(answer)) return null;
  if (status < 400 || status === 404) return 'UPSTREAM_BAD_RESPONSE';
  return unavailable.has(status) ? 'UPSTREAM_UNAVAILABLE' : 'UPSTREAM_ERROR';
}

/**
 * Says what an answer that is not a good one means for the client: `UPSTREAM_UNAVAILABLE` for 502, 503 and 504,
 * `UPSTREAM_BAD_RESPONSE` for a redirect or somebody else's 404 page, `UPSTREAM_ERROR` for everything else, 401 and 403 included.
 *
 * Of the backend's words only a problem type that our contracts know, and the status beside it, get through.
 */
export function toAnswerError(endpoint: Endpoint, answer: Answer): WeirError {
  const { backend, route } = endpoint;
  const { status } = answer;
  if (status < 400 || (status === 404 && !isAbsent(answer))) {
    return new WeirError(
      'UPSTREAM_BAD_RESPONSE',
      `${backend} sent an answer that cannot be used`,
      { backend },
      new AttemptFailure('unreadable', route, `status ${status}`),
    );
  }
  const problem = toProblem(answer);
  const waitMs = retryAfterMs(answer.headers, Date.now());
  const detail: ErrorDetail = {
    backend,
    ...(problem && isKnownProblem(problem.type) && { problem: { type: problem.type, status } }),
    ...(waitMs !== null && { retryAfter: Math.ceil(waitMs / 1000) }),
    ...(status === 429 && { retryable: true }),
  };
  const cause = problem ?? new AttemptFailure('refused', route, `status ${status}`);
  if (unavailable.has(status)) {
    return new WeirError('UPSTREAM_UNAVAILABLE', `${backend} is not available`, detail, cause);
  }
  const words = status >= 500 ? 'failed' : 'refused the call';
  return new WeirError('UPSTREAM_ERROR', `${backend} ${words}`, detail, cause);
}

/**
 * Whether an answer says that there is no such object.
 *
 * A 404 with an HTML page is not the backend's word: a proxy or a wrong address made it, and taking it for
 * "no such object" would make data vanish.
 */
export function isAbsent(answer: Answer): boolean {
  if (answer.status !== 404) return false;
  const type = answer.headers['content-type'];
  return typeof type !== 'string' || !type.trimStart().toLowerCase().startsWith('text/html');
}
