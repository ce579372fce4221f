import { type BackendTable, endpointOf } from '../../backends.ts';
import { type BatchLoader, createBatchLoader } from '../batch-loader.ts';
import type { LoaderScope } from '../loader-scope.ts';
import { ownPages, ownRows } from '../owned-rows.ts';
import type { BookingsOfUsers, BookingsSource } from './source.ts';
import type { Booking, BookingPageOfUser } from './wire/types.gen.ts';

/** How bookings are loaded within one operation. */
export interface BookingsLoaders {
  readonly byId: BatchLoader<string, Booking, void>;
  readonly byUserId: BatchLoader<string, BookingPageOfUser, BookingsOfUsers>;
}

/** Prepares the loaders of bookings; what it returns makes them for one operation. */
export function createBookingsLoaders(
  source: BookingsSource,
  table: BackendTable,
): (scope: LoaderScope) => BookingsLoaders {
  const bookingsByIds = endpointOf(table, 'bookings', 'bookingsByIds');
  const bookingsByUserIds = endpointOf(table, 'bookings', 'bookingsByUserIds');
  return (scope) => ({
    byId: createBatchLoader({
      ...scope,
      endpoint: bookingsByIds,
      fetch: (call, ids) => ownRows(call.viewer, () => source.bookingsByIds(call, ids)),
      keyOf: (booking) => booking.id,
    }),
    byUserId: createBatchLoader({
      ...scope,
      endpoint: bookingsByUserIds,
      fetch: (call, userIds, page: BookingsOfUsers) =>
        ownPages(call.viewer, () => source.bookingsByUserIds(call, userIds, page)),
      keyOf: (page) => page.userId,
      // A cursor speaks of one user's list.
      maxKeys: ({ cursor }) => (cursor === undefined ? Number.POSITIVE_INFINITY : 1),
    }),
  });
}
