/**
 * Remembers what was invalidated and when, so that nothing fetched before may be used after.
 *
 * Every fetch takes a stamp before it begins. What it brought may be stored, joined or read only while its
 * stamp still holds. A mark is any text that both sides agree on: a URL, `products/42`, `products`.
 */
export interface Fence {
  /** The moment, as a number that grows with every invalidation. */
  stamp(): number;
  /** From here on nothing that was fetched earlier under one of these marks holds. */
  raise(marks: readonly string[]): void;
  /** From here on nothing that was fetched earlier holds. */
  raiseAll(): void;
  /** Whether nothing was raised under any of these marks since the stamp was taken. */
  holds(stamp: number, marks: readonly string[]): boolean;
}

/**
 * Builds a fence that remembers the last `maxMarks` marks. Where it had to forget one, everything older than
 * that one's invalidation counts as invalid: it forgets on the safe side.
 */
export function createFence(maxMarks = 20_000): Fence {
  // In the order of their last raising: the first is the one to forget.
  const raisedAt = new Map<string, number>();
  let clock = 0;
  let floor = 0;

  return {
    stamp: () => clock,
    raise(marks) {
      clock += 1;
      for (const mark of marks) {
        raisedAt.delete(mark);
        raisedAt.set(mark, clock);
      }
      for (const [mark, at] of raisedAt) {
        if (raisedAt.size <= maxMarks) break;
        raisedAt.delete(mark);
        floor = at;
      }
    },
    raiseAll() {
      clock += 1;
      floor = clock;
      raisedAt.clear();
    },
    holds: (stamp, marks) => stamp >= floor && marks.every((mark) => (raisedAt.get(mark) ?? 0) <= stamp),
  };
}
