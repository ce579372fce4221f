import type { ExecutionResult } from 'graphql';
import { WeirError } from '../errors.ts';

/**
 * The result, or `DEADLINE_EXCEEDED` where something waits on after its calls were aborted.
 *
 * Calls end with the budget's signal, so this is for code that does not listen to it.
 */
export function orLate(running: Promise<ExecutionResult>, afterMs: number): Promise<ExecutionResult> {
  return new Promise((resolve, reject) => {
    const late = new WeirError('DEADLINE_EXCEEDED', 'The answer was not ready in time.');
    const timer = setTimeout(() => reject(late), afterMs);
    running.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
