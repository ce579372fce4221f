import { type BackendTable, endpointOf } from '../../backends.ts';
import { type CallLoader, createCallLoader } from '../call-loader.ts';
import type { LoaderScope } from '../loader-scope.ts';
import type { PricingSource } from './source.ts';
import type { Offer } from './wire/types.gen.ts';

/** How offers are loaded within one operation. */
export interface PricingLoaders {
  /** One call an offer: the backend has no bulk read. The argument is the number of passengers. */
  readonly offerByFlightId: CallLoader<string, Offer | null, number>;
}

/** Prepares the loaders of offers; what it returns makes them for one operation. */
export function createPricingLoaders(
  source: PricingSource,
  table: BackendTable,
): (scope: LoaderScope) => PricingLoaders {
  const offerByFlightId = endpointOf(table, 'pricing', 'offerByFlightId');
  return (scope) => ({
    offerByFlightId: createCallLoader({ ...scope, endpoint: offerByFlightId, fetch: source.offerByFlightId }),
  });
}
