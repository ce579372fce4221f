import { z } from 'zod';
import { type Backend, type BackendOptions, createBackend } from '../kit/create-backend.ts';
import { Problem } from '../kit/problem.ts';
import { noStore, type Route, read } from '../kit/route.ts';
import type { Store } from '../kit/store.ts';
import { wholeOf } from '../seed/chance.ts';
import { seatsOfAircraft, toWholeEuros } from '../seed/fares.ts';
import { createTimetable, type Departure, dayAfter, type Timetable, todayInUtc } from '../seed/timetable.ts';
import { type OfferSigner, openOfferSigner } from './pricing/offer-signer.ts';

const schema = `
  CREATE TABLE fare (number TEXT PRIMARY KEY, amount INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE signing_key (position INTEGER PRIMARY KEY, jwk TEXT NOT NULL) STRICT;
`;

const currency = 'EUR';

const fareRow = z.object({ amount: z.number() });

/** How long an offer binds, in seconds. */
const offerSeconds = 15 * 60;

/** How many days ahead seats are sold: as many as the flights backend knows. */
const daysAhead = 61;

/** There are always enough seats for the largest party that an offer is made to. */
const mostPassengers = 9;

const fridayAndSunday = new Set([5, 0]);

/** What a flight costs now: one flight, one party, one signed offer at a time. */
export function createPricing(options: BackendOptions): Promise<Backend> {
  return createBackend(
    {
      name: 'pricing',
      version: 1,
      schema,
      loadSeed: async () => {
        const { baseFareOf } = await import('../seed/fares.ts');
        return (store) => {
          for (const service of createTimetable().services.values()) {
            store.run('INSERT INTO fare VALUES (?, ?)', service.number, baseFareOf(service));
          }
        };
      },
      setup: async (store) => {
        const signer = await openOfferSigner(store);
        return {
          documents: { '/.well-known/jwks.json': () => signer.publicKeys },
          routes: routesOf(store, signer, createTimetable()),
        };
      },
    },
    options,
  );
}

function routesOf(store: Store, signer: OfferSigner, timetable: Timetable): Route[] {
  return [
    read({
      path: '/offers/{flightId}',
      access: 'public',
      usualMs: 200,
      cacheControl: noStore,
      query: z.strictObject({
        passengers: z.coerce.number().int().min(1).max(mostPassengers).default(1),
      }),
      answer: ({ query: { passengers }, param }) => {
        const flightId = param('flightId');
        const departure = onSale(timetable.departureById(flightId));
        const seatsLeft = wholeOf(mostPassengers, 120, 'seats left', flightId);
        const amount = passengers * seatPriceOf(store, departure, seatsLeft);
        const iat = Math.floor(Date.now() / 1000);
        const exp = iat + offerSeconds;
        return {
          flightId,
          passengers,
          price: { amount, currency },
          seatsLeft,
          token: signer.sign({ flightId, passengers, amount, currency, iat, exp }),
          expiresAt: new Date(exp * 1000).toISOString(),
        };
      },
    }),
  ];
}

/** The departure where its seats are sold now. Throws `not-found` for what is no flight, has left, or is too far off. */
function onSale(departure: Departure | null): Departure {
  if (departure === null) throw new Problem('not-found');
  const sold = departure.departsAtMs > Date.now() && departure.day <= dayAfter(todayInUtc(), daysAhead);
  if (!sold) throw new Problem('not-found', 'no seats are sold on this flight');
  return departure;
}

/** What one seat costs, in minor units: dearer at either end of the weekend, and the fewer seats are left. */
function seatPriceOf(store: Store, departure: Departure, seatsLeft: number): number {
  const { number } = departure.service;
  const fare = store.get(fareRow, 'SELECT amount FROM fare WHERE number = ?', number);
  if (!fare) throw new Problem('not-found', 'no fare is filed for this flight');
  const busy = fridayAndSunday.has(new Date(`${departure.day}T00:00:00Z`).getUTCDay()) ? 1.15 : 1;
  const scarce = 1 + 0.5 * (1 - seatsLeft / seatsOfAircraft);
  return toWholeEuros(fare.amount * busy * scarce);
}
