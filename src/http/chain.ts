import { Attempt } from './attempt.ts';
import { createBalanceGate } from './balance.ts';
import { breakerGate } from './breaker.ts';
import { bulkheadGate } from './bulkhead.ts';
import { deadline } from './deadline.ts';
import type { Exchange, Layer, Send } from './exchange.ts';
import type { Gate } from './gate.ts';
import type { Backend } from './instance.ts';
import type { Observer } from './observe.ts';
import { createRetry } from './retry.ts';
import { createUsualTime } from './usual-time.ts';
import type { Watch } from './watch.ts';
import type { Wire } from './wire.ts';

export interface ChainParts {
  readonly backends: ReadonlyMap<string, Backend>;
  /** What stands between the deadline and the retries: the shared cache and joining. */
  readonly layers: readonly Layer[];
  readonly watch: Watch;
  readonly random: () => number;
  readonly observe: Observer | null;
  readonly onUnusable: (exchange: Exchange, why: string) => void;
}

/**
 * The order in which a call passes the policies. This is the one place that says it.
 *
 * Around an exchange stand layers, which may answer by themselves or ask several times. On the way of one attempt
 * stand gates, which let it pass, make it wait or refuse it, and hear how it ended.
 */
export function createChain({ backends, layers, watch, random, observe, onUnusable }: ChainParts): Send {
  const usual = createUsualTime();
  const gates: readonly Gate[] = [
    // First, since breaker and slots are an instance's own; each attempt draws anew, so that a repeat goes elsewhere.
    createBalanceGate(random),
    // Before the bulkhead: what would be refused anyway must not take a slot or a place in the queue.
    breakerGate,
    // Last before the wire: who holds a slot holds a connection, and nothing else waits while holding one.
    bulkheadGate,
  ];
  const wire: Wire = {
    gates,
    watch,
    measured: ({ endpoint }, durationMs) => usual.record(endpoint, durationMs),
    observe,
    onUnusable,
  };

  const backendOf = (name: string): Backend => {
    const backend = backends.get(name);
    if (!backend) throw new Error(`no address is set for the backend ${name}`);
    return backend;
  };

  // Innermost of the layers, around the choice of instance.
  const retry = createRetry((journey) => new Attempt(wire, journey).begin(), {
    backendOf,
    usual,
    watch,
    random,
  });

  const outermostFirst: readonly Layer[] = [
    // Outermost: nothing is looked up, joined or sent for an operation whose time is over.
    deadline,
    // Before the retries: an answer that is at hand costs no attempt, and those who join share the repeats as well.
    ...layers,
  ];
  return outermostFirst.reduceRight((next, layer) => layer(next), retry);
}
