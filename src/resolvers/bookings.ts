import type { BookingResolvers, QueryResolvers } from './generated/types.ts';
import { toGlobalId, toRawId } from './global-id.ts';

export const Booking: BookingResolvers = {
  id: (booking) => toGlobalId('Booking', booking.id),
  flight: (booking, _, { loaders }) => loaders.flights.byId.load(booking.flightId),
  payment: (booking, _, { loaders }) => loaders.payments.bySubject.load(`bookings/${booking.id}`),
  user: (booking, _, { loaders }) => loaders.users.byId.load(booking.userId),
};

export const bookingQueries: Pick<QueryResolvers, 'booking'> = {
  booking: (_, { id }, { loaders }) => loaders.bookings.byId.load(toRawId('Booking', id) ?? ''),
};
