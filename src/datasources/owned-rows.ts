import type { Viewer } from '../call.ts';
import { mayAct } from '../visibility.ts';

interface Owned {
  readonly userId: string;
}

interface OwnedPage extends Owned {
  readonly items: readonly Owned[];
  readonly cursors: readonly string[];
}

/**
 * Fetches rows and keeps those that this viewer may see.
 *
 * Backends leave the others out themselves; this holds even where one forgets to. Every loader of an owned type
 * goes through here, so that no way through the graph goes around it. For the anonymous, to whom nothing belongs,
 * nothing is fetched: what exists and what does not then look the same in time too.
 */
export async function ownRows<T extends Owned>(
  viewer: Viewer | null,
  fetch: () => Promise<readonly T[]>,
): Promise<readonly T[]> {
  if (viewer === null) return [];
  const rows = await fetch();
  const isOwn = (row: T): boolean => mayAct(viewer, row.userId);
  return rows.every(isOwn) ? rows : rows.filter(isOwn);
}

/** As `ownRows` for pages of rows, each with its own user's rows only. */
export async function ownPages<T extends OwnedPage>(
  viewer: Viewer | null,
  fetch: () => Promise<readonly T[]>,
): Promise<readonly T[]> {
  const pages = await ownRows(viewer, fetch);
  return pages.map((page) => {
    const isOwn = (_: unknown, index: number): boolean => page.items[index]?.userId === page.userId;
    if (page.items.every(isOwn)) return page;
    return { ...page, items: page.items.filter(isOwn), cursors: page.cursors.filter(isOwn) };
  });
}
