/** Answers that go on until somebody ends them: subscriptions, on whatever they came by. */
export interface Streams {
  readonly size: number;
  /** Takes what ends a stream; the result is to be called when it has ended by itself. */
  add(end: () => void): () => void;
  /** Ends them all, and those that are still to begin. Calling it again changes nothing. */
  endAll(): void;
}

/** Keeps the streams of one gateway, so that it can end them before it ends itself. */
export function createStreams(): Streams {
  const ends = new Set<() => void>();
  let ending = false;
  return {
    get size() {
      return ends.size;
    },
    add(end) {
      if (ending) {
        end();
        return () => {};
      }
      ends.add(end);
      return () => ends.delete(end);
    },
    endAll() {
      ending = true;
      for (const end of ends) end();
      ends.clear();
    },
  };
}
