import type { Layer } from '../exchange.ts';

/**
 * Drops from the cache whatever a write of ours may have changed, whether it answered well or not: a call that timed
 * out may have acted. An endpoint says by `changes` which kinds of objects it changes.
 */
export function createDropAfterWrite(invalidate: (changed: readonly string[]) => Promise<unknown>): Layer {
  return (next) => (exchange) => {
    const { changes } = exchange.endpoint;
    if (changes === undefined) return next(exchange);
    return next(exchange).finally(() => invalidate(changes));
  };
}
