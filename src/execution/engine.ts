import type { GraphQLSchema } from 'graphql';
import type { BackendTable } from '../backends.ts';
import type { Call } from '../call.ts';
import type { BatchSchedule } from '../datasources/schedule.ts';
import { WeirError } from '../errors.ts';
import { type DocumentLimits, usualLimits } from '../guard/document-limits.ts';
import { readDeclarations } from './declarations.ts';
import { createDocuments, type Documents } from './documents.ts';
import { createEstimates } from './estimates.ts';
import { instrumentResolvers } from './instrument.ts';
import { createOriginOf, type OriginOf } from './origin.ts';
import { createPlanner } from './plan.ts';
import type { Runnable } from './runnable.ts';
import { createScheduler, type Scheduler } from './scheduler.ts';

/** Makes what resolvers get, for one operation whose loads leave by this schedule. */
export type ContextFactory = (call: Call, schedule: BatchSchedule) => object;

/** One operation's context, and the end of it. */
export interface OperationContext {
  readonly value: object;
  /** From now on its loads are ended when the signal of its call ends: to be called once anybody waits. */
  start(): void;
  /** How many keys resolvers have asked for, repeated ones too. */
  loads(): number;
  /** The response key of the mutation's root field that runs or has run last; null in a query. */
  step(): string | null;
  /** Whether calls are under way that the answer does not wait for. */
  busy(): boolean;
  /** The answer is there: nothing that is still held or under way is waited for any more. */
  finish(): void;
}

/** Prepares documents, and opens a scheduled context for each run of one. */
export interface Engine {
  readonly documents: Documents;
  readonly originOf: OriginOf;
  open(call: Call, runnable: Runnable, variables: Readonly<Record<string, unknown>>): OperationContext;
}

export interface EngineOptions {
  /** Changed in place: its resolvers learn where they stand. It belongs to one engine. */
  readonly schema: GraphQLSchema;
  readonly table: BackendTable;
  readonly contextFor: ContextFactory;
  /** Whether wrong `@load` declarations are told: development and tests. */
  readonly strict: boolean;
  /** How large documents may be; the usual limits by default. */
  readonly limits?: DocumentLimits;
  /** Keep to oneself which names of the schema a misspelt one may have meant. */
  readonly hideSuggestions?: boolean;
}

interface Scheduled {
  readonly scheduler?: Scheduler;
}

/**
 * How long after the end of its time an operation waits for its calls to say which backend was waited for, in
 * milliseconds; what is still held then has nobody to blame.
 */
const CALLS_SPEAK_FIRST_MS = 8;

const late = (): WeirError => new WeirError('DEADLINE_EXCEEDED', 'There was no time left to ask for this.');

/** Makes a schema run with batches that latency cannot split, and with loads that need only a key started ahead. */
export function createEngine({
  schema,
  table,
  contextFor,
  strict,
  limits = usualLimits,
  hideSuggestions = false,
}: EngineOptions): Engine {
  instrumentResolvers<Scheduled>(schema, { table, schedulerOf: ({ scheduler }) => scheduler ?? null });
  const documents = createDocuments({
    schema,
    planner: createPlanner({ schema, table }),
    limits,
    hideSuggestions,
  });
  const estimates = createEstimates();
  return {
    documents,
    originOf: createOriginOf(schema, readDeclarations(schema, table)),
    open(call, runnable, variables) {
      const scheduler = createScheduler(runnable.plan, {
        variables,
        estimates,
        deadlineAt: call.deadlineAt,
        strict,
      });
      let aborting: NodeJS.Timeout | undefined;
      let started = false;
      const abort = (): void => {
        aborting = setTimeout(() => scheduler.abort(late()), CALLS_SPEAK_FIRST_MS);
      };
      return {
        value: Object.assign(contextFor(call, scheduler), { scheduler }),
        loads: () => scheduler.loads,
        step: () => scheduler.step,
        busy: () => scheduler.audit().inFlight > 0,
        start() {
          started = true;
          call.signal.addEventListener('abort', abort, { once: true });
        },
        finish() {
          clearTimeout(aborting);
          if (started) call.signal.removeEventListener('abort', abort);
          scheduler.finish();
        },
      };
    },
  };
}
