import { toConnection } from './connection.ts';
import type { FlightResolvers, QueryResolvers } from './generated/types.ts';
import { toGlobalId, toRawId } from './global-id.ts';

export const Flight: FlightResolvers = {
  id: (flight) => toGlobalId('Flight', flight.id),
  origin: (flight, _, { loaders }) => loaders.flights.airportByCode.load(flight.origin),
  destination: (flight, _, { loaders }) => loaders.flights.airportByCode.load(flight.destination),
  offer: (flight, { passengers }, { loaders }) => loaders.pricing.offerByFlightId.load(flight.id, passengers),
};

export const flightQueries: Pick<QueryResolvers, 'airports' | 'flight' | 'flights'> = {
  airports: (_, __, { loaders }) => loaders.flights.airports.load('all'),
  flight: (_, { id }, { loaders }) => loaders.flights.byId.load(toRawId('Flight', id) ?? ''),
  flights: async (_, { search, first, after }, { loaders }) =>
    toConnection(
      await loaders.flights.search.load('search', {
        origin: search.origin,
        destination: search.destination,
        date: search.date,
        limit: first,
        cursor: after ?? undefined,
      }),
      after,
    ),
};
