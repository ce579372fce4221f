import type { Changes } from './changes.ts';
import { hasEnded, type WorkflowState } from './state.ts';
import { watchStates } from './watch-states.ts';

/**
 * The states of a workflow: as it is now, then each change, to its end; null, once, where `first` finds none.
 *
 * Whoever listens may leave at any moment and is let go at once. A generator could not do that: it would stay until
 * the next change, which may be a week away.
 */
export function streamStates(
  changes: Changes,
  id: string,
  first: () => Promise<WorkflowState | null>,
): AsyncIterableIterator<WorkflowState | null> {
  // Watched before the first state is read: nothing falls between the two.
  const states = watchStates(changes, id);
  const left = Promise.withResolvers<null>();
  let last: WorkflowState | null = null;
  let over = false;

  const end = (): void => {
    over = true;
    states.close();
    left.resolve(null);
  };
  const take = (state: WorkflowState | null): IteratorResult<WorkflowState | null> => {
    last = state;
    if (state === null || hasEnded(state)) end();
    return { done: false, value: state };
  };
  const done = (): IteratorResult<WorkflowState | null> => ({ done: true, value: undefined });

  return {
    async next() {
      if (over) return done();
      if (last === null) {
        try {
          return take(await first());
        } catch (error) {
          end();
          throw error;
        }
      }
      for (;;) {
        const state = await Promise.race([states.next(), left.promise]);
        if (state === null) return done();
        if (state.revision > last.revision) return take(state);
      }
    },
    async return() {
      end();
      return done();
    },
    async throw(error) {
      end();
      throw error;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

/** The same stream with each value turned into another; leaving it leaves the first one. */
export function mapStream<T, U>(
  stream: AsyncIterableIterator<T>,
  toNext: (value: T) => U,
): AsyncIterableIterator<U> {
  const map = (result: IteratorResult<T>): IteratorResult<U> =>
    result.done ? { done: true, value: undefined } : { done: false, value: toNext(result.value) };
  return {
    next: async () => map(await stream.next()),
    return: async () => {
      await stream.return?.();
      return { done: true, value: undefined };
    },
    async throw(error) {
      await stream.return?.();
      throw error;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
