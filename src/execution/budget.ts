/** One operation's time: a signal that ends its calls, and the moment it does so by itself. */
export interface Budget {
  readonly signal: AbortSignal;
  /** On the clock of `performance.now()`. */
  readonly deadlineAt: number;
  /** Whether the time ran out, rather than the client leaving. */
  readonly expired: boolean;
  /** The answer is there: whatever is still under way ends, and nothing of the budget stays behind. */
  end(): void;
}

/** Ends its signal after `budgetMs`, or as soon as the client's own signal ends. */
export function createBudget(budgetMs: number, client: AbortSignal | null): Budget {
  const controller = new AbortController();
  const deadlineAt = performance.now() + budgetMs;
  let expired = false;
  const timer = setTimeout(() => {
    expired = true;
    controller.abort();
  }, budgetMs);
  const leave = (): void => controller.abort();
  if (client?.aborted) leave();
  else client?.addEventListener('abort', leave, { once: true });
  return {
    signal: controller.signal,
    deadlineAt,
    get expired() {
      return expired;
    },
    end() {
      clearTimeout(timer);
      client?.removeEventListener('abort', leave);
      controller.abort();
    },
  };
}
