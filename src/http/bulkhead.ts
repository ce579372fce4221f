import { performance } from 'node:perf_hooks';
import type { WeirError } from '../errors.ts';
import type { Attempt } from './attempt.ts';
import { enterBreaker } from './breaker.ts';
import { toUpstreamError } from './failure.ts';
import type { Gate } from './gate.ts';
import type { Instance } from './instance.ts';

/**
 * Bounds the calls at one instance, on the wire and waiting, so that a slow backend takes no more than its share.
 *
 * With all slots taken a call waits in the order in which it came; with the queue full as well it is refused at
 * once, since it would only be late.
 */
export const bulkheadGate: Gate = {
  enter(attempt) {
    const { instance } = attempt;
    const { concurrency, queue } = attempt.backend.numbers;
    if (instance.inFlight < concurrency) {
      instance.inFlight += 1;
      return 'pass';
    }
    if (instance.waiting.size < queue) {
      instance.waiting.add(attempt);
      return 'wait';
    }
    return toFullError(attempt);
  },
  leave(attempt) {
    const { instance } = attempt;
    if (instance.waiting.delete(attempt)) return;
    instance.inFlight -= 1;
    fill(instance, attempt.backend.numbers.concurrency);
  },
};

/** Sends who waits into the free slots; or away, where the breaker opened while they waited. */
function fill(instance: Instance, concurrency: number): void {
  if (instance.waiting.size === 0) return;
  const now = performance.now();
  for (const next of instance.waiting) {
    if (instance.inFlight >= concurrency) return;
    // The breaker let it pass when it came. If it has opened since, it has to be asked again.
    if (next.era !== instance.breaker.era) {
      const refusal = enterBreaker(next, now);
      if (refusal) {
        next.refuse(refusal);
        continue;
      }
    }
    instance.waiting.delete(next);
    instance.inFlight += 1;
    next.launch(now);
  }
}

function toFullError({ instance, backend, exchange }: Attempt): WeirError {
  const { inFlight, waiting } = instance;
  const { concurrency, queue } = backend.numbers;
  return toUpstreamError(
    backend.name,
    exchange.endpoint.route,
    'bulkhead-full',
    'slots and queue are taken',
    {
      limit: concurrency + queue,
      actual: inFlight + waiting.size + 1,
    },
  );
}
