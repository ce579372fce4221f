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
 * The rows that this viewer may see.
 *
 * Backends leave the others out themselves; this holds even where one forgets to. Every loader of an owned type
 * passes its rows through here, so that no way through the graph goes around it.
 */
export function ownRows<T extends Owned>(viewer: Viewer | null, rows: readonly T[]): readonly T[] {
  return rows.every((row) => mayAct(viewer, row.userId))
    ? rows
    : rows.filter((row) => mayAct(viewer, row.userId));
}

/** The pages that this viewer may see, each with its own user's rows only. */
export function ownPages<T extends OwnedPage>(viewer: Viewer | null, pages: readonly T[]): readonly T[] {
  return ownRows(viewer, pages).map((page) => {
    const isOwn = (_: unknown, index: number): boolean => page.items[index]?.userId === page.userId;
    if (page.items.every(isOwn)) return page;
    return { ...page, items: page.items.filter(isOwn), cursors: page.cursors.filter(isOwn) };
  });
}
