import { performance } from 'node:perf_hooks';
import type { WeirError } from '../errors.ts';
import type { Exchange, Layer } from './exchange.ts';
import { toUpstreamError } from './failure.ts';
import type { Watch } from './watch.ts';

/** What a wait is bounded by. An exchange fits. */
export type Bounds = Pick<Exchange, 'endpoint' | 'signal' | 'deadlineAt'>;

/** Why an exchange may not begin or go on: its time is over or nobody waits for it. Null while it may. */
export function toLateError(exchange: Bounds, now: number): WeirError | null {
  const { backend, route } = exchange.endpoint;
  if (now >= exchange.deadlineAt) return toUpstreamError(backend, route, 'deadline', 'before it was sent');
  if (exchange.signal.aborted) return toUpstreamError(backend, route, 'cancelled', 'before it was sent');
  return null;
}

/**
 * Begins nothing for an operation whose time is over.
 *
 * What is under way is cut by the watch, which every wait of this room is entered in: nothing is raced against
 * a timer and left running.
 */
export const deadline: Layer = (next) => (exchange) => {
  const late = toLateError(exchange, performance.now());
  return late ? Promise.reject(late) : next(exchange);
};

/** Calls back after a while, or early when the signal aborts. */
export function pause(watch: Watch, signal: AbortSignal, waitMs: number, onEnd: () => void): void {
  watch.add({ signal, expiresAt: performance.now() + waitMs, watchIndex: -1, onCut: onEnd });
}

/** Waits for something that several calls wait for, each no longer than it may itself. */
export function waitFor<T>(watch: Watch, exchange: Bounds, shared: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const waiter = {
      signal: exchange.signal,
      expiresAt: exchange.deadlineAt,
      watchIndex: -1,
      onCut: (now: number) => {
        const { backend, route } = exchange.endpoint;
        const kind = now >= exchange.deadlineAt ? 'deadline' : 'cancelled';
        reject(toUpstreamError(backend, route, kind, 'while waiting for another call'));
      },
    };
    watch.add(waiter);
    shared.then(
      (value) => {
        watch.remove(waiter);
        resolve(value);
      },
      (error: unknown) => {
        watch.remove(waiter);
        reject(error);
      },
    );
  });
}
