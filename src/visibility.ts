import type { Viewer } from './call.ts';

/** Whether this viewer may see and do what belongs to this user (a raw id): the user, and administrators. */
export function mayAct(viewer: Viewer | null, userId: string): boolean {
  return viewer !== null && (viewer.id === userId || viewer.scopes.has('admin'));
}
