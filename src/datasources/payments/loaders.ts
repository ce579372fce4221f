import { type BackendTable, endpointOf } from '../../backends.ts';
import { type BatchLoader, createBatchLoader } from '../batch-loader.ts';
import type { LoaderScope } from '../loader-scope.ts';
import { ownRows } from '../owned-rows.ts';
import type { PaymentsSource } from './source.ts';
import type { Payment } from './wire/types.gen.ts';

/** What a payment can be for, as the payments backend writes it: `orders/12`, `bookings/7`. */
export type Subject = `orders/${string}` | `bookings/${string}`;

/** How payments are loaded within one operation. */
export interface PaymentsLoaders {
  readonly byId: BatchLoader<string, Payment, void>;
  readonly bySubject: BatchLoader<Subject, Payment, void>;
}

const isSubject = (text: string): boolean => /^(?:orders|bookings)\/[A-Za-z0-9_-]{1,64}$/.test(text);

/** Prepares the loaders of payments; what it returns makes them for one operation. */
export function createPaymentsLoaders(
  source: PaymentsSource,
  table: BackendTable,
): (scope: LoaderScope) => PaymentsLoaders {
  const paymentsByIds = endpointOf(table, 'payments', 'paymentsByIds');
  const paymentsBySubjects = endpointOf(table, 'payments', 'paymentsBySubjects');
  return (scope) => ({
    byId: createBatchLoader({
      ...scope,
      endpoint: paymentsByIds,
      fetch: (call, ids) => ownRows(call.viewer, () => source.paymentsByIds(call, ids)),
      keyOf: (payment) => payment.id,
    }),
    bySubject: createBatchLoader({
      ...scope,
      endpoint: paymentsBySubjects,
      fetch: (call, subjects) => ownRows(call.viewer, () => source.paymentsBySubjects(call, subjects)),
      keyOf: (payment) => payment.subject,
      isKey: isSubject,
    }),
  });
}
