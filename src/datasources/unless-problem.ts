import { WeirError } from '../errors.ts';
import { type ProblemSlug, problemType } from '../http/problem-types.ts';
import { UpstreamProblem } from '../http/upstream-problem.ts';

/** The answer, or null where the backend refused with this problem, such as `invalid-credentials`. */
export async function unlessProblem<T>(slug: ProblemSlug, answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (problemOf(error)?.type === problemType(slug)) return null;
    throw error;
  }
}

/** The problem document behind an error of the REST client, or null where the backend sent none. */
export function problemOf(error: unknown): UpstreamProblem | null {
  return error instanceof WeirError && error.cause instanceof UpstreamProblem ? error.cause : null;
}

/**
 * The answer; where the backend took the request for an invalid one, `BAD_USER_INPUT`: what it refused (a cursor, a
 * code, a word to search for) is what the client has sent.
 */
export async function asInput<T>(answer: Promise<T>, hint: string): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (problemOf(error)?.type !== problemType('invalid-request')) throw error;
    throw new WeirError('BAD_USER_INPUT', 'An argument has a value that it cannot have.', { hint }, error);
  }
}
