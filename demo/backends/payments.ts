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

const usualMs = 80;
const chargeMs = 400;

const schema = `
  CREATE TABLE payment (
    position INTEGER PRIMARY KEY, -- the order in which they were made
    id TEXT NOT NULL UNIQUE, user_id TEXT NOT NULL, subject TEXT NOT NULL, status TEXT NOT NULL,
    amount INTEGER NOT NULL, currency TEXT NOT NULL, created_at TEXT NOT NULL
  ) STRICT;
  CREATE INDEX payment_by_subject ON payment (subject);
  CREATE TABLE refund (
    id TEXT PRIMARY KEY, payment_id TEXT NOT NULL UNIQUE, user_id TEXT NOT NULL,
    amount INTEGER NOT NULL, currency TEXT NOT NULL, created_at TEXT NOT NULL
  ) STRICT;
  CREATE TABLE flaky_attempt (idempotency_key TEXT PRIMARY KEY, failures INTEGER NOT NULL) STRICT, WITHOUT ROWID;
`;

const paymentRow = z
  .object({
    id: z.string(),
    user_id: z.string(),
    subject: z.string(),
    status: z.enum(['CAPTURED', 'REFUNDED', 'DECLINED']),
    amount: z.number(),
    currency: z.string(),
    created_at: z.string(),
  })
  .transform(({ user_id, amount, currency, created_at, ...row }) => ({
    ...row,
    userId: user_id,
    amount: { amount, currency },
    createdAt: created_at,
  }));

type Payment = z.infer<typeof paymentRow>;

const refundRow = z
  .object({
    id: z.string(),
    payment_id: z.string(),
    user_id: z.string(),
    amount: z.number(),
    currency: z.string(),
    created_at: z.string(),
  })
  .transform(({ payment_id, user_id, amount, currency, created_at, id }) => ({
    id,
    userId: user_id,
    paymentId: payment_id,
    amount: { amount, currency },
    createdAt: created_at,
  }));

const failuresRow = z.object({ failures: z.number() });

/** How often `tok_flaky` fails before it works. */
const flakyFailures = 2;

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
    { name: 'payments', version: 1, schema, loadSeed, setup: async (store) => ({ routes: routesOf(store) }) },
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
      insert(store, { ...payment, amount: { amount: payment.amount, currency: 'EUR' } });
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
        insert(store, payment);
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
        store.run(
          'INSERT INTO refund (id, payment_id, user_id, amount, currency, created_at) VALUES (?, ?, ?, ?, ?, ?)',
          refund.id,
          payment.id,
          payment.userId,
          payment.amount.amount,
          payment.amount.currency,
          at,
        );
        record('refund.created', refund.id, payment.subject);
        return created(refund);
      },
    }),
  ];
}

/** For each subject the newest payment that took money, or else the newest; in the order of the subjects. */
function decisiveOf(store: Store, subjects: readonly string[], caller: Caller): Payment[] {
  const payments = store.all(
    paymentRow,
    `SELECT * FROM payment WHERE subject IN (SELECT value FROM json_each(?))
     ORDER BY status = 'DECLINED' DESC, position`,
    JSON.stringify(subjects),
  );
  // Later entries replace earlier ones, so each subject keeps its last.
  const bySubject = new Map(
    payments.filter((payment) => sees(caller, payment.userId)).map((payment) => [payment.subject, payment]),
  );
  return subjects.flatMap((subject) => bySubject.get(subject) ?? []);
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

function insert(store: Store, { id, userId, subject, status, amount, createdAt }: Payment): void {
  store.run(
    `INSERT INTO payment (id, user_id, subject, status, amount, currency, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
    id,
    userId,
    subject,
    status,
    amount.amount,
    amount.currency,
    createdAt,
  );
}
