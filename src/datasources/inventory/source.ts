import { type BackendTable, endpointOf } from '../../backends.ts';
import type { Call } from '../../call.ts';
import type { Upstream } from '../../http/upstream.ts';
import type { NewReservation, Reservation, Stock } from './wire/types.gen.ts';
import { zReservation, zReservationList, zStockList } from './wire/zod.gen.ts';

/** What the inventory backend can be asked. */
export interface InventorySource {
  stockByProductIds(call: Call, productIds: readonly string[]): Promise<readonly Stock[]>;
  createReservation(call: Call, reservation: NewReservation, idempotencyKey: string): Promise<Reservation>;
  confirmReservation(call: Call, id: string, idempotencyKey: string): Promise<Reservation>;
  /** Gives the stock back, from a held and from a confirmed reservation. */
  releaseReservation(call: Call, id: string, idempotencyKey: string): Promise<Reservation>;
  reservationsByIdempotencyKey(call: Call, idempotencyKey: string): Promise<readonly Reservation[]>;
}

/** The inventory backend, one method an endpoint. */
export function createInventorySource(upstream: Upstream, table: BackendTable): InventorySource {
  const stockByProductIds = endpointOf(table, 'inventory', 'stockByProductIds');
  const createReservation = endpointOf(table, 'inventory', 'createReservation');
  const confirmReservation = endpointOf(table, 'inventory', 'confirmReservation');
  const releaseReservation = endpointOf(table, 'inventory', 'releaseReservation');
  const reservationsByIdempotencyKey = endpointOf(table, 'inventory', 'reservationsByIdempotencyKey');
  return {
    stockByProductIds: async (call, productIds) =>
      (await upstream.send(call, { endpoint: stockByProductIds, query: { productIds }, decode: zStockList }))
        .items,
    createReservation: (call, body, idempotencyKey) =>
      upstream.send(call, { endpoint: createReservation, body, idempotencyKey, decode: zReservation }),
    confirmReservation: (call, id, idempotencyKey) =>
      upstream.send(call, {
        endpoint: confirmReservation,
        path: { id },
        body: {},
        idempotencyKey,
        decode: zReservation,
      }),
    releaseReservation: (call, id, idempotencyKey) =>
      upstream.send(call, {
        endpoint: releaseReservation,
        path: { id },
        body: {},
        idempotencyKey,
        decode: zReservation,
      }),
    reservationsByIdempotencyKey: async (call, idempotencyKey) =>
      (
        await upstream.send(call, {
          endpoint: reservationsByIdempotencyKey,
          query: { idempotencyKey },
          decode: zReservationList,
        })
      ).items,
  };
}
