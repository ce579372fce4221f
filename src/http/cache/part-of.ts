import type { Exchange } from '../exchange.ts';
import { toPartialDemand } from './from-store.ts';

/** The same exchange for fewer keys. It still ends as the original does. */
export function partOf(exchange: Exchange, url: string, keys: readonly string[]): Exchange {
  const { call } = exchange;
  return {
    ...exchange,
    url,
    call: { ...call, demand: toPartialDemand(call.demand, keys) },
    get signal() {
      return exchange.signal;
    },
    get deadlineAt() {
      return exchange.deadlineAt;
    },
  };
}
