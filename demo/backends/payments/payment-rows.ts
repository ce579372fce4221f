import { z } from 'zod';
import { type Caller, sees } from '../../kit/identity.ts';
import type { Store } from '../../kit/store.ts';

export const paymentSchema = `
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

export const paymentRow = z
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

export type Payment = z.infer<typeof paymentRow>;

export const refundRow = z
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

export type RefundRow = z.infer<typeof refundRow>;

/** For each subject the newest payment that took money, or else the newest; in the order of the subjects. */
export function decisiveOf(store: Store, subjects: readonly string[], caller: Caller): Payment[] {
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

/** Keeps a new payment. */
export function insertPayment(
  store: Store,
  { id, userId, subject, status, amount, createdAt }: Payment,
): void {
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

/** Keeps a new refund. */
export function insertRefund(store: Store, { id, paymentId, userId, amount, createdAt }: RefundRow): void {
  store.run(
    'INSERT INTO refund (id, payment_id, user_id, amount, currency, created_at) VALUES (?, ?, ?, ?, ?, ?)',
    id,
    paymentId,
    userId,
    amount.amount,
    amount.currency,
    createdAt,
  );
}
