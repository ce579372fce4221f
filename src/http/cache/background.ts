import { performance } from 'node:perf_hooks';
import type { CallRecord } from '../../call.ts';
import type { Exchange } from '../exchange.ts';

/** Makes exchanges that go on when their caller has left: for answers that are wanted by the next ones too. */
export interface Background {
  /** The same exchange for this URL, on the process's own time. Its records go to `observe`. */
  exchangeOf(exchange: Exchange, url: string, observe: ((record: CallRecord) => void) | null): Exchange;
  /** Ends them all. */
  close(): void;
}

/** Builds it. An exchange in the background may take `budgetMs`, repeats included. */
export function createBackground(budgetMs: number): Background {
  const abort = new AbortController();
  const { signal } = abort;
  return {
    exchangeOf(exchange, url, observe) {
      const deadlineAt = performance.now() + budgetMs;
      const call = { ...exchange.call, viewer: null, onBehalfOf: null, signal, deadlineAt, observe };
      return { ...exchange, call, url, signal, deadlineAt };
    },
    close: () => abort.abort(),
  };
}
