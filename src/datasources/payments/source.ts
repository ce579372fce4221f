import { type BackendTable, endpointOf } from '../../backends.ts';
import type { Call } from '../../call.ts';
import type { Upstream } from '../../http/upstream.ts';
import type { NewCharge, Payment, Refund } from './wire/types.gen.ts';
import { zPayment, zPaymentList, zRefund, zRefundList } from './wire/zod.gen.ts';

/** What the payments backend can be asked. */
export interface PaymentsSource {
  paymentsByIds(call: Call, ids: readonly string[]): Promise<readonly Payment[]>;
  /** The payment that counts for each subject, such as `orders/12`: the captured or refunded one, else the newest. */
  paymentsBySubjects(call: Call, subjects: readonly string[]): Promise<readonly Payment[]>;
  createCharge(call: Call, charge: NewCharge, idempotencyKey: string): Promise<Payment>;
  createRefund(call: Call, paymentId: string, idempotencyKey: string): Promise<Refund>;
  chargesByIdempotencyKey(call: Call, idempotencyKey: string): Promise<readonly Payment[]>;
  refundsByIdempotencyKey(call: Call, idempotencyKey: string): Promise<readonly Refund[]>;
}

/** The payments backend, one method an endpoint. */
export function createPaymentsSource(upstream: Upstream, table: BackendTable): PaymentsSource {
  const paymentsByIds = endpointOf(table, 'payments', 'paymentsByIds');
  const paymentsBySubjects = endpointOf(table, 'payments', 'paymentsBySubjects');
  const createCharge = endpointOf(table, 'payments', 'createCharge');
  const createRefund = endpointOf(table, 'payments', 'createRefund');
  const chargesByIdempotencyKey = endpointOf(table, 'payments', 'chargesByIdempotencyKey');
  const refundsByIdempotencyKey = endpointOf(table, 'payments', 'refundsByIdempotencyKey');
  return {
    paymentsByIds: async (call, ids) =>
      (await upstream.send(call, { endpoint: paymentsByIds, query: { ids }, decode: zPaymentList })).items,
    paymentsBySubjects: async (call, subjects) =>
      (await upstream.send(call, { endpoint: paymentsBySubjects, query: { subjects }, decode: zPaymentList }))
        .items,
    createCharge: (call, body, idempotencyKey) =>
      upstream.send(call, { endpoint: createCharge, body, idempotencyKey, decode: zPayment }),
    createRefund: (call, id, idempotencyKey) =>
      upstream.send(call, {
        endpoint: createRefund,
        path: { id },
        body: {},
        idempotencyKey,
        decode: zRefund,
      }),
    chargesByIdempotencyKey: async (call, idempotencyKey) =>
      (
        await upstream.send(call, {
          endpoint: chargesByIdempotencyKey,
          query: { idempotencyKey },
          decode: zPaymentList,
        })
      ).items,
    refundsByIdempotencyKey: async (call, idempotencyKey) =>
      (
        await upstream.send(call, {
          endpoint: refundsByIdempotencyKey,
          query: { idempotencyKey },
          decode: zRefundList,
        })
      ).items,
  };
}
