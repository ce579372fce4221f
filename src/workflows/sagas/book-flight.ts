import { z } from 'zod';
import type { Sources } from '../../datasources/sources.ts';
import { charge } from '../charge.ts';
import type { OfferVerifier } from '../offer-verifier.ts';
import { invalidInput, offerExpired, Refusal, stepFailed } from '../problems.ts';
import type { Saga } from '../saga.ts';
import { notificationOf } from './notify.ts';

const inputShape = z.object({
  /** A raw id. */
  flightId: z.string(),
  offerToken: z.string(),
  passengers: z.array(z.object({ name: z.string() })).min(1),
  paymentToken: z.string(),
});

export type BookFlightInput = z.infer<typeof inputShape>;

export interface BookFlightOptions {
  readonly sources: Pick<Sources, 'bookings' | 'payments'>;
  readonly offers: OfferVerifier;
}

/** Books: the offer is believed by its signature, so that nobody has to be asked before the seats are held. */
export function createBookFlight({ sources, offers }: BookFlightOptions): Saga<BookFlightInput> {
  const { bookings, payments } = sources;
  return {
    name: 'bookFlight',
    input: inputShape,
    secrets: ['offerToken', 'paymentToken'],
    steps: ['verifyOffer', 'holdSeats', 'charge', 'confirmBooking'],
    async run(run, { flightId, offerToken, passengers, paymentToken }) {
      const { userId } = run;

      const total = await run.step('verifyOffer', {
        do: async () => {
          const offer = await offers.verify(offerToken);
          const expired = (message: string) => offerExpired(message, flightId, passengers.length);
          if (offer === 'expired') throw new Refusal(expired('The offer has expired.'));
          if (offer === 'forged')
            throw new Refusal(invalidInput('This is no offer of ours.', ['offerToken']));
          if (offer.flightId !== flightId || offer.passengers !== passengers.length) {
            throw new Refusal(expired('The offer is for another flight or another number of passengers.'));
          }
          return offer.price;
        },
      });

      const booking = await run.step('holdSeats', {
        do: ({ call, key }) => bookings.createBooking(call, { userId, flightId, passengers, total }, key),
        find: ({ call, key }) => bookings.bookingsByIdempotencyKey(call, key),
        undo: ({ call, key }, { id }) => bookings.cancelBooking(call, id, key),
        refused: { 'sold-out': () => stepFailed('holdSeats', 'The flight is sold out.', 'SOLD_OUT') },
      });
      run.about({ type: 'Booking', id: booking.id }, booking);

      const payment = await run.step(
        'charge',
        charge(payments, { userId, subject: `bookings/${booking.id}`, amount: total, paymentToken }),
      );

      // Cancelling the booking undoes this as well.
      const confirmed = await run.step('confirmBooking', {
        do: ({ call, key }) => bookings.confirmBooking(call, booking.id, { paymentId: payment.id }, key),
        find: async ({ call }) =>
          (await bookings.bookingsByIds(call, [booking.id])).filter(({ status }) => status === 'CONFIRMED'),
      });
      run.about({ type: 'Booking', id: booking.id }, confirmed);
    },
    followUps: (end) =>
      end.status === 'SUCCEEDED'
        ? [notificationOf(end, 'booking-confirmed', { bookingId: end.subject?.id })]
        : [],
  };
}
