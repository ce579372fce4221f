import { type BackendTable, endpointOf } from '../../backends.ts';
import { type BatchLoader, createBatchLoader } from '../batch-loader.ts';
import { type CallLoader, createCallLoader } from '../call-loader.ts';
import type { LoaderScope } from '../loader-scope.ts';
import type { FlightQuery, FlightsSource } from './source.ts';
import type { Airport, Flight, FlightPage } from './wire/types.gen.ts';

/** How flights and airports are loaded within one operation. */
export interface FlightsLoaders {
  readonly byId: BatchLoader<string, Flight, void>;
  readonly airportByCode: BatchLoader<string, Airport, void>;
  /** The key is always `search`: what is searched for stands in the arguments. */
  readonly search: CallLoader<'search', FlightPage, FlightQuery>;
  /** The key is always `all`. */
  readonly airports: CallLoader<'all', readonly Airport[], void>;
}

/** Prepares the loaders of flights and airports; what it returns makes them for one operation. */
export function createFlightsLoaders(
  source: FlightsSource,
  table: BackendTable,
): (scope: LoaderScope) => FlightsLoaders {
  const flightsByIds = endpointOf(table, 'flights', 'flightsByIds');
  const airportsByCodes = endpointOf(table, 'flights', 'airportsByCodes');
  const searchFlights = endpointOf(table, 'flights', 'searchFlights');
  const airports = endpointOf(table, 'flights', 'airports');
  return (scope) => ({
    byId: createBatchLoader({
      ...scope,
      endpoint: flightsByIds,
      fetch: source.flightsByIds,
      keyOf: (flight) => flight.id,
    }),
    airportByCode: createBatchLoader({
      ...scope,
      endpoint: airportsByCodes,
      fetch: source.airportsByCodes,
      keyOf: (airport) => airport.code,
    }),
    search: createCallLoader({
      ...scope,
      endpoint: searchFlights,
      fetch: (call, _key, search: FlightQuery) => source.searchFlights(call, search),
    }),
    airports: createCallLoader({ ...scope, endpoint: airports, fetch: (call) => source.airports(call) }),
  });
}
