import type { Viewer } from './call.ts';

/** Whether this viewer may see and do what belongs to this user (a raw id): the user, and administrators. */
export function mayAct(viewer: Viewer | null, userId: string): boolean {
  return viewer !== null && (viewer.id === userId || viewer.scopes.has('admin'));
}

/**
 * The row, or null where it belongs to somebody else.
 *
 * The backends leave such rows out themselves; this holds even where one forgets to. Every loader of an owned type
 * passes its rows through here, so that no way through the graph goes around it.
 */
export function ownOrNull<T extends { readonly userId: string }>(
  viewer: Viewer | null,
  row: T | null,
): T | null {
  return row !== null && mayAct(viewer, row.userId) ? row : null;
}
