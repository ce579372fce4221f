import * as z from 'zod';
import { WeirError } from '../errors.ts';
import { createQueryPool, DatabaseFault, type QueryPool } from '../postgres/query-pool.ts';
import { auditWriter } from '../records/audit-tables.ts';
import type { AuditLine, RefusalCount } from './audit-line.ts';

/** A page of the audit log, newest first. */
export interface AuditPage {
  readonly items: readonly AuditLine[];
  readonly cursors: readonly string[];
  readonly nextCursor: string | null;
  readonly total: number;
}

/** The tables of the audit log. Writing rejects with a `DatabaseFault`. */
export interface AuditStore {
  /** Whether its connections may insert and read and nothing else, whatever the gateway's own role may. */
  actsAsWriter(): Promise<boolean>;
  write(lines: readonly AuditLine[]): Promise<void>;
  writeRefusals(counts: readonly RefusalCount[], replica: string): Promise<void>;
  /** Throws `WORKFLOWS_UNAVAILABLE` while the database is away, `BAD_USER_INPUT` for a cursor that is none. */
  page(first: number, after: string | null): Promise<AuditPage>;
  close(): Promise<void>;
}

const lineRow = z.object({
  id: z.string(),
  at: z.date(),
  actor: z.string().nullable(),
  client_id: z.string().nullable(),
  action: z.string(),
  subjects: z.array(z.string()),
  outcome: z.string(),
  request_id: z.string(),
});

const membership = z.tuple([z.object({ member: z.boolean() })]);

/** What a reader hears while the log cannot be had. */
export function auditUnavailable(cause: unknown): WeirError {
  return new WeirError('WORKFLOWS_UNAVAILABLE', 'The audit log cannot be read at the moment.', {}, cause);
}

/** Connects on first use, as a role that may insert and read and nothing else where the database has it. */
export function createAuditStore(url: string): AuditStore {
  let opening: Promise<{ readonly pool: QueryPool; readonly asWriter: boolean }> | null = null;

  const open = async () => {
    const pool = createQueryPool(url, 'weir audit', 1);
    const rows = await pool
      .query(
        `select exists (select from pg_roles where rolname = $1 and pg_has_role(current_user, oid, 'member')) as member`,
        [auditWriter],
      )
      .finally(() => pool.close());
    const [{ member }] = membership.parse(rows);
    return { asWriter: member, pool: createQueryPool(url, 'weir audit', 2, member ? auditWriter : null) };
  };
  const opened = () => {
    opening ??= open().catch((error: unknown) => {
      opening = null;
      throw error;
    });
    return opening;
  };
  const query = async (sql: string, values: readonly unknown[]) => (await opened()).pool.query(sql, values);

  return {
    actsAsWriter: async () => (await opened()).asWriter,
    async write(lines) {
      await query(
        `insert into weir_audit.log (id, at, actor, client_id, action, subjects, outcome, request_id)
         select id, at, actor, client_id, action, subjects, outcome, request_id from jsonb_to_recordset($1::jsonb) as line (
           id uuid, at timestamptz, actor text, client_id text, action text, subjects text[], outcome text,
           request_id text)
         on conflict do nothing`,
        [
          JSON.stringify(
            lines.map(({ clientId, requestId, ...line }) => ({
              ...line,
              client_id: clientId,
              request_id: requestId,
            })),
          ),
        ],
      );
    },
    async writeRefusals(counts, replica) {
      await query(
        `insert into weir_audit.refusals (id, minute, replica, code, count, samples)
         select id, minute, $2, code, count, samples from jsonb_to_recordset($1::jsonb) as refusal (
           id uuid, minute timestamptz, code text, count bigint, samples jsonb)
         on conflict do nothing`,
        [JSON.stringify(counts), replica],
      );
    },
    async page(first, after) {
      if (after !== null && !z.uuid().safeParse(after).success) {
        throw new WeirError('BAD_USER_INPUT', 'The cursor is none of this list.');
      }
      try {
        const rows = await query(
          `select id, at, actor, client_id, action, subjects, outcome, request_id from weir_audit.log
           where $1::uuid is null or id < $1 order by id desc limit $2`,
          [after, first + 1],
        );
        const items = rows.slice(0, first).map(toLine);
        const cursors = items.map(({ id }) => id);
        const nextCursor = rows.length > first ? (cursors.at(-1) ?? null) : null;
        return { items, cursors, nextCursor, total: items.length };
      } catch (error) {
        if (error instanceof DatabaseFault) throw auditUnavailable(error);
        throw error;
      }
    },
    async close() {
      await (await opening?.catch(() => null))?.pool.close();
    },
  };
}

function toLine(row: unknown): AuditLine {
  const { at, client_id: clientId, request_id: requestId, ...line } = lineRow.parse(row);
  return { ...line, at: at.toISOString(), clientId, requestId };
}
