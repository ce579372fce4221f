import type { BackendTable } from '../backends.ts';
import { type BookingsLoaders, createBookingsLoaders } from './bookings/loaders.ts';
import { createFlightsLoaders, type FlightsLoaders } from './flights/loaders.ts';
import { createInventoryLoaders, type InventoryLoaders } from './inventory/loaders.ts';
import type { LoaderScope } from './loader-scope.ts';
import { createOrdersLoaders, type OrdersLoaders } from './orders/loaders.ts';
import { createPaymentsLoaders, type PaymentsLoaders } from './payments/loaders.ts';
import { createPricingLoaders, type PricingLoaders } from './pricing/loaders.ts';
import { createProductsLoaders, type ProductsLoaders } from './products/loaders.ts';
import type { Sources } from './sources.ts';
import { createUsersLoaders, type UsersLoaders } from './users/loaders.ts';

/** Everything that can be loaded within one operation, by backend. */
export interface Loaders {
  readonly users: UsersLoaders;
  readonly products: ProductsLoaders;
  readonly inventory: InventoryLoaders;
  readonly orders: OrdersLoaders;
  readonly payments: PaymentsLoaders;
  readonly flights: FlightsLoaders;
  readonly pricing: PricingLoaders;
  readonly bookings: BookingsLoaders;
}

type Makers = { readonly [N in keyof Loaders]: (scope: LoaderScope) => Loaders[N] };

/** A backend's loaders are made when the operation first needs them: most operations need two or three. */
class LazyLoaders implements Loaders {
  readonly #makers: Makers;
  readonly #scope: LoaderScope;
  readonly #made: { -readonly [N in keyof Loaders]?: Loaders[N] } = {};

  constructor(makers: Makers, scope: LoaderScope) {
    this.#makers = makers;
    this.#scope = scope;
  }

  get users(): UsersLoaders {
    this.#made.users ??= this.#makers.users(this.#scope);
    return this.#made.users;
  }

  get products(): ProductsLoaders {
    this.#made.products ??= this.#makers.products(this.#scope);
    return this.#made.products;
  }

  get inventory(): InventoryLoaders {
    this.#made.inventory ??= this.#makers.inventory(this.#scope);
    return this.#made.inventory;
  }

  get orders(): OrdersLoaders {
    this.#made.orders ??= this.#makers.orders(this.#scope);
    return this.#made.orders;
  }

  get payments(): PaymentsLoaders {
    this.#made.payments ??= this.#makers.payments(this.#scope);
    return this.#made.payments;
  }

  get flights(): FlightsLoaders {
    this.#made.flights ??= this.#makers.flights(this.#scope);
    return this.#made.flights;
  }

  get pricing(): PricingLoaders {
    this.#made.pricing ??= this.#makers.pricing(this.#scope);
    return this.#made.pricing;
  }

  get bookings(): BookingsLoaders {
    this.#made.bookings ??= this.#makers.bookings(this.#scope);
    return this.#made.bookings;
  }
}

/** Prepares every loader once; what it returns makes them for one operation, whose viewer alone they serve. */
export function createLoaders(sources: Sources, table: BackendTable): (scope: LoaderScope) => Loaders {
  const makers: Makers = {
    users: createUsersLoaders(sources.users, table),
    products: createProductsLoaders(sources.products, table),
    inventory: createInventoryLoaders(sources.inventory, table),
    orders: createOrdersLoaders(sources.orders, table),
    payments: createPaymentsLoaders(sources.payments, table),
    flights: createFlightsLoaders(sources.flights, table),
    pricing: createPricingLoaders(sources.pricing, table),
    bookings: createBookingsLoaders(sources.bookings, table),
  };
  return (scope) => new LazyLoaders(makers, scope);
}
