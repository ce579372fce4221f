import type { ClientAddress } from './client-address.ts';
import type { RateLimit } from './rate-limit.ts';
import type { Throttle } from './throttle.ts';

/** What one operation, one viewer, one account and one address may do. */
export interface Limits {
  /** The most REST calls that one operation may need. */
  readonly maxUpstreamCalls: number;
  readonly rateLimit: RateLimit;
  readonly throttle: Throttle;
  readonly addressOf: ClientAddress;
}
