import type { BackendCases } from './backend-cases.ts';
import { flightIdFromNow } from './flight-days.ts';

export const pricing: BackendCases = {
  pricingKeys: { good: () => ({ as: 'nobody' }) },
  offerByFlightId: {
    good: () => ({ as: 'nobody', path: { flightId: flightIdFromNow(3) }, query: { passengers: '2' } }),
  },
};
