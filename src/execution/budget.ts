/** Whoever an operation is for. */
export interface Client {
  /** Ends when the client has left. Asked for only once an operation waits for somebody. */
  readonly signal: AbortSignal;
}

/** Why budgets end. Made once: an abort without a reason gathers a stack for one, and every operation ends. */
const ENDED = new Error('the operation is over');
const EXPIRED = new Error('the time of the operation is over');
const LEFT = new Error('the client has left');

/**
 * One operation's time: a signal that ends its calls, and the moment it does so by itself.
 *
 * Once started, the signal ends after `budgetMs`, or as soon as the client's own one does. Before, nobody waits: timers
 * and listeners would be a good part of what an operation without calls costs.
 */
export class Budget {
  /** On the clock of `performance.now()`. */
  readonly deadlineAt: number;
  /** Ends the operation's calls. */
  readonly signal: AbortSignal;
  readonly #budgetMs: number;
  readonly #client: Client | null;
  readonly #controller = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #expired = false;

  constructor(budgetMs: number, client: Client | null) {
    this.#budgetMs = budgetMs;
    this.#client = client;
    this.signal = this.#controller.signal;
    this.deadlineAt = performance.now() + budgetMs;
  }

  /** Whether the time ran out, rather than the client leaving. */
  get expired(): boolean {
    return this.#expired;
  }

  /** From now on the end of the time and the client's leaving are watched for: to be called once anybody waits. */
  start(): void {
    if (this.#timer !== undefined) return;
    this.#timer = setTimeout(this.#expire, this.#budgetMs);
    if (this.#client === null) return;
    const { signal } = this.#client;
    if (signal.aborted) this.#leave();
    else signal.addEventListener('abort', this.#leave, { once: true });
  }

  /** The answer is there: whatever is still under way ends, and nothing of the budget stays behind. */
  end(): void {
    // Without a wait nothing was begun that could still be under way.
    if (this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#client?.signal.removeEventListener('abort', this.#leave);
    this.#controller.abort(ENDED);
  }

  readonly #leave = (): void => this.#controller.abort(LEFT);

  readonly #expire = (): void => {
    this.#expired = true;
    this.#controller.abort(EXPIRED);
  };
}
