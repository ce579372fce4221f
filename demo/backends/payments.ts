import { z } from 'zod';
import { answerProblem, created } from '../kit/answer.ts';
import { type Backend, type BackendOptions, createBackend } from '../kit/create-backend.ts';
import { type Caller, demandActsFor, sees, visible } from '../kit/identity.ts';
import { keysParameter, rowsByIds } from '../kit/paging.ts';
import { Problem } from '../kit/problem.ts';
import { readMadeBy } from '../kit/read-made-by.ts';
import { noBody, noQuery, personal, read, write } from '../kit/route.ts';
import { idShape, moneyShape } from '../kit/shapes.ts';
import { type Seed, type Store, startIdsAfter } from '../kit/store.ts';
import {
  decisiveOf,
  insertPayment,
  insertRefund,
  type Payment,
  paymentRow,
  paymentSchema,
  refundRow,
} from './payments/payment-rows.ts';

const usualMs = 80;
const chargeMs = 400;

/** How often `tok_flaky` fails before it works. */
const flakyFailures = 2;

const failuresRow = z.object({ failures: z.number() });

const newCharge = z.strictObject({
  userId: idShape,
  subject: z
    .string()
    .regex(/^(orders|bookings)\/[A-Za-z0-9_-]{1,64}$/, 'expected orders/<id> or bookings/<id>'),
  amount: moneyShape,
  paymentToken: z.string().min(1).max(500),
});

/** Money taken and given back: personal to read, written by machines. */
export function createPayments(options: BackendOptions): Promise<Backend> {
  return createBackend(
    {
      name: 'payments',
      version: 1,
      schema: paymentSchema,
      loadSeed,
      setup: async (store) => ({ routes: routesOf(store) }),
    },
    options,
  );
}

async function loadSeed(): Promise<Seed> {
  const [{ seededPayments }, { orderCount }] = await Promise.all([
    import('../seed/payments.ts'),
    import('../seed/orders.ts'),
  ]);
  return (store) => {
    for (const payment of seededPayments()) {
      insertPayment(store, { ...payment, amount: { amount: payment.amount, currency: 'EUR' } });
    }
    startIdsAfter(store, 'payment', orderCount);
  };
}

function routesOf(store: Store) {
  const visibleByIds = (ids: readonly string[], caller: Caller): Payment[] =>
    rowsByIds(store, 'payment', ids, paymentRow).filter((payment) => sees(caller, payment.userId));
  const paymentOf = (caller: Caller, id: string): Payment =>
    visible(caller, rowsByIds(store, 'payment', [id], paymentRow)[0] ?? null);

  return [
    read({
      path: '/payments',
      by: 'ids',
      access: 'caller',
      usualMs,
      cacheControl: personal,
      query: z.strictObject({ ids: keysParameter }),
      answer: ({ query, caller }) => ({ items: visibleByIds(query.ids, caller) }),
    }),

    read({
      path: '/payments',
      by: 'subjects',
      access: 'caller',
      usualMs,
      cacheControl: personal,
      query: z.strictObject({ subjects: keysParameter }),
      answer: ({ query, caller }) => ({ items: decisiveOf(store, query.subjects, caller) }),
    }),

    read({
      path: '/payments/{id}',
      access: 'caller',
      usualMs,
      cacheControl: personal,
      query: noQuery,
      answer: ({ caller, param }) => paymentOf(caller, param('id')),
    }),

    readMadeBy({
      store,
      path: '/charges',
      kinds: ['charge.captured', 'charge.declined'],
      usualMs,
      items: visibleByIds,
    }),

    readMadeBy({
      store,
      path: '/refunds',
      kinds: ['refund.created'],
      usualMs,
      items: (ids, caller) =>
        rowsByIds(store, 'refund', ids, refundRow)
          .filter((refund) => sees(caller, refund.userId))
          .map(({ userId: _whose, ...refund }) => refund),
    }),

    write({
      path: '/charges',
      access: 'machine',
      usualMs: chargeMs,
      body: newCharge,
      act: ({ body, caller, idempotencyKey, at, record }) => {
        const { userId, subject, amount, paymentToken } = body;
        demandActsFor(caller, userId);
        if (paymentToken === 'tok_flaky' && failsOnceMore(store, idempotencyKey ?? subject)) {
          // Returned, not thrown: the count of failures has to stay.
          return answerProblem('unavailable', 'the card network does not answer', {}, { 'retry-after': '0' });
        }
        const reason = reasonToDecline(paymentToken);
        const payment: Payment = {
          id: `pay_${store.nextId('payment')}`,
          userId,
          subject,
          status: reason === null ? 'CAPTURED' : 'DECLINED',
          amount,
          createdAt: at,
        };
        insertPayment(store, payment);
        record(`charge.${payment.status.toLowerCase()}`, payment.id, subject);
        if (reason === null) return created(payment);
        return answerProblem('payment-declined', undefined, { reason, paymentId: payment.id });
      },
    }),

    write({
      path: '/charges/{id}/refunds',
      access: 'machine',
      usualMs: chargeMs,
      body: noBody,
      act: ({ caller, param, at, record }) => {
        const payment = paymentOf(caller, param('id'));
        if (payment.status !== 'CAPTURED') {
          throw new Problem('invalid-transition', `the payment is ${payment.status}`, {
            extensions: { current: payment.status },
          });
        }
        const refund = {
          id: `ref_${store.nextId('refund')}`,
          paymentId: payment.id,
          amount: payment.amount,
          createdAt: at,
        };
        store.run("UPDATE payment SET status = 'REFUNDED' WHERE id = ?", payment.id);
        insertRefund(store, { ...refund, userId: payment.userId });
        record('refund.created', refund.id, payment.subject);
        return created(refund);
      },
    }),
  ];
}

function reasonToDecline(paymentToken: string): string | null {
  if (paymentToken === 'tok_ok' || paymentToken === 'tok_flaky') return null;
  return paymentToken === 'tok_declined' ? 'card-declined' : 'unknown-token';
}

/** Counts a failure of `tok_flaky`, until there were enough of them. The count outlives a restart. */
function failsOnceMore(store: Store, key: string): boolean {
  const failures =
    store.get(failuresRow, 'SELECT failures FROM flaky_attempt WHERE idempotency_key = ?', key)?.failures ??
    0;
  if (failures >= flakyFailures) return false;
  store.run(
    `INSERT INTO flaky_attempt (idempotency_key, failures) VALUES (?, 1)
     ON CONFLICT (idempotency_key) DO UPDATE SET failures = failures + 1`,
    key,
  );
  return true;
}
