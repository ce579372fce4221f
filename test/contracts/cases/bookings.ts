import type { BackendCases } from './backend-cases.ts';
import { actingOn, idOf, madeBy } from './backend-cases.ts';
import { flightIdFromNow } from './flight-days.ts';

const confirmation = { paymentId: 'pay_of_contract' };

const newBooking = (flightId: string, names: readonly string[]) => ({
  userId: '1',
  flightId,
  passengers: names.map((name) => ({ name })),
  total: { amount: 42_900, currency: 'EUR' },
});

export const bookings: BackendCases = {
  bookingsByIds: { good: () => ({ as: 'root', query: { ids: '2,1,none' } }) },
  bookingsByUserIds: { good: () => ({ as: 'ada', query: { userIds: '1,2', limit: '2' } }) },
  bookingsByIdempotencyKey: madeBy('createBooking'),
  bookingById: { good: () => ({ as: 'ada', path: { id: '1' } }) },
  createBooking: {
    good: ({ next }) => ({
      as: 'machineForAda',
      body: newBooking(flightIdFromNow(20), [`Ada the ${next()}th`]),
    }),
    problems: {
      'not-found': () => ({ as: 'machine', body: newBooking('WR999-20261125', ['Ada']) }),
      'sold-out': async ({ make }) => {
        const nine = newBooking(
          flightIdFromNow(40),
          Array.from({ length: 9 }, () => 'Ada'),
        );
        for (let seats = 0; seats < 180 - 9; seats += 9) await make('createBooking', { body: nine });
        await make('createBooking', { body: newBooking(nine.flightId, ['Ada']) });
        return { as: 'machine', body: nine };
      },
    },
  },
  confirmBooking: {
    ...actingOn('createBooking', confirmation),
    problems: {
      'invalid-transition': async ({ make }) => {
        const id = idOf(await make('createBooking'));
        await make('cancelBooking', { path: { id } });
        return { as: 'machine', path: { id }, body: confirmation };
      },
    },
  },
  cancelBooking: actingOn('createBooking'),
};
