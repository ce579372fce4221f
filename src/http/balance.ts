import { performance } from 'node:perf_hooks';
import type { Gate } from './gate.ts';
import type { Instance } from './instance.ts';

const outstanding = (instance: Instance): number => instance.inFlight + instance.waiting.size;

const lesser = (a: Instance, b: Instance): Instance => (outstanding(b) < outstanding(a) ? b : a);

/**
 * Chooses the instance: of two drawn at random, the one with fewer calls outstanding.
 *
 * Two are enough to stay clear of the slow ones, and gateways that choose alike do not all run to the same one.
 * Instances whose breaker refuses or whose queue is full are not drawn; nor is the one where the last attempt failed, while there is
 * another. An instance that was left out comes back by one call that is tried on it, a read where possible.
 */
export function createBalanceGate(random: () => number): Gate {
  const choose = (
    instances: readonly Instance[],
    first: Instance,
    avoid: Instance | null,
    read: boolean,
    room: number,
  ): Instance => {
    const now = performance.now();
    const willing = instances.filter((one) => one.breaker.admits(now) && outstanding(one) < room);
    const settled = read ? willing : willing.filter((one) => one.breaker.state === 'closed');
    const fit = settled.length > 0 ? settled : willing;
    const fresh = avoid && fit.length > 1 ? fit.filter((one) => one !== avoid) : fit;
    const count = fresh.length;
    if (count === 0) return first;
    const at = Math.floor(random() * count);
    const one = fresh[at] ?? first;
    if (count === 1) return one;
    // A second one, never the same.
    const other = fresh[(at + 1 + Math.floor(random() * (count - 1))) % count] ?? one;
    return lesser(one, other);
  };

  return {
    enter(attempt) {
      const { instances, numbers } = attempt.backend;
      if (instances.length > 1) {
        const read = attempt.exchange.endpoint.method === 'GET';
        const room = numbers.concurrency + numbers.queue;
        attempt.instance = choose(instances, attempt.instance, attempt.journey.instance, read, room);
      }
      return 'pass';
    },
  };
}
