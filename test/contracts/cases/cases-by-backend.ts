import type { BackendCases } from './backend-cases.ts';
import { bookings } from './bookings.ts';
import { flights } from './flights.ts';
import { inventory } from './inventory.ts';
import { notifications } from './notifications.ts';
import { orders } from './orders.ts';
import { payments } from './payments.ts';
import { pricing } from './pricing.ts';
import { products } from './products.ts';
import { users } from './users.ts';

/** The cases of every backend, by its name. */
export const casesByBackend: ReadonlyMap<string, BackendCases> = new Map(
  Object.entries({
    users,
    products,
    inventory,
    orders,
    payments,
    flights,
    pricing,
    bookings,
    notifications,
  }),
);
