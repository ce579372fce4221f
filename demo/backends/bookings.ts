import { z } from 'zod';
import { created, ok } from '../kit/answer.ts';
import { type Backend, type BackendOptions, createBackend } from '../kit/create-backend.ts';
import { type Caller, demandActsFor, sees, visible } from '../kit/identity.ts';
import { pagesByUser, pagesByUserQuery } from '../kit/pages-by-user.ts';
import { keysParameter, rowsByIds } from '../kit/paging.ts';
import { Problem } from '../kit/problem.ts';
import { readMadeBy } from '../kit/read-made-by.ts';
import { noBody, noQuery, personal, type Route, read, type WriteAsked, write } from '../kit/route.ts';
import { idShape, moneyShape } from '../kit/shapes.ts';
import { jsonColumn, type Seed, type Store, startIdsAfter } from '../kit/store.ts';
import { bookingReferenceOf } from '../seed/booking-reference.ts';
import { seatsOfAircraft } from '../seed/fares.ts';
import { createTimetable, type Timetable } from '../seed/timetable.ts';

const usualMs = 60;
const newestFirst = { name: 'newest', columns: ['created_at', 'id'], direction: 'DESC' } as const;

const schema = `
  CREATE TABLE booking (
    id TEXT PRIMARY KEY, reference TEXT NOT NULL UNIQUE, status TEXT NOT NULL, user_id TEXT NOT NULL,
    flight_id TEXT NOT NULL, passengers TEXT NOT NULL, seats INTEGER NOT NULL, amount INTEGER NOT NULL,
    currency TEXT NOT NULL, payment_id TEXT, created_at TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX booking_by_user ON booking (user_id, created_at, id);
  CREATE INDEX booking_by_flight ON booking (flight_id, status, seats);
`;

const statuses = ['HELD', 'CONFIRMED', 'CANCELLED'] as const;
const passengersShape = z
  .array(z.strictObject({ name: z.string().trim().min(1).max(200) }))
  .min(1)
  .max(9);

const bookingRow = z
  .object({
    id: z.string(),
    reference: z.string(),
    status: z.enum(statuses),
    user_id: z.string(),
    flight_id: z.string(),
    passengers: jsonColumn(passengersShape),
    amount: z.number(),
    currency: z.string(),
    payment_id: z.string().nullable(),
    created_at: z.string(),
  })
  .transform((row) => ({
    id: row.id,
    reference: row.reference,
    status: row.status,
    userId: row.user_id,
    flightId: row.flight_id,
    passengers: row.passengers,
    total: { amount: row.amount, currency: row.currency },
    paymentId: row.payment_id,
    createdAt: row.created_at,
  }));
const seatsRow = z.object({ taken: z.number() });

type Booking = z.infer<typeof bookingRow>;

const newBooking = z.strictObject({
  userId: idShape,
  flightId: idShape,
  passengers: passengersShape,
  total: moneyShape,
});

/** From which statuses each status is reached. */
const before: Readonly<Record<'CONFIRMED' | 'CANCELLED', readonly Booking['status'][]>> = {
  CONFIRMED: ['HELD'],
  CANCELLED: ['HELD', 'CONFIRMED'],
};

/** Seats that people hold, and the references they travel with: personal to read, written by machines. */
export function createBookings(options: BackendOptions): Promise<Backend> {
  return createBackend(
    {
      name: 'bookings',
      version: 1,
      schema,
      loadSeed,
      setup: async (store) => ({ routes: [...readsOf(store), ...writesOf(store, createTimetable())] }),
    },
    options,
  );
}

async function loadSeed(): Promise<Seed> {
  const { seededBookings } = await import('../seed/bookings.ts');
  return (store) => {
    const bookings = seededBookings();
    for (const booking of bookings) insert(store, { ...booking, passengers: [...booking.passengers] });
    startIdsAfter(store, 'booking', bookings.length);
  };
}

function readsOf(store: Store): Route[] {
  const visibleByIds = (ids: readonly string[], caller: Caller): Booking[] =>
    rowsByIds(store, 'booking', ids, bookingRow).filter(({ userId }) => sees(caller, userId));

  return [
    read({
      path: '/bookings',
      by: 'ids',
      access: 'caller',
      usualMs,
      cacheControl: personal,
      query: z.strictObject({ ids: keysParameter }),
      answer: ({ query, caller }) => ({ items: visibleByIds(query.ids, caller) }),
    }),

    read({
      path: '/bookings',
      by: 'userIds',
      access: 'caller',
      usualMs,
      cacheControl: personal,
      query: pagesByUserQuery(statuses),
      answer: ({ query, caller }) => ({
        items: pagesByUser({
          store,
          table: 'booking',
          order: newestFirst,
          decoder: bookingRow,
          caller,
          query,
        }),
      }),
    }),

    readMadeBy({ store, path: '/bookings', kinds: ['booking.held'], usualMs, items: visibleByIds }),

    read({
      path: '/bookings/{id}',
      access: 'caller',
      usualMs,
      cacheControl: personal,
      query: noQuery,
      answer: ({ caller, param }) => bookingOf(store, caller, param('id')),
    }),
  ];
}

function writesOf(store: Store, timetable: Timetable): Route[] {
  return [
    write({
      path: '/bookings',
      access: 'machine',
      usualMs: 300,
      body: newBooking,
      act: ({ body, caller, at, record }) => {
        demandActsFor(caller, body.userId);
        demandSeats(store, timetable, body.flightId, body.passengers.length);
        const id = store.nextId('booking');
        const booking: Booking = {
          id,
          reference: bookingReferenceOf(Number(id)),
          status: 'HELD',
          ...body,
          paymentId: null,
          createdAt: at,
        };
        insert(store, booking);
        record('booking.held', id, `users/${booking.userId}`);
        return created(booking);
      },
    }),

    write({
      path: '/bookings/{id}/confirm',
      access: 'machine',
      usualMs,
      body: z.strictObject({ paymentId: idShape }),
      act: (asked) => ok(move(store, asked, 'CONFIRMED', asked.body.paymentId)),
    }),

    write({
      path: '/bookings/{id}/cancel',
      access: 'machine',
      usualMs,
      body: noBody,
      act: (asked) => ok(move(store, asked, 'CANCELLED')),
    }),
  ];
}

/**
 * Brings a booking into a status, or leaves it there, and answers it.
 *
 * Throws `not-found`, and `invalid-transition` where it is in none of the statuses that lead there.
 */
function move(
  store: Store,
  asked: WriteAsked<unknown>,
  to: keyof typeof before,
  paymentId?: string,
): Booking {
  const booking = bookingOf(store, asked.caller, asked.param('id'));
  if (booking.status === to) return booking;
  if (!before[to].includes(booking.status)) {
    throw new Problem('invalid-transition', `from ${booking.status} to ${to}`, {
      extensions: { current: booking.status },
    });
  }
  const moved: Booking = { ...booking, status: to, paymentId: paymentId ?? booking.paymentId };
  store.run('UPDATE booking SET status = ?, payment_id = ? WHERE id = ?', to, moved.paymentId, moved.id);
  asked.record(`booking.${to.toLowerCase()}`, moved.id, `users/${moved.userId}`);
  return moved;
}

/** Throws `not-found` where no such flight is to leave, and `sold-out` where it has too few seats left. */
function demandSeats(store: Store, timetable: Timetable, flightId: string, seats: number): void {
  const departure = timetable.departureById(flightId);
  if (departure === null || departure.departsAtMs <= Date.now()) {
    throw new Problem('not-found', 'no such flight is to leave');
  }
  const taken =
    store.get(
      seatsRow,
      `SELECT coalesce(sum(seats), 0) AS taken FROM booking WHERE flight_id = ? AND status <> 'CANCELLED'`,
      flightId,
    )?.taken ?? 0;
  if (taken + seats > seatsOfAircraft) {
    throw new Problem('sold-out', `${seatsOfAircraft - taken} seats are left`);
  }
}

function bookingOf(store: Store, caller: Caller, id: string): Booking {
  return visible(caller, rowsByIds(store, 'booking', [id], bookingRow)[0] ?? null);
}

function insert(store: Store, booking: Booking): void {
  store.run(
    'INSERT INTO booking VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
    booking.id,
    booking.reference,
    booking.status,
    booking.userId,
    booking.flightId,
    JSON.stringify(booking.passengers),
    booking.passengers.length,
    booking.total.amount,
    booking.total.currency,
    booking.paymentId,
    booking.createdAt,
  );
}
