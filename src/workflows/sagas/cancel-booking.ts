import { z } from 'zod';
import type { Sources } from '../../datasources/sources.ts';
import { notCancellable, notFound, Refusal } from '../problems.ts';
import { refund } from '../refund.ts';
import type { Saga } from '../saga.ts';
import { notificationOf } from './notify.ts';

const inputShape = z.object({ bookingId: z.string(), ownerId: z.string() });

/** The booking and whose it is: an administrator may cancel anybody's. Raw ids. */
export type CancelBookingInput = z.infer<typeof inputShape>;

/** Gives the seats back and pays them back. As with orders, what can be refused comes first. */
export function createCancelBooking({
  sources: { bookings, payments },
}: {
  readonly sources: Pick<Sources, 'bookings' | 'payments'>;
}): Saga<CancelBookingInput> {
  return {
    name: 'cancelBooking',
    input: inputShape,
    secrets: [],
    steps: ['checkBooking', 'cancelBooking', 'refund'],
    async run(run, { bookingId, ownerId }) {
      run.about({ type: 'Booking', id: bookingId }, null);
      await run.step('checkBooking', {
        do: async ({ call }) => {
          const [booking] = await bookings.bookingsByIds({ ...call, onBehalfOf: ownerId }, [bookingId]);
          if (!booking) throw new Refusal(notFound('There is no such booking.', ['bookingId']));
          if (booking.status === 'CANCELLED') {
            throw new Refusal(notCancellable('The booking is cancelled already.'));
          }
        },
      });

      const booking = await run.step('cancelBooking', {
        do: ({ call, key }) => bookings.cancelBooking({ ...call, onBehalfOf: ownerId }, bookingId, key),
        find: async ({ call }) =>
          (await bookings.bookingsByIds({ ...call, onBehalfOf: ownerId }, [bookingId])).filter(
            ({ status }) => status === 'CANCELLED',
          ),
        refused: { 'invalid-transition': () => notCancellable('The booking cannot be cancelled any more.') },
      });

      const { paymentId } = booking;
      if (paymentId === null) run.skip('refund');
      else {
        await run.step('refund', {
          do: ({ call, key }) => refund(payments, { ...call, onBehalfOf: ownerId }, paymentId, key),
          mustSucceed: true,
        });
      }
      run.about({ type: 'Booking', id: bookingId }, booking);
    },
    followUps: (end) =>
      end.status === 'SUCCEEDED'
        ? [notificationOf(end, 'booking-cancelled', { bookingId: end.subject?.id })]
        : [],
  };
}
