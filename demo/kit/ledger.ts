import { z } from 'zod';
import type { Store } from './store.ts';

/** One write that took effect, as `GET /_demo/ledger` shows it. */
export interface LedgerRow {
  /** Milliseconds since the epoch, with fractions. */
  readonly at: number;
  /** Noun and past participle: `charge.captured`. */
  readonly kind: string;
  /** The object that was written. */
  readonly id: string;
  readonly idempotencyKey: string | null;
  /** The path of whom or what it is for: `users/17`, `orders/12`. */
  readonly subject: string | null;
}

const ledgerRow = z
  .object({
    at: z.number(),
    kind: z.string(),
    id: z.string(),
    idempotency_key: z.string().nullable(),
    subject: z.string().nullable(),
  })
  .transform(({ idempotency_key, ...row }): LedgerRow => ({ ...row, idempotencyKey: idempotency_key }));
const idRow = z.object({ id: z.string() });

/** Adds a row, inside the transaction of what it tells of. */
export function recordIn(store: Store, row: LedgerRow): void {
  store.run(
    'INSERT INTO ledger (at, kind, id, idempotency_key, subject) VALUES (?, ?, ?, ?, ?)',
    row.at,
    row.kind,
    row.id,
    row.idempotencyKey,
    row.subject,
  );
}

/** Every write since the store was made, oldest first. Seeded rows are no writes. */
export function ledgerOf(store: Store): LedgerRow[] {
  return store.all(ledgerRow, 'SELECT * FROM ledger ORDER BY position');
}

/** The ids that a write with this key made, by the kinds of ledger rows that tell of making. */
export function idsMadeBy(store: Store, idempotencyKey: string, kinds: readonly string[]): string[] {
  const rows = store.all(
    idRow,
    `SELECT DISTINCT id FROM ledger
     WHERE idempotency_key = ? AND kind IN (SELECT value FROM json_each(?)) ORDER BY position`,
    idempotencyKey,
    JSON.stringify(kinds),
  );
  return rows.map((row) => row.id);
}
