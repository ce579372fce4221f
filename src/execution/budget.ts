/** One operation's time: a signal that ends its calls, and the moment it does so by itself. */
export interface Budget {
  readonly signal: AbortSignal;
  /** On the clock of `performance.now()`. */
  readonly deadlineAt: number;
  /** Whether the time ran out, rather than the client leaving. */
  readonly expired: boolean;
  /** From now on the end of the time is watched for: to be called once anybody waits. */
  start(): void;
  /** The answer is there: whatever is still under way ends, and nothing of the budget stays behind. */
  end(): void;
}

/** Why budgets end. Made once: an abort without a reason gathers a stack for one, and every operation ends. */
const ENDED = new Error('the operation is over');
const EXPIRED = new Error('the time of the operation is over');
const LEFT = new Error('the client has left');

/** Ends its signal after `budgetMs`, or as soon as the client's own signal ends. */
export function createBudget(budgetMs: number, client: AbortSignal | null): Budget {
  const controller = new AbortController();
  const deadlineAt = performance.now() + budgetMs;
  let expired = false;
  let timer: NodeJS.Timeout | undefined;
  const leave = (): void => controller.abort(LEFT);
  if (client?.aborted) leave();
  else client?.addEventListener('abort', leave, { once: true });
  return {
    signal: controller.signal,
    deadlineAt,
    get expired() {
      return expired;
    },
    start() {
      timer ??= setTimeout(() => {
        expired = true;
        controller.abort(EXPIRED);
      }, budgetMs);
    },
    end() {
      clearTimeout(timer);
      client?.removeEventListener('abort', leave);
      // Without a wait nothing was begun that could still be under way.
      if (timer !== undefined) controller.abort(ENDED);
    },
  };
}
