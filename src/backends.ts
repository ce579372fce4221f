/**
 * Every REST backend and every endpoint of it, with the numbers that its calls live by.
 *
 * Policies in `http/` read their numbers here and have none of their own. An endpoint's name is the name of
 * the source method that calls it, of its metric and of its rows in the waterfall.
 */

import { usual } from './backends/look-up.ts';
import type { BackendTable, Bulk, Credentials, EndpointRow } from './backends/rows.ts';

export { type BackendNumbers, endpointOf, numbersOf } from './backends/look-up.ts';
export type {
  BackendRow,
  BackendTable,
  Bulk,
  ConnectionRow,
  Credentials,
  Endpoint,
  EndpointRow,
  RetryRow,
} from './backends/rows.ts';

const bulkOf = (param: string, names: 'object' | 'owner' = 'object'): Bulk => ({ param, max: 100, names });

/** Reads of one kind of object by their ids, in the words that every backend uses. */
const byIds = (path: string, credentials: Credentials, usualMs: number, entity: string): EndpointRow => ({
  method: 'GET',
  path,
  by: ['ids'],
  bulk: bulkOf('ids'),
  credentials,
  usualMs,
  entity,
});

/** What a write with this key did, for a workflow that does not know whether its call took effect. */
const byIdempotencyKey = (path: string, usualMs: number): EndpointRow => ({
  method: 'GET',
  path,
  by: ['idempotencyKey'],
  credentials: 'gateway',
  usualMs,
});

const write = (
  method: 'POST' | 'PUT',
  path: string,
  usualMs: number,
  changes?: readonly string[],
): EndpointRow => ({
  method,
  path,
  credentials: 'gateway',
  usualMs,
  ...(changes && { changes }),
});

export const backends = {
  users: {
    ...usual,
    demoPort: 0,
    endpoints: {
      usersByIds: byIds('/users', 'viewer', 80, 'users'),
      createSession: { method: 'POST', path: '/sessions', credentials: 'none', usualMs: 100 },
      createToken: { method: 'POST', path: '/tokens', credentials: 'none', usualMs: 80 },
      createUser: write('POST', '/users', 80),
      usersByIdempotencyKey: byIdempotencyKey('/users', 80),
    },
  },
  products: {
    ...usual,
    demoPort: 1,
    endpoints: {
      productsByIds: byIds('/products', 'none', 80, 'products'),
      searchProducts: {
        method: 'GET',
        path: '/products',
        credentials: 'none',
        usualMs: 80,
        entity: 'products',
      },
      upsertProducts: write('POST', '/products/batches', 80, ['products']),
    },
  },
  inventory: {
    ...usual,
    demoPort: 2,
    endpoints: {
      stockByProductIds: {
        method: 'GET',
        path: '/stock',
        by: ['productIds'],
        bulk: bulkOf('productIds'),
        credentials: 'none',
        usualMs: 60,
        entity: 'stock',
      },
      createReservation: write('POST', '/reservations', 60, ['stock']),
      confirmReservation: write('POST', '/reservations/{id}/confirm', 60, ['stock']),
      releaseReservation: write('POST', '/reservations/{id}/release', 60, ['stock']),
      reservationsByIdempotencyKey: byIdempotencyKey('/reservations', 60),
    },
  },
  orders: {
    ...usual,
    demoPort: 3,
    endpoints: {
      ordersByIds: byIds('/orders', 'viewer', 120, 'orders'),
      ordersByUserIds: {
        method: 'GET',
        path: '/orders',
        by: ['userIds'],
        bulk: bulkOf('userIds', 'owner'),
        credentials: 'viewer',
        usualMs: 120,
        entity: 'orders',
      },
      createOrder: write('POST', '/orders', 120),
      confirmOrder: write('POST', '/orders/{id}/confirm', 120),
      shipOrder: write('POST', '/orders/{id}/ship', 120),
      deliverOrder: write('POST', '/orders/{id}/deliver', 120),
      cancelOrder: write('POST', '/orders/{id}/cancel', 120),
      ordersByIdempotencyKey: byIdempotencyKey('/orders', 120),
    },
  },
  payments: {
    ...usual,
    demoPort: 4,
    endpoints: {
      paymentsByIds: byIds('/payments', 'viewer', 80, 'payments'),
      paymentsBySubjects: {
        method: 'GET',
        path: '/payments',
        by: ['subjects'],
        bulk: bulkOf('subjects', 'owner'),
        credentials: 'viewer',
        usualMs: 80,
        entity: 'payments',
      },
      createCharge: write('POST', '/charges', 400),
      createRefund: write('POST', '/charges/{id}/refunds', 400),
      chargesByIdempotencyKey: byIdempotencyKey('/charges', 80),
      refundsByIdempotencyKey: byIdempotencyKey('/refunds', 80),
    },
  },
  flights: {
    ...usual,
    demoPort: 5,
    endpoints: {
      flightsByIds: byIds('/flights', 'none', 60, 'flights'),
      searchFlights: {
        method: 'GET',
        path: '/flights',
        by: ['origin', 'destination', 'date'],
        credentials: 'none',
        usualMs: 500,
        entity: 'flights',
      },
      airportsByCodes: {
        method: 'GET',
        path: '/airports',
        by: ['codes'],
        bulk: bulkOf('codes'),
        credentials: 'none',
        usualMs: 60,
        entity: 'airports',
      },
      airports: { method: 'GET', path: '/airports', credentials: 'none', usualMs: 60, entity: 'airports' },
    },
  },
  pricing: {
    ...usual,
    demoPort: 6,
    endpoints: {
      offerByFlightId: {
        method: 'GET',
        path: '/offers/{flightId}',
        by: ['passengers'],
        credentials: 'none',
        usualMs: 200,
        entity: 'offers',
      },
    },
  },
  bookings: {
    ...usual,
    demoPort: 7,
    endpoints: {
      bookingsByIds: byIds('/bookings', 'viewer', 60, 'bookings'),
      bookingsByUserIds: {
        method: 'GET',
        path: '/bookings',
        by: ['userIds'],
        bulk: bulkOf('userIds', 'owner'),
        credentials: 'viewer',
        usualMs: 60,
        entity: 'bookings',
      },
      createBooking: write('POST', '/bookings', 300),
      confirmBooking: write('POST', '/bookings/{id}/confirm', 60),
      cancelBooking: write('POST', '/bookings/{id}/cancel', 60),
      bookingsByIdempotencyKey: byIdempotencyKey('/bookings', 60),
    },
  },
  notifications: {
    ...usual,
    demoPort: 8,
    endpoints: {
      createMessage: write('POST', '/messages', 150),
      messagesByIdempotencyKey: byIdempotencyKey('/messages', 150),
    },
  },
} as const satisfies BackendTable;
