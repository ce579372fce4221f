import type { Sources } from '../../datasources/sources.ts';
import type { ImportStore } from '../import-store.ts';
import type { OfferVerifier } from '../offer-verifier.ts';
import { createBookFlight } from './book-flight.ts';
import { createCancelBooking } from './cancel-booking.ts';
import { createCancelOrder } from './cancel-order.ts';
import { createFulfilOrder } from './fulfil-order.ts';
import { createImportProducts } from './import-products.ts';
import { createNotify } from './notify.ts';
import { createPlaceOrder } from './place-order.ts';
import { createRegister } from './register.ts';

export interface SagasOptions {
  readonly sources: Sources;
  readonly offers: OfferVerifier;
  readonly imports: ImportStore;
  /** Orders above this wait for an administrator, in minor units. */
  readonly approvalAbove?: number;
  readonly approvalMs?: number;
  /** How often the warehouse is reminded. */
  readonly remindMs?: number;
}

/** Every saga of the house, by name. */
export function createSagas(options: SagasOptions) {
  return {
    placeOrder: createPlaceOrder(options),
    bookFlight: createBookFlight(options),
    cancelOrder: createCancelOrder(options),
    cancelBooking: createCancelBooking(options),
    register: createRegister(options),
    fulfilOrder: createFulfilOrder(options),
    notify: createNotify(options),
    importProducts: createImportProducts(options),
  };
}

export type Sagas = ReturnType<typeof createSagas>;
