import type { BackendTable } from '../backends.ts';
import { createBookingsLoaders } from './bookings/loaders.ts';
import { createFlightsLoaders } from './flights/loaders.ts';
import { createInventoryLoaders } from './inventory/loaders.ts';
import type { LoaderScope } from './loader-scope.ts';
import { createOrdersLoaders } from './orders/loaders.ts';
import { createPaymentsLoaders } from './payments/loaders.ts';
import { createPricingLoaders } from './pricing/loaders.ts';
import { createProductsLoaders } from './products/loaders.ts';
import type { Sources } from './sources.ts';
import { createUsersLoaders } from './users/loaders.ts';

/** How the loaders of each backend are prepared, from its source. */
const makers = (sources: Sources, table: BackendTable) => ({
  users: createUsersLoaders(sources.users, table),
  products: createProductsLoaders(sources.products, table),
  inventory: createInventoryLoaders(sources.inventory, table),
  orders: createOrdersLoaders(sources.orders, table),
  payments: createPaymentsLoaders(sources.payments, table),
  flights: createFlightsLoaders(sources.flights, table),
  pricing: createPricingLoaders(sources.pricing, table),
  bookings: createBookingsLoaders(sources.bookings, table),
});

type Makers = ReturnType<typeof makers>;

/** Everything that can be loaded within one operation, by backend. */
export type Loaders = { readonly [N in keyof Makers]: ReturnType<Makers[N]> };

/**
 * Prepares every loader once; what it returns makes them for one operation, whose viewer alone they serve.
 *
 * A backend's loaders are made when the operation first needs them: most operations need two or three.
 */
export function createLoaders(sources: Sources, table: BackendTable): (scope: LoaderScope) => Loaders {
  /** One operation's loaders: what was made already, by the place of its backend. */
  class OperationLoaders {
    readonly scope: LoaderScope;
    readonly made: unknown[] = [];

    constructor(scope: LoaderScope) {
      this.scope = scope;
    }
  }
  for (const [place, [name, make]] of Object.entries(makers(sources, table)).entries()) {
    Object.defineProperty(OperationLoaders.prototype, name, {
      get(this: OperationLoaders) {
        this.made[place] ??= make(this.scope);
        return this.made[place];
      },
    });
  }
  // The getters above are those of `Loaders`: each is named and made by the entry of its backend.
  return (scope) => new OperationLoaders(scope) as unknown as Loaders;
}
