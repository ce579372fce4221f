import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { QueryPool } from '../postgres/query-pool.ts';
import { type ChangeChannel, notifying } from './change-channel.ts';

/** A good row of a catalogue, with the line that it stood in. */
export interface ImportRow {
  readonly line: number;
  readonly product: {
    readonly id?: string | undefined;
    readonly name: string;
    readonly description: string;
    readonly category: string;
    readonly price: { readonly amount: number; readonly currency: string };
    readonly imageUrl?: string | undefined;
  };
}

/** Rows that could not be stored. */
export interface ImportFailure {
  readonly lines: readonly number[];
  readonly error: string;
}

/** Uploaded catalogues, and the pieces that an import works on. Rejects with a `DatabaseFault`. */
export interface ImportStore {
  /** Keeps an uploaded file for its owner; answers its id. */
  saveUpload(owner: string, body: string): Promise<string>;
  /** As `saveUpload`, under an id made of what the file says: the same file has the same id. */
  saveInline(owner: string, body: string): Promise<string>;
  /** Null where there is none of this owner. */
  upload(id: string, owner: string): Promise<string | null>;
  /** Writes the pieces of a workflow down, once. */
  saveChunks(workflowId: string, chunks: readonly (readonly ImportRow[])[]): Promise<void>;
  chunk(workflowId: string, number: number): Promise<readonly ImportRow[]>;
  /** Notes how a piece went, and shows how far all of them are as the workflow's progress. */
  finishChunk(workflowId: string, number: number, error: string | null): Promise<void>;
  failures(workflowId: string): Promise<readonly ImportFailure[]>;
  /** Removes uploads that are older. */
  removeUploads(olderThanMs: number): Promise<void>;
}

const rowShape = z.object({
  line: z.number(),
  product: z.object({
    id: z.string().optional(),
    name: z.string(),
    description: z.string(),
    category: z.string(),
    price: z.object({ amount: z.number(), currency: z.string() }),
    imageUrl: z.string().optional(),
  }),
});
const chunkRow = z.object({ rows: z.array(rowShape) });
const failureRow = z.object({ lines: z.array(z.number()), error: z.string() });
const savedRow = z.object({ id: z.string(), revision: z.number() });
const uploadRow = z.object({ body: z.string() });

/** Keeps uploads and pieces in the tables beside `weir.workflows`. */
export function createImportStore(
  pool: QueryPool,
  channel: Pick<ChangeChannel, 'notifies' | 'tell'>,
): ImportStore {
  const save = async (id: string, owner: string, body: string): Promise<string> => {
    await pool.query(
      'insert into weir.uploads (id, owner, body) values ($1, $2, $3) on conflict do nothing',
      [id, owner, body],
    );
    return id;
  };
  return {
    saveUpload: (owner, body) => save(`up_${randomBytes(16).toString('base64url')}`, owner, body),
    saveInline: (owner, body) =>
      save(`csv_${createHash('sha256').update(`${owner}\n${body}`).digest('base64url')}`, owner, body),
    async upload(id, owner) {
      const [row] = await pool.query('select body from weir.uploads where id = $1 and owner = $2', [
        id,
        owner,
      ]);
      return row === undefined ? null : uploadRow.parse(row).body;
    },
    async saveChunks(workflowId, chunks) {
      await pool.query(
        `insert into weir.import_chunks (workflow_id, number, rows)
         select $1, ordinality - 1, rows from jsonb_array_elements($2::jsonb) with ordinality as pieces (rows)
         on conflict do nothing`,
        [workflowId, JSON.stringify(chunks)],
      );
    },
    async chunk(workflowId, number) {
      const [row] = await pool.query(
        'select rows from weir.import_chunks where workflow_id = $1 and number = $2',
        [workflowId, number],
      );
      return chunkRow.parse(row).rows;
    },
    async finishChunk(workflowId, number, error) {
      await pool.query(
        'update weir.import_chunks set stored = $3::text is null, error = $3 where workflow_id = $1 and number = $2',
        [workflowId, number, error],
      );
      const [saved] = await pool.query(
        `with counted as (
           select coalesce(sum(jsonb_array_length(rows)) filter (where stored or error is not null), 0)::integer as done,
             sum(jsonb_array_length(rows))::integer as total
           from weir.import_chunks where workflow_id = $1),
         saved as (
           update weir.workflows set progress_done = done, progress_total = total, revision = revision + 1
           from counted
           where id = $1 and finished_at is null and progress_done is distinct from done
             and coalesce(progress_done, 0) <= done
           returning id, revision)
         select id, revision, ${notifying('$2')} from saved`,
        [workflowId, channel.notifies],
      );
      if (saved !== undefined) channel.tell(savedRow.parse(saved));
    },
    async failures(workflowId) {
      const rows = await pool.query(
        `select error, (select array_agg((row ->> 'line')::integer) from jsonb_array_elements(rows) as row) as lines
         from weir.import_chunks where workflow_id = $1 and error is not null order by number`,
        [workflowId],
      );
      return z.array(failureRow).parse(rows);
    },
    async removeUploads(olderThanMs) {
      await pool.query("delete from weir.uploads where created_at < now() - $1 * interval '1 millisecond'", [
        olderThanMs,
      ]);
    },
  };
}
