import type { CallRecord } from '../call.ts';
import type { RateHeaders, Reservation } from './rate-limit.ts';
import type { Attempted } from './throttle.ts';

/** What one operation owes, worked out while it runs. */
export interface Charge {
  /** To be called for every REST call of the operation. */
  observe(record: CallRecord): void;
  /** The operation has ended: what was set aside for it and not spent is given back. Again: nothing more. */
  settle(): void;
}

/**
 * Charges the calls that really went to a backend; answers from a cache, or shared with others, cost nothing.
 *
 * `onRate` hears what the answer's headers are to say of the limit, now and once more when it is settled.
 */
export function createCharge(
  reservation: Reservation,
  attempted: Attempted | null,
  onRate: ((headers: RateHeaders) => void) | null,
): Charge {
  onRate?.(reservation.headers());
  return {
    observe(record) {
      if (record.source === 'network') reservation.spend();
      attempted?.observe(record);
    },
    settle() {
      reservation.settle();
      onRate?.(reservation.headers());
    },
  };
}
