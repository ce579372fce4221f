import type { BackendCases } from './backend-cases.ts';
import { dayFromNow, flightIdFromNow } from './flight-days.ts';

export const flights: BackendCases = {
  airports: { good: () => ({ as: 'nobody' }) },
  airportsByCodes: { good: () => ({ as: 'nobody', query: { codes: 'LHR,JFK,XXX' } }) },
  airportByCode: { good: () => ({ as: 'nobody', path: { code: 'LHR' } }) },
  flightsByIds: { good: () => ({ as: 'nobody', query: { ids: `${flightIdFromNow(3)},none` } }) },
  flightById: { good: () => ({ as: 'nobody', path: { id: flightIdFromNow(3) } }) },
  searchFlights: {
    good: () => ({
      as: 'nobody',
      query: { origin: 'LHR', destination: 'JFK', date: dayFromNow(3), limit: '2' },
    }),
  },
};
