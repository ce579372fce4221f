import type { Exchange } from '../exchange.ts';
import { toPartialDemand } from './from-store.ts';

/** The same exchange for fewer keys. Its deadline still moves with the original's. */
export function partOf(exchange: Exchange, url: string, keys: readonly string[]): Exchange {
  const { call } = exchange;
  return {
    ...exchange,
    url,
    call: { ...call, demand: toPartialDemand(call.demand, keys) },
    get deadlineAt() {
      return exchange.deadlineAt;
    },
  };
}
