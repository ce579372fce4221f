import { z } from 'zod';
import { originRow } from './origin.ts';
import type { WorkflowState } from './state.ts';

/** What makes up a state, as `valuesOf` gives it and `toState` reads it. */
export const stateColumns = `id, name, status, revision, steps, progress_done, progress_total, waiting_for, waiting_on,
  subject_type, subject_id, problems, result, started_by, started_at, finished_at`;

const stepRow = z.object({
  name: z.string(),
  status: z.enum(['PENDING', 'RUNNING', 'SUCCEEDED', 'FAILED', 'COMPENSATED', 'SKIPPED']),
  attempts: z.number(),
  startedAt: z.string().nullable(),
  finishedAt: z.string().nullable(),
  error: z.string().nullable(),
});

const said = { code: z.string(), message: z.string(), path: z.array(z.string()) };

const problemRow = z.discriminatedUnion('type', [
  z.object({ ...said, type: z.literal('InvalidInput') }),
  z.object({ ...said, type: z.literal('NotFound') }),
  z.object({ ...said, type: z.literal('NotCancellable') }),
  z.object({ ...said, type: z.literal('AlreadyDecided') }),
  z.object({ ...said, type: z.literal('EmailTaken') }),
  z.object({ ...said, type: z.literal('IdempotencyConflict') }),
  z.object({ ...said, type: z.literal('OutOfStock'), productId: z.string(), available: z.number() }),
  z.object({ ...said, type: z.literal('PaymentDeclined'), reason: z.string() }),
  z.object({ ...said, type: z.literal('OfferExpired'), flightId: z.string(), passengers: z.number() }),
  z.object({ ...said, type: z.literal('StepFailed'), step: z.string() }),
]);

const stateRow = z.object({
  id: z.string(),
  name: z.string(),
  status: z.enum(['RUNNING', 'WAITING', 'SUCCEEDED', 'FAILED', 'COMPENSATING', 'COMPENSATED', 'CANCELLED']),
  revision: z.number(),
  steps: z.array(stepRow),
  progress_done: z.number().nullable(),
  progress_total: z.number().nullable(),
  waiting_for: z.string().nullable(),
  waiting_on: z.string().nullable(),
  subject_type: z.enum(['Order', 'Booking', 'User']).nullable(),
  subject_id: z.string().nullable(),
  problems: z.array(problemRow),
  result: z.unknown(),
  started_by: z.string(),
  started_at: z.date(),
  finished_at: z.date().nullable(),
});

/** A workflow's row with what is needed to run it. */
export const recordRow = stateRow.extend({ input: z.unknown(), input_hash: z.string(), origin: originRow });

/** What `recordRow` reads. */
export const recordColumns = `${stateColumns}, input, input_hash, origin`;

/** A row's decision. */
export const decisionRow = z.object({
  decision: z.object({ approve: z.boolean(), note: z.string().nullable(), by: z.string() }).nullable(),
});

/** A state from its row. Throws for what is none. */
export function toState(value: unknown): WorkflowState {
  const row = stateRow.parse(value);
  const { progress_done: done, progress_total: total, subject_type: type, subject_id: subjectId } = row;
  return {
    id: row.id,
    name: row.name,
    status: row.status,
    revision: row.revision,
    steps: row.steps,
    progress: done === null || total === null ? null : { done, total },
    waitingFor: row.waiting_for,
    waitingOn: row.waiting_on,
    subject: type === null || subjectId === null ? null : { type, id: subjectId },
    problems: row.problems,
    result: row.result,
    startedBy: row.started_by,
    startedAt: row.started_at.toISOString(),
    finishedAt: row.finished_at?.toISOString() ?? null,
  };
}

/** The values of a state, in the order of `stateColumns`. */
export function valuesOf(state: WorkflowState): readonly unknown[] {
  return [
    state.id,
    state.name,
    state.status,
    state.revision,
    JSON.stringify(state.steps),
    state.progress?.done ?? null,
    state.progress?.total ?? null,
    state.waitingFor,
    state.waitingOn,
    state.subject?.type ?? null,
    state.subject?.id ?? null,
    JSON.stringify(state.problems),
    toJson(state.result),
    state.startedBy,
    state.startedAt,
    state.finishedAt,
  ];
}

/** JSON for a column, where null is SQL's null. */
export function toJson(value: unknown): string | null {
  return value === null || value === undefined ? null : JSON.stringify(value);
}
