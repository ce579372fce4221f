import { WeirError } from '../errors.ts';
import { UpstreamProblem } from '../http/upstream-problem.ts';

/** Where the problem types of our contracts live. */
const TYPES = 'https://weir.example/problems/';

/** The answer, or null where the backend refused with this problem, such as `invalid-credentials`. */
export async function unlessProblem<T>(slug: string, answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (problemOf(error)?.type === TYPES + slug) return null;
    throw error;
  }
}

/** The problem document behind an error of the REST client, or null where the backend sent none. */
export function problemOf(error: unknown): UpstreamProblem | null {
  return error instanceof WeirError && error.cause instanceof UpstreamProblem ? error.cause : null;
}
