import type { BackendTable } from '../backends.ts';
import type { Upstream } from '../http/upstream.ts';
import { type BookingsSource, createBookingsSource } from './bookings/source.ts';
import { createFlightsSource, type FlightsSource } from './flights/source.ts';
import { createInventorySource, type InventorySource } from './inventory/source.ts';
import { createNotificationsSource, type NotificationsSource } from './notifications/source.ts';
import { createOrdersSource, type OrdersSource } from './orders/source.ts';
import { createPaymentsSource, type PaymentsSource } from './payments/source.ts';
import { createPricingSource, type PricingSource } from './pricing/source.ts';
import { createProductsSource, type ProductsSource } from './products/source.ts';
import { createUsersSource, type UsersSource } from './users/source.ts';

/** Every backend behind Weir. They live as long as the gateway; nothing of a request is in them. */
export interface Sources {
  readonly users: UsersSource;
  readonly products: ProductsSource;
  readonly inventory: InventorySource;
  readonly orders: OrdersSource;
  readonly payments: PaymentsSource;
  readonly flights: FlightsSource;
  readonly pricing: PricingSource;
  readonly bookings: BookingsSource;
  readonly notifications: NotificationsSource;
}

/** All sources over one REST client. */
export function createSources(upstream: Upstream, table: BackendTable): Sources {
  return {
    users: createUsersSource(upstream, table),
    products: createProductsSource(upstream, table),
    inventory: createInventorySource(upstream, table),
    orders: createOrdersSource(upstream, table),
    payments: createPaymentsSource(upstream, table),
    flights: createFlightsSource(upstream, table),
    pricing: createPricingSource(upstream, table),
    bookings: createBookingsSource(upstream, table),
    notifications: createNotificationsSource(upstream, table),
  };
}
