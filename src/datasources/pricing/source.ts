import { type BackendTable, endpointOf } from '../../backends.ts';
import type { Call } from '../../call.ts';
import type { Upstream } from '../../http/upstream.ts';
import type { Offer } from './wire/types.gen.ts';
import { zOffer } from './wire/zod.gen.ts';

/** What the pricing backend can be asked. It has no bulk read. */
export interface PricingSource {
  /** Null where the flight is not sold. */
  offerByFlightId(call: Call, flightId: string, passengers: number): Promise<Offer | null>;
}

/** The pricing backend, one method an endpoint. */
export function createPricingSource(upstream: Upstream, table: BackendTable): PricingSource {
  const offerByFlightId = endpointOf(table, 'pricing', 'offerByFlightId');
  return {
    offerByFlightId: (call, flightId, passengers) =>
      upstream.find(call, {
        endpoint: offerByFlightId,
        path: { flightId },
        query: { passengers },
        decode: zOffer,
      }),
  };
}
