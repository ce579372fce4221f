/** How many repeats one backend may be sent. */
export interface RetryBudget {
  /** A call was asked for. */
  earn(): void;
  /** Takes one repeat; false where none is left. */
  spend(): boolean;
}

/**
 * Bounds the repeats to a share of the demand, so that an outage is not made worse by those who ask again.
 *
 * A process that has just started may repeat `free` times before it has earned as many; later no more than
 * `saved` are kept back from good times.
 */
export function createRetryBudget({
  budget,
  free,
  saved,
}: {
  readonly budget: number;
  readonly free: number;
  readonly saved: number;
}): RetryBudget {
  let demand = 0;
  let spent = 0;

  return {
    earn() {
      // Counted in calls: sums of a tenth would drift.
      demand = Math.min(demand + 1, (spent + saved) / budget);
    },
    spend() {
      if (spent >= free && spent + 1 > demand * budget) return false;
      spent += 1;
      return true;
    },
  };
}
