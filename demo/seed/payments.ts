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

/** How long after its order a payment was asked for, in milliseconds. */
const payMs = 1_000;

/**
 * The payments of the seeded orders: captured for those on their way or arrived, refunded for a part of the
 * cancelled ones and declined for the others, none for the pending.
 */
export function seededPayments(): SeededPayment[] {
  return seededOrders().flatMap((order) => {
    const status = paymentStatusOf(order);
    if (status === null) return [];
    return {
      id: order.paymentId ?? `pay_${order.id}`,
      userId: order.userId,
      subject: `orders/${order.id}`,
      status,
      amount: order.total,
      createdAt: new Date(Date.parse(order.placedAt) + payMs).toISOString(),
    };
  });
}

function paymentStatusOf({ status, paymentId }: SeededOrder): SeededPayment['status'] | null {
  if (status === 'PENDING') return null;
  if (status !== 'CANCELLED') return 'CAPTURED';
  return paymentId === null ? 'DECLINED' : 'REFUNDED';
}
