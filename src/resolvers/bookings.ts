import { zBooking } from '../datasources/bookings/wire/zod.gen.ts';
import { notFound } from '../workflows/problems.ts';
import { type Begun, beginWorkflow } from './begin-workflow.ts';
import type { BookingResolvers, MutationResolvers, QueryResolvers } from './generated/types.ts';
import { toGlobalId, toRawId } from './global-id.ts';
import { keyFaults, passengerFaults, tokenFaults } from './input-checks.ts';

export const Booking: BookingResolvers = {
  id: (booking) => toGlobalId('Booking', booking.id),
  flight: (booking, _, { loaders }) => loaders.flights.byId.load(booking.flightId),
  payment: (booking, _, { loaders }) => loaders.payments.bySubject.load(`bookings/${booking.id}`),
  user: (booking, _, { loaders }) => loaders.users.byId.load(booking.userId),
};

export const bookingQueries: Pick<QueryResolvers, 'booking'> = {
  booking: (_, { id }, { loaders }) => loaders.bookings.byId.load(toRawId('Booking', id) ?? ''),
};

/** What began, with the booking as the workflow left it. */
const withBooking = (begun: Begun) => ({
  ...begun,
  booking: zBooking.nullable().parse(begun.workflow?.result ?? null),
});

export const bookingMutations: Pick<MutationResolvers, 'bookFlight' | 'cancelBooking'> = {
  bookFlight: async (_, { input: { flightId, idempotencyKey: key, wait = true, ...input } }, context) => {
    const { offerToken, passengers, paymentToken } = input;
    const problems = [
      ...keyFaults(key),
      ...passengerFaults(passengers),
      ...tokenFaults(offerToken, 'offerToken', 4000),
      ...tokenFaults(paymentToken, 'paymentToken', 500),
    ];
    if (problems.length > 0) return { problems };
    const id = toRawId('Flight', flightId);
    if (id === null) return { problems: [notFound('There is no such flight.', ['flightId'])] };
    const named = passengers.map(({ name }) => ({ name: name.trim() }));
    const booking = { flightId: id, offerToken, paymentToken, passengers: named };
    return withBooking(await beginWorkflow(context, 'bookFlight', booking, { key, wait }));
  },
  cancelBooking: async (_, { input: { bookingId, idempotencyKey: key } }, context) => {
    const problems = keyFaults(key);
    if (problems.length > 0) return { problems };
    const booking = await context.loaders.bookings.byId.load(toRawId('Booking', bookingId) ?? '');
    if (booking === null) return { problems: [notFound('There is no such booking.', ['bookingId'])] };
    const input = { bookingId: booking.id, ownerId: booking.userId };
    return withBooking(await beginWorkflow(context, 'cancelBooking', input, { key, wait: true }));
  },
};
