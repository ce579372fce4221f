import { z } from 'zod';
import type { QueryPool } from '../postgres/query-pool.ts';
import { type Change, type ChangeChannel, notifying } from './change-channel.ts';
import { noOrigin, type Origin } from './origin.ts';
import type { Problem, Subject, WorkflowState, WorkflowStatus } from './state.ts';
import {
  decisionRow,
  recordColumns,
  recordRow,
  stateColumns,
  toJson,
  toState,
  valuesOf,
} from './workflow-rows.ts';

/** A workflow with what is needed to run it. */
export interface WorkflowRecord {
  readonly state: WorkflowState;
  /** As it was sealed. */
  readonly input: unknown;
  readonly inputHash: string;
  readonly origin: Origin;
}

/** A person's answer. */
export interface Decision {
  readonly approve: boolean;
  readonly note: string | null;
  /** The raw id of whoever decided. */
  readonly by: string;
}

/** Which workflows a list shows; null leaves a condition out. */
export interface WorkflowFilter {
  readonly startedBy: string | null;
  readonly status: WorkflowStatus | null;
  readonly name: string | null;
}

/** Where in a list, newest first, to go on. */
export interface WorkflowPosition {
  readonly startedAt: string;
  readonly id: string;
}

/** How workflows stand, all together. */
export interface WorkflowFigures {
  /** How many there are in each state; ended ones as long as they are kept. */
  readonly byState: Readonly<Record<string, number>>;
  /** For how long, in seconds, the one has been taking back its steps that has for longest; 0 where none has. */
  readonly undoingSeconds: number;
}

/** Our own records of workflows. Rejects with a `DatabaseFault`. */
export interface WorkflowStore {
  /** Writes a new workflow down; null where its id exists already. */
  create(record: WorkflowRecord, owner: string): Promise<WorkflowState | null>;
  find(id: string): Promise<WorkflowRecord | null>;
  /** The unfinished workflow of this name that is about this subject. */
  findOpen(name: string, subject: Subject): Promise<WorkflowRecord | null>;
  /** How far workflows have come; those that do not exist are left out. */
  revisionsOf(ids: readonly string[]): Promise<readonly Change[]>;
  /** Writes the state and tells everyone; null where somebody else owns the workflow or it has ended. */
  save(state: WorkflowState, owner: string): Promise<WorkflowState | null>;
  /** Writes the first answer down; answers the one that counts, or null where there is no such workflow. */
  decide(id: string, decision: Decision): Promise<Decision | null>;
  decisionOf(id: string): Promise<Decision | null>;
  /** Newest first. */
  list(
    filter: WorkflowFilter,
    after: WorkflowPosition | null,
    limit: number,
  ): Promise<readonly WorkflowState[]>;
  count(filter: WorkflowFilter): Promise<number>;
  figures(): Promise<WorkflowFigures>;
  /** Ends a workflow that nobody can run any more; null where it has ended by itself. */
  breakOff(id: string, problem: Problem): Promise<WorkflowState | null>;
  remove(ids: readonly string[]): Promise<void>;
}

const changeRow = z.object({ id: z.string(), revision: z.number() });

const figuresRow = z.object({ status: z.string(), count: z.number(), undoing: z.number() });

/** The records in `weir.workflows`. */
export function createWorkflowStore(
  pool: QueryPool,
  channel: Pick<ChangeChannel, 'notifies' | 'tell'>,
): WorkflowStore {
  const toRecord = (row: unknown): WorkflowRecord => {
    const { input, input_hash: inputHash, origin } = recordRow.parse(row);
    return { state: toState(row), input, inputHash, origin: origin ?? noOrigin };
  };
  const one = async <T>(
    sql: string,
    values: readonly unknown[],
    map: (row: unknown) => T,
  ): Promise<T | null> => {
    const rows = await pool.query(sql, values);
    return rows[0] === undefined ? null : map(rows[0]);
  };
  /** A statement that changes a state, and tells everyone. */
  const change = async (sql: string, values: readonly unknown[]): Promise<WorkflowState | null> => {
    const saved = await one(sql, values, toState);
    if (saved) channel.tell(saved);
    return saved;
  };

  return {
    create: ({ state, input, inputHash, origin }, owner) =>
      one(
        `insert into weir.workflows (${stateColumns}, input, input_hash, owner, origin)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)
         on conflict (id) do nothing returning ${stateColumns}`,
        [...valuesOf(state), JSON.stringify(input), inputHash, owner, JSON.stringify(origin)],
        toState,
      ),
    find: (id) => one(`select ${recordColumns} from weir.workflows where id = $1`, [id], toRecord),
    findOpen: (name, { type, id }) =>
      one(
        `select ${recordColumns} from weir.workflows
         where name = $1 and subject_type = $2 and subject_id = $3 and finished_at is null`,
        [name, type, id],
        toRecord,
      ),
    async revisionsOf(ids) {
      const rows = await pool.query('select id, revision from weir.workflows where id = any($1)', [[...ids]]);
      return z.array(changeRow).parse(rows);
    },
    save: (state, owner) =>
      change(
        `with saved as (
           update weir.workflows
           set status = $3, steps = $4, waiting_for = $5, waiting_on = $6, subject_type = $7, subject_id = $8,
               problems = $9, result = $10, finished_at = $11, revision = revision + 1
           where id = $1 and owner = $2 and finished_at is null
           returning ${stateColumns})
         select saved.*, ${notifying('$12')} from saved`,
        [
          state.id,
          owner,
          state.status,
          JSON.stringify(state.steps),
          state.waitingFor,
          state.waitingOn,
          state.subject?.type ?? null,
          state.subject?.id ?? null,
          JSON.stringify(state.problems),
          toJson(state.result),
          state.finishedAt,
          channel.notifies,
        ],
      ),
    decide: async (id, decision) => {
      const row = await one(
        `update weir.workflows set decision = coalesce(decision, $2) where id = $1 returning decision`,
        [id, JSON.stringify(decision)],
        (value) => decisionRow.parse(value),
      );
      return row?.decision ?? null;
    },
    decisionOf: async (id) => {
      const row = await one('select decision from weir.workflows where id = $1', [id], (value) =>
        decisionRow.parse(value),
      );
      return row?.decision ?? null;
    },
    async list(filter, after, limit) {
      const rows = await pool.query(
        `select ${stateColumns} from weir.workflows
         where ($1::text is null or started_by = $1) and ($2::text is null or status = $2)
           and ($3::text is null or name = $3) and ($4::timestamptz is null or (started_at, id) < ($4, $5))
         order by started_at desc, id desc limit $6`,
        [filter.startedBy, filter.status, filter.name, after?.startedAt ?? null, after?.id ?? null, limit],
      );
      return rows.map(toState);
    },
    count: async (filter) => {
      const total = await one(
        `select count(*)::integer as total from weir.workflows
         where ($1::text is null or started_by = $1) and ($2::text is null or status = $2)
           and ($3::text is null or name = $3)`,
        [filter.startedBy, filter.status, filter.name],
        (row) => z.object({ total: z.number() }).parse(row).total,
      );
      return total ?? 0;
    },
    async figures() {
      // Taking back begins with the end of the last step.
      const rows = await pool.query(
        `select status, count(*)::integer as count,
           coalesce(extract(epoch from now() - min((
             select max((step ->> 'finishedAt')::timestamptz) from jsonb_array_elements(steps) as step
           )) filter (where status = 'COMPENSATING')), 0)::double precision as undoing
         from weir.workflows group by status`,
      );
      const found = rows.map((row) => figuresRow.parse(row));
      return {
        byState: Object.fromEntries(found.map(({ status, count }) => [status, count])),
        undoingSeconds: Math.max(0, ...found.map(({ undoing }) => undoing)),
      };
    },
    breakOff: (id, problem) =>
      change(
        `with saved as (
           update weir.workflows
           set status = 'FAILED', problems = $2, result = null, finished_at = now(), revision = revision + 1
           where id = $1 and finished_at is null
           returning ${stateColumns})
         select saved.*, ${notifying('$3')} from saved`,
        [id, JSON.stringify([problem]), channel.notifies],
      ),
    async remove(ids) {
      await pool.query('delete from weir.workflows where id = any($1) and finished_at is not null', [
        [...ids],
      ]);
    },
  };
}
