import type { PaymentsSource } from '../datasources/payments/source.ts';
import type { NewCharge, Payment } from '../datasources/payments/wire/types.gen.ts';
import { declinedFor, paymentDeclined, Refusal } from './problems.ts';
import type { Step } from './saga.ts';

/** The step that takes money, and gives it back. */
export function charge(payments: PaymentsSource, order: NewCharge): Step<Payment> {
  return {
    do: ({ call, key }) => payments.createCharge(call, order, key),
    find: async ({ call, key }) => {
      const found = await payments.chargesByIdempotencyKey(call, key);
      if (found[0]?.status === 'DECLINED') throw new Refusal(declinedFor('declined'));
      return found;
    },
    undo: ({ call, key }, { id }) => payments.createRefund(call, id, key),
    refused: { 'payment-declined': paymentDeclined },
  };
}
