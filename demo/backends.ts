import { createBookings } from './backends/bookings.ts';
import { createFlights } from './backends/flights.ts';
import { createInventory } from './backends/inventory.ts';
import { createNotifications } from './backends/notifications.ts';
import { createOrders } from './backends/orders.ts';
import { createPayments } from './backends/payments.ts';
import { createPricing } from './backends/pricing.ts';
import { createProducts } from './backends/products.ts';
import { createUsers } from './backends/users.ts';
import type { Backend, BackendOptions } from './kit/create-backend.ts';

/**
 * Every backend of the demo world by name, in the order of their ports.
 *
 * Users come first: the others check tokens with its keys.
 */
export const demoBackends: ReadonlyMap<string, (options: BackendOptions) => Promise<Backend>> = new Map([
  ['users', createUsers],
  ['products', createProducts],
  ['inventory', createInventory],
  ['orders', createOrders],
  ['payments', createPayments],
  ['flights', createFlights],
  ['pricing', createPricing],
  ['bookings', createBookings],
  ['notifications', createNotifications],
]);
