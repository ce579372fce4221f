import { type BackendTable, endpointOf } from '../../backends.ts';
import type { Call } from '../../call.ts';
import type { Upstream } from '../../http/upstream.ts';
import { asInput } from '../unless-problem.ts';
import type { Booking, BookingConfirmation, BookingPageOfUser, NewBooking } from './wire/types.gen.ts';
import { zBooking, zBookingList, zBookingPagesByUser } from './wire/zod.gen.ts';

/** Which page of each user's bookings. A cursor speaks of one user's list, so it goes with one user only. */
export interface BookingsOfUsers {
  readonly limit: number;
  readonly cursor: string | undefined;
}

/** What the bookings backend can be asked. */
export interface BookingsSource {
  bookingsByIds(call: Call, ids: readonly string[]): Promise<readonly Booking[]>;
  bookingsByUserIds(
    call: Call,
    userIds: readonly string[],
    page: BookingsOfUsers,
  ): Promise<readonly BookingPageOfUser[]>;
  createBooking(call: Call, booking: NewBooking, idempotencyKey: string): Promise<Booking>;
  confirmBooking(
    call: Call,
    id: string,
    confirmation: BookingConfirmation,
    idempotencyKey: string,
  ): Promise<Booking>;
  cancelBooking(call: Call, id: string, idempotencyKey: string): Promise<Booking>;
  bookingsByIdempotencyKey(call: Call, idempotencyKey: string): Promise<readonly Booking[]>;
}

/** The bookings backend, one method an endpoint. */
export function createBookingsSource(upstream: Upstream, table: BackendTable): BookingsSource {
  const bookingsByIds = endpointOf(table, 'bookings', 'bookingsByIds');
  const bookingsByUserIds = endpointOf(table, 'bookings', 'bookingsByUserIds');
  const createBooking = endpointOf(table, 'bookings', 'createBooking');
  const confirmBooking = endpointOf(table, 'bookings', 'confirmBooking');
  const cancelBooking = endpointOf(table, 'bookings', 'cancelBooking');
  const bookingsByIdempotencyKey = endpointOf(table, 'bookings', 'bookingsByIdempotencyKey');
  return {
    bookingsByIds: async (call, ids) =>
      (await upstream.send(call, { endpoint: bookingsByIds, query: { ids }, decode: zBookingList })).items,
    bookingsByUserIds: async (call, userIds, page) =>
      (
        await asInput(
          upstream.send(call, {
            endpoint: bookingsByUserIds,
            query: { userIds, ...page },
            decode: zBookingPagesByUser,
          }),
          'A cursor comes from a page of the same list.',
        )
      ).items,
    createBooking: (call, body, idempotencyKey) =>
      upstream.send(call, { endpoint: createBooking, body, idempotencyKey, decode: zBooking }),
    confirmBooking: (call, id, body, idempotencyKey) =>
      upstream.send(call, { endpoint: confirmBooking, path: { id }, body, idempotencyKey, decode: zBooking }),
    cancelBooking: (call, id, idempotencyKey) =>
      upstream.send(call, {
        endpoint: cancelBooking,
        path: { id },
        body: {},
        idempotencyKey,
        decode: zBooking,
      }),
    bookingsByIdempotencyKey: async (call, idempotencyKey) =>
      (
        await upstream.send(call, {
          endpoint: bookingsByIdempotencyKey,
          query: { idempotencyKey },
          decode: zBookingList,
        })
      ).items,
  };
}
