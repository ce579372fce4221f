import { type SeededBooking, seededBookings } from './bookings.ts';
import { type SeededOrder, seededOrders } from './orders.ts';

export interface SeededPayment {
  readonly id: string;
  readonly userId: string;
  readonly subject: string;
  readonly status: 'CAPTURED' | 'REFUNDED' | 'DECLINED';
  /** In cents. */
  readonly amount: number;
  readonly createdAt: string;
}

/** How long after what it is for a payment was asked for, in milliseconds. */
const payMs = 1_000;

/**
 * The payments of the seeded orders and bookings.
 *
 * Of orders: captured for those on their way or arrived, refunded for a part of the cancelled ones and declined
 * for the others, none for the pending. Of bookings: captured for the confirmed, refunded for the cancelled.
 */
export function seededPayments(): SeededPayment[] {
  return [...seededOrders().flatMap(paymentsOfOrder), ...seededBookings().flatMap(paymentsOfBooking)];
}

function paymentsOfOrder({ id, userId, status, paymentId, placedAt, total }: SeededOrder): SeededPayment[] {
  if (status === 'PENDING') return [];
  const cancelled = paymentId === null ? 'DECLINED' : 'REFUNDED';
  return [
    {
      id: paymentId ?? `pay_${id}`,
      userId,
      subject: `orders/${id}`,
      status: status === 'CANCELLED' ? cancelled : 'CAPTURED',
      amount: total,
      createdAt: soonAfter(placedAt),
    },
  ];
}

function paymentsOfBooking({
  id,
  userId,
  status,
  paymentId,
  total,
  createdAt,
}: SeededBooking): SeededPayment[] {
  if (paymentId === null) return [];
  return [
    {
      id: paymentId,
      userId,
      subject: `bookings/${id}`,
      status: status === 'CANCELLED' ? 'REFUNDED' : 'CAPTURED',
      amount: total.amount,
      createdAt: soonAfter(createdAt),
    },
  ];
}

function soonAfter(moment: string): string {
  return new Date(Date.parse(moment) + payMs).toISOString();
}
