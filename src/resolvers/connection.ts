/** A page as every backend answers it. */
export interface Page<T> {
  readonly items: readonly T[];
  /** A cursor an item: what follows it starts there. */
  readonly cursors: readonly string[];
  readonly nextCursor: string | null;
  readonly total: number;
}

/**
 * A Relay connection over a backend's page; cursors are the backend's own, passed through.
 *
 * A class, because getters on its prototype cost nothing for the parts that nobody asked for.
 */
class Connection<T> {
  readonly #page: Page<T>;
  readonly #after: string | null;

  constructor(page: Page<T>, after: string | null) {
    this.#page = page;
    this.#after = after;
  }

  get nodes(): readonly T[] {
    return this.#page.items;
  }

  get edges(): readonly { readonly cursor: string; readonly node: T }[] {
    const { items, cursors } = this.#page;
    return items.map((node, index) => ({ node, cursor: cursors[index] ?? '' }));
  }

  get pageInfo() {
    const { cursors, nextCursor } = this.#page;
    return {
      hasNextPage: nextCursor !== null,
      hasPreviousPage: this.#after !== null,
      startCursor: cursors[0] ?? null,
      endCursor: cursors.at(-1) ?? null,
    };
  }

  get totalCount(): number {
    return this.#page.total;
  }
}

/** The connection for a page that follows `after`, or null where there is no page. */
export function toConnection<T>(
  page: Page<T> | null,
  after: string | null | undefined,
): Connection<T> | null {
  return page === null ? null : new Connection(page, after ?? null);
}
