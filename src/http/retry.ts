import { performance } from 'node:perf_hooks';
import type { WeirError } from '../errors.ts';
import { pause } from './deadline.ts';
import type { Answer, Exchange, Send } from './exchange.ts';
import { isRepeatable, isUnsent } from './failure.ts';
import type { Backend } from './instance.ts';
import type { Journey } from './journey.ts';
import { retryAfterMs } from './retry-after.ts';
import type { UsualTime } from './usual-time.ts';
import type { Watch } from './watch.ts';

export interface RetryParts {
  readonly backendOf: (name: string) => Backend;
  readonly usual: UsualTime;
  readonly watch: Watch;
  readonly random: () => number;
}

/** A 5xx or 429 may be another answer a moment later, or at another instance. */
const isPassing = (status: number): boolean => status >= 500 || status === 429;

/**
 * Repeats reads that failed, and nothing else: a write is repeated by the durable workflow that knows its key.
 *
 * Before a repeat it waits a random time up to a bound that doubles (full jitter), and at least as long as the
 * backend's `Retry-After` says. It does not repeat where the wait and a call of usual length would not end
 * before the deadline, or where the backend's budget is spent: then the last outcome stands.
 *
 * `start` makes one attempt and tells the journey how it ended. A call with nothing wrong is one promise.
 */
export function createRetry(start: (journey: Journey) => void, parts: RetryParts): Send {
  const { backendOf, usual, watch, random } = parts;

  /** How long to wait before the next attempt, or null where there is to be none. */
  const plan = ({ backend, exchange, attempt }: Journey, answer: Answer | null): number | null => {
    const { attempts, retry } = backend.numbers;
    if (attempt >= attempts || exchange.signal.aborted) return null;
    const jitterMs = random() * Math.min(retry.maxMs, retry.baseMs * 2 ** (attempt - 1));
    const askedMs = answer ? (retryAfterMs(answer.headers, Date.now()) ?? 0) : 0;
    const waitMs = askedMs + jitterMs;
    if (performance.now() + waitMs + usual.ofMs(exchange.endpoint) > exchange.deadlineAt) return null;
    return backend.retryBudget.spend() ? waitMs : null;
  };

  /** A read on its way: ends with a good answer, or with the last outcome when there is no attempt left. */
  class Read implements Journey {
    attempt = 1;
    instance: Journey['instance'] = null;
    readonly backend: Backend;
    readonly exchange: Exchange;
    readonly #resolve: (answer: Answer) => void;
    readonly #reject: (error: WeirError) => void;
    #end: (() => void) | null = null;

    constructor(
      backend: Backend,
      exchange: Exchange,
      resolve: (answer: Answer) => void,
      reject: (error: WeirError) => void,
    ) {
      this.backend = backend;
      this.exchange = exchange;
      this.#resolve = resolve;
      this.#reject = reject;
    }

    answered(answer: Answer): void {
      if (!isPassing(answer.status)) {
        this.#resolve(answer);
        return;
      }
      this.#end = () => this.#resolve(answer);
      this.#repeat(answer);
    }

    failed(error: WeirError): void {
      // A repeat that was never sent says less than what the attempt before it met.
      if (this.#end === null || !isUnsent(error)) this.#end = () => this.#reject(error);
      if (isRepeatable(error, this.backend.instances.length > 1)) this.#repeat(null);
      else this.#end();
    }

    #repeat(answer: Answer | null): void {
      const waitMs = plan(this, answer);
      if (waitMs === null) {
        this.#end?.();
        return;
      }
      pause(watch, this.exchange.signal, waitMs, () => {
        if (this.exchange.signal.aborted) {
          this.#end?.();
          return;
        }
        this.attempt += 1;
        start(this);
      });
    }
  }

  return (exchange) =>
    new Promise((resolve, reject) => {
      const backend = backendOf(exchange.endpoint.backend);
      if (exchange.endpoint.method === 'GET') {
        backend.retryBudget.earn();
        start(new Read(backend, exchange, resolve, reject));
      } else {
        start({ backend, exchange, attempt: 1, instance: null, answered: resolve, failed: reject });
      }
    });
}
