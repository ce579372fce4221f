import { performance } from 'node:perf_hooks';
import type { Journey } from './attempt.ts';
import { pause } from './deadline.ts';
import type { Answer, Exchange, Send } from './exchange.ts';
import { isRepeatable, isUnsent } from './failure.ts';
import type { Backend } from './instance.ts';
import { retryAfterMs } from './retry-after.ts';
import type { UsualTime } from './usual-time.ts';
import type { Watch } from './watch.ts';

export interface RetryParts {
  readonly backendOf: (name: string) => Backend;
  readonly usual: UsualTime;
  readonly watch: Watch;
  readonly random: () => number;
}

/** One way over the wire; the journey says which attempt it is and where the last one went. */
export type AttemptOnce = (exchange: Exchange, journey: Journey) => Promise<Answer>;

/** A 5xx or 429 may be another answer a moment later, or at another instance. */
const isPassing = (status: number): boolean => status >= 500 || status === 429;

/**
 * Repeats reads that failed, and nothing else: a write is repeated by the durable workflow that knows its key.
 *
 * Before a repeat it waits a random time up to a bound that doubles (full jitter), and at least as long as the
 * backend's `Retry-After` says. It does not repeat where the wait and a call of usual length would not end
 * before the deadline, or where the backend's budget is spent: then the first outcome stands.
 */
export function createRetry(once: AttemptOnce, parts: RetryParts): Send {
  const { backendOf, usual, watch, random } = parts;

  /** How long to wait before the next attempt, or null where there is to be none. */
  const plan = (
    backend: Backend,
    exchange: Exchange,
    attempt: number,
    answer: Answer | null,
  ): number | null => {
    const { attempts, retry } = backend.numbers;
    if (attempt >= attempts || exchange.signal.aborted) return null;
    const jitterMs = random() * Math.min(retry.maxMs, retry.baseMs * 2 ** (attempt - 1));
    const askedMs = answer ? (retryAfterMs(answer.headers, Date.now()) ?? 0) : 0;
    const waitMs = askedMs + jitterMs;
    if (performance.now() + waitMs + usual.ofMs(exchange.endpoint) > exchange.deadlineAt) return null;
    return backend.retryBudget.spend() ? waitMs : null;
  };

  const repeat = async (backend: Backend, exchange: Exchange): Promise<Answer> => {
    const journey: Journey = { attempt: 1, instance: null };
    let last: { readonly answer: Answer } | { readonly error: unknown } | null = null;
    for (;;) {
      let answer: Answer | null = null;
      try {
        answer = await once(exchange, journey);
        if (!isPassing(answer.status)) return answer;
        last = { answer };
      } catch (error) {
        // A repeat that was never sent says less than what the attempt before it met.
        if (!(last && isUnsent(error))) last = { error };
        if (!isRepeatable(error, backend.instances.length > 1)) break;
      }
      const waitMs = plan(backend, exchange, journey.attempt, answer);
      if (waitMs === null) break;
      await pause(watch, exchange.signal, waitMs);
      if (exchange.signal.aborted) break;
      journey.attempt += 1;
    }
    if (last && 'answer' in last) return last.answer;
    throw last?.error;
  };

  return (exchange) => {
    const { method } = exchange.endpoint;
    if (method !== 'GET') return once(exchange, { attempt: 1, instance: null });
    const backend = backendOf(exchange.endpoint.backend);
    backend.retryBudget.earn();
    return repeat(backend, exchange);
  };
}
