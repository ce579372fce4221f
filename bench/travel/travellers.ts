import * as z from 'zod';
import { DESTINATION, FLIGHTS, ORIGIN, PASSENGER, type Traveller } from './journey.ts';
import type { RestBackends, RestOffer } from './rest-backends.ts';

/**
 * A program that makes the plain REST calls, one after the other, as the backends' documents show them.
 *
 * In its favour it stands beside the backends: its calls pay no way.
 */
export function createRestTraveller(backends: RestBackends): Traveller {
  const offers = new Map<string, RestOffer>();
  let userId = '';
  return {
    async search(date) {
      userId = await backends.signIn();
      offers.clear();
      for (const id of await backends.searchFlights(date)) offers.set(id, await backends.offer(id));
      return [...offers.values()];
    },
    async book(offered, key) {
      const offer = offers.get(offered.flightId);
      if (!offer) throw new Error('no offer for this flight was found');
      const bookingId = await backends.hold(userId, offer, key);
      await backends.confirm(bookingId, await backends.pay(userId, bookingId, offer.price, key), key);
      await backends.tell(userId, bookingId, key);
    },
  };
}

const answerShape = z.object({ data: z.unknown(), errors: z.array(z.unknown()).optional() });

/** Asks a GraphQL server. Rejects where it answers with errors. */
async function ask<T>(
  url: string,
  shape: z.ZodType<T>,
  query: string,
  variables: object,
  headers: Readonly<Record<string, string>> = {},
): Promise<T> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = answerShape.parse(await response.json());
  if (errors) throw new Error(JSON.stringify(errors));
  return shape.parse(data);
}

const plainFlights = z.object({
  flights: z.array(z.object({ id: z.string(), offer: z.object({ token: z.string() }) })),
});
const plainBooking = z.object({ book: z.string() });

/** A client of a gateway that resolves level by level and writes step by step. */
export function createPlainTraveller(url: string): Traveller {
  return {
    async search(date) {
      const { flights } = await ask(
        url,
        plainFlights,
        'query ($date: String!) { flights(date: $date) { id offer { token } } }',
        { date },
      );
      return flights.map(({ id, offer }) => ({ flightId: id, token: offer.token }));
    },
    async book({ flightId }, key) {
      const mutation = 'mutation ($flightId: ID!, $key: String!) { book(flightId: $flightId, key: $key) }';
      await ask(url, plainBooking, mutation, { flightId, key });
    },
  };
}

const SEARCH = /* GraphQL */ `
  query Search($search: FlightSearch!, $first: Int!) {
    flights(search: $search, first: $first) {
      nodes { id number departsAt offer(passengers: 1) { price { amount currency } seatsLeft token } }
    }
  }
`;
const BOOK = /* GraphQL */ `
  mutation Book($input: BookFlightInput!) {
    bookFlight(input: $input) { booking { reference status } problems { __typename message } }
  }
`;
const weirFlights = z.object({
  flights: z.object({ nodes: z.array(z.object({ id: z.string(), offer: z.object({ token: z.string() }) })) }),
});
const weirBooking = z.object({
  bookFlight: z.object({
    booking: z.object({ status: z.literal('CONFIRMED') }),
    problems: z.array(z.unknown()).length(0),
  }),
});

/** A client of Weir, with the token that it got when its user signed in. */
export function createWeirTraveller(url: string, token: string): Traveller {
  const headers = { authorization: `Bearer ${token}` };
  return {
    async search(date) {
      const search = { origin: ORIGIN, destination: DESTINATION, date };
      const { flights } = await ask(url, weirFlights, SEARCH, { search, first: FLIGHTS }, headers);
      return flights.nodes.map(({ id, offer }) => ({ flightId: id, token: offer.token }));
    },
    async book({ flightId, token: offerToken }, key) {
      const input = {
        flightId,
        offerToken,
        passengers: [{ name: PASSENGER }],
        paymentToken: 'tok_ok',
        idempotencyKey: key,
      };
      await ask(url, weirBooking, BOOK, { input }, headers);
    },
  };
}
