/** Every problem type a demo backend answers with: its HTTP status and its title. */
const problemTypes = {
  'invalid-request': [400, 'The request is not valid'],
  'invalid-credentials': [401, 'The e-mail address or the password is wrong'],
  unauthenticated: [401, 'A valid token is needed'],
  'payment-declined': [402, 'The payment was declined'],
  forbidden: [403, 'The caller may not do this'],
  'not-found': [404, 'There is no such thing'],
  'email-taken': [409, 'The e-mail address is taken'],
  'out-of-stock': [409, 'There is not enough in stock'],
  'sold-out': [409, 'There are not enough seats left'],
  'invalid-transition': [409, 'The state does not allow this'],
  'idempotency-conflict': [422, 'The idempotency key was used for another request'],
  internal: [500, 'Something went wrong'],
  unavailable: [503, 'Not available at the moment'],
} as const satisfies Record<string, readonly [status: number, title: string]>;

/** The last segment of a problem's `type`. */
export type ProblemSlug = keyof typeof problemTypes;

/** RFC 9457 problem details, with extension members beside the five standard ones. */
export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  readonly [extension: string]: unknown;
}

/** Where all problem types live. */
const base = 'https://weir.example/problems/';

/** The problem details for a type, with what is particular to this occurrence. */
export function toProblemDocument(
  slug: ProblemSlug,
  detail?: string,
  extensions: Readonly<Record<string, unknown>> = {},
): ProblemDocument {
  const [status, title] = problemTypes[slug];
  return {
    type: `${base}${slug}`,
    title,
    status,
    ...(detail === undefined ? {} : { detail }),
    ...extensions,
  };
}

/** Problem details for a status that has no type of its own: `about:blank`, as RFC 9457 wants it. */
export function toBlankProblem(status: number, title: string): ProblemDocument {
  return { type: 'about:blank', title, status };
}

/**
 * A failure that the caller is told about as RFC 9457 problem details.
 *
 * Throwing one inside a write undoes what that write did so far. A write that must keep something although
 * it fails (a declined payment) returns `answerProblem(...)` instead.
 */
export class Problem extends Error {
  readonly document: ProblemDocument;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    slug: ProblemSlug,
    detail?: string,
    options: {
      readonly extensions?: Readonly<Record<string, unknown>>;
      readonly headers?: Readonly<Record<string, string>>;
      readonly cause?: unknown;
    } = {},
  ) {
    super(`${slug}${detail === undefined ? '' : `: ${detail}`}`, { cause: options.cause });
    this.name = 'Problem';
    this.document = toProblemDocument(slug, detail, options.extensions);
    this.headers = options.headers ?? {};
  }
}
