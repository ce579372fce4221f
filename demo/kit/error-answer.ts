import { STATUS_CODES } from 'node:http';
import { z } from 'zod';
import { type Answer, toProblemAnswer } from './answer.ts';
import { Problem, toBlankProblem, toProblemDocument } from './problem.ts';

const clientError = z.object({ statusCode: z.int().min(400).max(499), message: z.string() });

/**
 * The answer for whatever was thrown.
 *
 * Problems are answered as they are, the framework's own refusals (bad JSON, a body too large, a media type it
 * does not take) as problem details of the same status, and anything else as `internal`, with the stack on the
 * process's error output only.
 */
export function toErrorAnswer(backend: string, error: unknown): Answer {
  if (error instanceof Problem) {
    if (error.document.status >= 500) console.error(`demo ${backend}: ${error.message}`);
    return toProblemAnswer(error.document, error.headers);
  }
  const refused = clientError.safeParse(error);
  if (!refused.success) {
    console.error(`demo ${backend}:`, error);
    return toProblemAnswer(toProblemDocument('internal'));
  }
  const { statusCode, message } = refused.data;
  if (statusCode === 400) return toProblemAnswer(toProblemDocument('invalid-request', message));
  return toProblemAnswer(toBlankProblem(statusCode, STATUS_CODES[statusCode] ?? 'Refused'));
}
