import { type BackendTable, endpointOf } from '../../backends.ts';
import type { Call } from '../../call.ts';
import type { Upstream } from '../../http/upstream.ts';
import { asInput } from '../unless-problem.ts';
import type { Airport, Flight, FlightPage } from './wire/types.gen.ts';
import { zAirportList, zFlightList, zFlightPage } from './wire/zod.gen.ts';

/** From where to where, on which local day, and which page of what flies. */
export interface FlightQuery {
  readonly origin: string;
  readonly destination: string;
  readonly date: string;
  readonly limit: number;
  readonly cursor: string | undefined;
}

/** What the flights backend can be asked. */
export interface FlightsSource {
  flightsByIds(call: Call, ids: readonly string[]): Promise<readonly Flight[]>;
  searchFlights(call: Call, search: FlightQuery): Promise<FlightPage>;
  airportsByCodes(call: Call, codes: readonly string[]): Promise<readonly Airport[]>;
  airports(call: Call): Promise<readonly Airport[]>;
}

/** The flights backend, one method an endpoint. */
export function createFlightsSource(upstream: Upstream, table: BackendTable): FlightsSource {
  const flightsByIds = endpointOf(table, 'flights', 'flightsByIds');
  const searchFlights = endpointOf(table, 'flights', 'searchFlights');
  const airportsByCodes = endpointOf(table, 'flights', 'airportsByCodes');
  const airports = endpointOf(table, 'flights', 'airports');
  return {
    flightsByIds: async (call, ids) =>
      (await upstream.send(call, { endpoint: flightsByIds, query: { ids }, decode: zFlightList })).items,
    searchFlights: (call, search) =>
      asInput(
        upstream.send(call, { endpoint: searchFlights, query: { ...search }, decode: zFlightPage }),
        'Airports have codes of three capital letters; a cursor comes from a page of the same list.',
      ),
    airportsByCodes: async (call, codes) =>
      (await upstream.send(call, { endpoint: airportsByCodes, query: { codes }, decode: zAirportList }))
        .items,
    airports: async (call) => (await upstream.send(call, { endpoint: airports, decode: zAirportList })).items,
  };
}
