import type { BackendTable } from '../backends.ts';
import type { Upstream } from '../http/upstream.ts';
import { createBookingsSource } from './bookings/source.ts';
import { createFlightsSource } from './flights/source.ts';
import { createInventorySource } from './inventory/source.ts';
import { createNotificationsSource } from './notifications/source.ts';
import { createOrdersSource } from './orders/source.ts';
import { createPaymentsSource } from './payments/source.ts';
import { createPricingSource } from './pricing/source.ts';
import { createProductsSource } from './products/source.ts';
import { createUsersSource } from './users/source.ts';

/** How the source of each backend is made. */
const makers = {
  users: createUsersSource,
  products: createProductsSource,
  inventory: createInventorySource,
  orders: createOrdersSource,
  payments: createPaymentsSource,
  flights: createFlightsSource,
  pricing: createPricingSource,
  bookings: createBookingsSource,
  notifications: createNotificationsSource,
} as const;

/** Every backend behind Weir. They live as long as the gateway; nothing of a request is in them. */
export type Sources = { readonly [N in keyof typeof makers]: ReturnType<(typeof makers)[N]> };

/** All sources over one REST client. */
export function createSources(upstream: Upstream, table: BackendTable): Sources {
  // Each entry is made by the maker of the same name, which `Object.entries` cannot tell the compiler.
  return Object.fromEntries(
    Object.entries(makers).map(([name, make]) => [name, make(upstream, table)]),
  ) as unknown as Sources;
}
