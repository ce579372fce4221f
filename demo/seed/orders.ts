import { ada, grace, root, userCount } from './people.ts';
import { seededProducts } from './products.ts';
import { createRandom, dayMs, type Random, seededUntil } from './random.ts';

export type SeededOrderStatus = 'PENDING' | 'CONFIRMED' | 'SHIPPED' | 'DELIVERED' | 'CANCELLED';

export interface SeededOrder {
  readonly id: string;
  readonly userId: string;
  readonly status: SeededOrderStatus;
  readonly placedAt: string;
  /** `unitPrice` in cents. */
  readonly items: readonly {
    readonly productId: string;
    readonly quantity: number;
    readonly unitPrice: number;
  }[];
  /** In cents: the sum of the items. */
  readonly total: number;
  readonly paymentId: string | null;
  readonly reservationId: string | null;
}

/** How many orders there are, with ids from `1` (the oldest) up. */
export const orderCount = 10_200;

/** Orders go this many days back. */
const days = 730;

/** The last so many orders are those of about three weeks. Ada and Grace place more of them than others. */
const recent = 300;

/**
 * Every order of the past two years, oldest first.
 *
 * Stores that tell of the same orders (orders, payments, the reservations of inventory) all seed from this.
 * An order's payment is `pay_<order id>`, its reservation `res_<order id>`. Older orders have arrived or were
 * cancelled, recent ones are in every state.
 */
export function seededOrders(): SeededOrder[] {
  const random = createRandom(4104);
  const prices = seededProducts().map((product) => product.price);
  return Array.from({ length: orderCount }, (_, index) => {
    const ageMs = ((orderCount - index) / orderCount) * days * dayMs - random.int(0, dayMs / 24);
    const status = statusOf(ageMs / dayMs, random);
    const items = itemsOf(prices, random);
    const id = String(index + 1);
    const paid = isPaid(status) || (status === 'CANCELLED' && random.percent(60));
    return {
      id,
      userId: buyerOf(index, random),
      status,
      placedAt: new Date(seededUntil - ageMs).toISOString(),
      items,
      total: items.reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice, 0),
      paymentId: paid ? `pay_${id}` : null,
      reservationId: status === 'PENDING' || status === 'CONFIRMED' ? `res_${id}` : null,
    };
  });
}

function isPaid(status: SeededOrderStatus): boolean {
  return status === 'CONFIRMED' || status === 'SHIPPED' || status === 'DELIVERED';
}

function statusOf(ageDays: number, random: Random): SeededOrderStatus {
  if (random.percent(10)) return 'CANCELLED';
  if (ageDays < 8) return random.percent(45) ? 'PENDING' : 'CONFIRMED';
  if (ageDays < 21) return random.percent(35) ? 'CONFIRMED' : 'SHIPPED';
  return 'DELIVERED';
}

function buyerOf(index: number, random: Random): string {
  const stranger = String(random.int(Number(root.id) + 1, userCount));
  const every = index >= orderCount - recent ? 20 : 300;
  if (index % every === 0) return ada.id;
  return index % every === every / 2 ? grace.id : stranger;
}

function itemsOf(prices: readonly number[], random: Random): SeededOrder['items'] {
  const numbers = new Set(Array.from({ length: random.int(1, 5) }, () => random.int(1, prices.length)));
  return [...numbers].map((number) => ({
    productId: String(number),
    quantity: random.percent(70) ? 1 : random.int(2, 4),
    unitPrice: prices[number - 1] ?? 0,
  }));
}
