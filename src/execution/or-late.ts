import type { ExecutionResult } from 'graphql';
import { WeirError } from '../errors.ts';

/**
 * The result, or `DEADLINE_EXCEEDED` where something waits on after its calls were aborted.
 *
 * Calls end with the budget's signal, so this is for code that does not listen to it.
 */
export function orLate(running: Promise<ExecutionResult>, afterMs: number): Promise<ExecutionResult> {
  return new Promise((resolve, reject) => {
    // Made only when it is needed: an error costs more than most operations.
    const timer = setTimeout(
      () => reject(new WeirError('DEADLINE_EXCEEDED', 'The answer was not ready in time.')),
      afterMs,
    );
    running.then(
      (result) => {
        clearTimeout(timer);
        resolve(result);
      },
      (error: unknown) => {
        clearTimeout(timer);
        reject(error);
      },
    );
  });
}
