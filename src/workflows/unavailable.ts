import { WeirError } from '../errors.ts';
import { DatabaseFault } from '../postgres/query-pool.ts';
import { UnknownWorkflow } from './durable.ts';

/** What a client hears while durable workflows cannot be had. */
export function unavailable(cause: unknown): WeirError {
  return new WeirError(
    'WORKFLOWS_UNAVAILABLE',
    'Durable workflows cannot be reached at the moment.',
    {},
    cause,
  );
}

/** Runs `work`; any failure of the database, or a workflow that is about to start, becomes `WORKFLOWS_UNAVAILABLE`. */
export async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof DatabaseFault || error instanceof UnknownWorkflow) throw unavailable(error);
    throw error;
  }
}
