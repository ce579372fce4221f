import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { QueryPool } from '../postgres/query-pool.ts';
import type { Sealing } from './sealing.ts';

/** Somebody's address, and what it wants to hear of. */
export interface Webhook {
  readonly id: string;
  readonly url: string;
  /** `workflow.succeeded` and its like, or `workflow.*`. */
  readonly events: readonly string[];
  /** RFC 3339. */
  readonly createdAt: string;
}

/** A message on its way, arrived, or given up. */
export interface Delivery {
  readonly id: string;
  readonly event: string;
  readonly status: 'PENDING' | 'DELIVERED' | 'FAILED';
  readonly attempts: number;
  readonly createdAt: string;
  readonly deliveredAt: string | null;
  readonly error: string | null;
}

/** A message that is due, with what is needed to send it. */
export interface DueDelivery {
  readonly id: string;
  readonly url: string;
  /** Null where none of this process's keys opens it. */
  readonly secret: string | null;
  readonly body: string;
  /** This attempt included. */
  readonly attempts: number;
  /** How long ago it was written down. */
  readonly ageMs: number;
}

/** Registered addresses and the messages to them. Rejects with a `DatabaseFault`. */
export interface WebhookStore {
  /** Answers the new address's id and the secret that its messages are signed with. */
  register(
    owner: string,
    everyone: boolean,
    url: string,
    events: readonly string[],
  ): Promise<{ id: string; secret: string }>;
  countOf(owner: string): Promise<number>;
  listOf(owner: string): Promise<readonly Webhook[]>;
  /** The newest first. */
  deliveriesOf(webhookId: string, limit: number): Promise<readonly Delivery[]>;
  /** Messages that are due, each for one process: nobody else gets them before `leaseMs` are over. */
  take(limit: number, leaseMs: number): Promise<readonly DueDelivery[]>;
  delivered(id: string): Promise<void>;
  /** Null as the next time gives it up. */
  failed(id: string, error: string, retryInMs: number | null): Promise<void>;
  removeOld(olderThanMs: number): Promise<void>;
}

const webhookRow = z
  .object({ id: z.string(), url: z.string(), events: z.array(z.string()), created_at: z.date() })
  .transform(({ created_at, ...row }): Webhook => ({ ...row, createdAt: created_at.toISOString() }));

const deliveryRow = z
  .object({
    id: z.string(),
    event: z.string(),
    attempts: z.number(),
    created_at: z.date(),
    next_at: z.date().nullable(),
    delivered_at: z.date().nullable(),
    error: z.string().nullable(),
  })
  .transform(
    ({ id, event, attempts, created_at, next_at, delivered_at, error }): Delivery => ({
      id,
      event,
      attempts,
      error,
      status: delivered_at ? 'DELIVERED' : next_at ? 'PENDING' : 'FAILED',
      createdAt: created_at.toISOString(),
      deliveredAt: delivered_at?.toISOString() ?? null,
    }),
  );

const dueRow = z.object({
  id: z.string(),
  webhook_id: z.string(),
  url: z.string(),
  secret: z.string(),
  body: z.record(z.string(), z.unknown()),
  attempts: z.number(),
  age_ms: z.number(),
});

const contextOf = (webhookId: string): string => `webhook/${webhookId}`;

export function createWebhookStore(pool: QueryPool, sealing: Sealing): WebhookStore {
  // One address's secret that cannot be opened must not hold up the messages to others.
  const opened = (sealed: string, context: string): string | null => {
    try {
      return sealing.open(sealed, context);
    } catch {
      return null;
    }
  };
  return {
    async register(owner, everyone, url, events) {
      const id = `wh_${randomBytes(12).toString('base64url')}`;
      const secret = `whsec_${randomBytes(32).toString('base64')}`;
      await pool.query(
        'insert into weir.webhooks (id, owner, everyone, url, events, secret) values ($1, $2, $3, $4, $5, $6)',
        [id, owner, everyone, url, [...events], sealing.seal(secret, contextOf(id))],
      );
      return { id, secret };
    },
    async countOf(owner) {
      const rows = await pool.query('select count(*)::integer as count from weir.webhooks where owner = $1', [
        owner,
      ]);
      return z.object({ count: z.number() }).parse(rows[0]).count;
    },
    async listOf(owner) {
      const rows = await pool.query(
        'select id, url, events, created_at from weir.webhooks where owner = $1 order by created_at desc, id',
        [owner],
      );
      return z.array(webhookRow).parse(rows);
    },
    async deliveriesOf(webhookId, limit) {
      const rows = await pool.query(
        `select id, event, attempts, created_at, next_at, delivered_at, error from weir.webhook_deliveries
         where webhook_id = $1 order by created_at desc, id limit $2`,
        [webhookId, limit],
      );
      return z.array(deliveryRow).parse(rows);
    },
    async take(limit, leaseMs) {
      const rows = await pool.query(
        `update weir.webhook_deliveries d
         set attempts = attempts + 1, next_at = now() + $2 * interval '1 millisecond'
         from weir.webhooks w
         where w.id = d.webhook_id and d.id in (
           select id from weir.webhook_deliveries where next_at <= now()
           order by next_at limit $1 for update skip locked)
         returning d.id, d.webhook_id, w.url, w.secret, d.body, d.attempts,
           extract(epoch from now() - d.created_at)::float8 * 1000 as age_ms`,
        [limit, leaseMs],
      );
      return z
        .array(dueRow)
        .parse(rows)
        .map(({ webhook_id, age_ms, ...row }) => ({
          ...row,
          body: JSON.stringify(row.body),
          secret: opened(row.secret, contextOf(webhook_id)),
          ageMs: age_ms,
        }));
    },
    async delivered(id) {
      await pool.query(
        'update weir.webhook_deliveries set delivered_at = now(), next_at = null, error = null where id = $1',
        [id],
      );
    },
    async failed(id, error, retryInMs) {
      await pool.query(
        `update weir.webhook_deliveries set error = $2, next_at = now() + $3 * interval '1 millisecond' where id = $1`,
        [id, error, retryInMs],
      );
    },
    async removeOld(olderThanMs) {
      await pool.query(
        `delete from weir.webhook_deliveries
         where next_at is null and created_at < now() - $1 * interval '1 millisecond'`,
        [olderThanMs],
      );
    },
  };
}
