import { type ProblemDocument, type ProblemSlug, toProblemDocument } from './problem.ts';

/** What goes back to the caller. A status of 400 or more makes the body problem details. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** 200 with a body. */
export function ok(body: unknown): Answer {
  return { status: 200, body };
}

/** 201 with what was created. */
export function created(body: unknown): Answer {
  return { status: 201, body };
}

/** Problem details as they stand. */
export function toProblemAnswer(
  document: ProblemDocument,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return { status: document.status, body: document, headers };
}

/**
 * A problem that is returned, not thrown: what the write did before it stays.
 *
 * A declined charge keeps its DECLINED payment in this way.
 */
export function answerProblem(
  slug: ProblemSlug,
  detail?: string,
  extensions: Readonly<Record<string, unknown>> = {},
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return toProblemAnswer(toProblemDocument(slug, detail, extensions), headers);
}
