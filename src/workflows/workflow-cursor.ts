import { WeirError } from '../errors.ts';
import type { WorkflowState } from './state.ts';
import type { WorkflowPosition } from './store.ts';

/** Leads to what follows a workflow in a list. */
export const toCursor = ({ startedAt, id }: WorkflowState): string =>
  Buffer.from(`${startedAt} ${id}`).toString('base64url');

/** Where a cursor leads. Throws `BAD_USER_INPUT` for what is none. */
export function fromCursor(cursor: string): WorkflowPosition {
  const [startedAt = '', id, more] = Buffer.from(cursor, 'base64url').toString().split(' ');
  if (!id || more !== undefined || Number.isNaN(Date.parse(startedAt))) {
    throw new WeirError('BAD_USER_INPUT', 'The cursor is none of this list.');
  }
  return { startedAt: new Date(startedAt).toISOString(), id };
}
