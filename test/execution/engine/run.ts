import {
  type DocumentNode,
  type ExecutionResult,
  execute,
  type GraphQLError,
  getOperationAST,
  parse,
  validate,
} from 'graphql';
import { type CompiledQuery, compileQuery, isCompiledQuery } from 'graphql-jit';
import type { Demand } from '../../../src/call.ts';
import type { Audit } from '../../../src/execution/departures.ts';
import { createEstimates, type Estimates } from '../../../src/execution/estimates.ts';
import { createPlanner, type OperationPlan } from '../../../src/execution/plan.ts';
import { resolveInfoEnricher } from '../../../src/execution/positions.ts';
import { createScheduler, type Scheduler, type SchedulerOptions } from '../../../src/execution/scheduler.ts';
import { type Ask, type Loading, otherLoaders, weirLoaders } from './loaders.ts';
import { createRows, type Rows } from './rows.ts';
import { createVirtualClock, type VirtualClock } from './virtual-clock.ts';
import { type Args, createWorldSchema, table, type WorldContext } from './world.ts';

export type Engine = 'js' | 'jit';

export interface CallLog {
  readonly endpoint: string;
  readonly keys: readonly string[];
  readonly args: Args;
  readonly at: number;
  /** When its answer came; infinite while it has not. */
  endedAt: number;
  readonly demand: Demand | null;
}

export interface RunOptions {
  /** Another form of the same operation, for graphql-jit. */
  readonly document?: DocumentNode;
  readonly engine?: Engine;
  readonly loading?: Loading;
  /** How long a call takes, in milliseconds; infinite for one that hangs. */
  readonly latency?: (endpoint: string, keys: readonly string[], args: Args) => number;
  readonly fails?: (endpoint: string, keys: readonly string[]) => boolean;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly rows?: Rows;
  /** When the operation is aborted, in milliseconds. */
  readonly deadlineMs?: number;
  readonly strict?: boolean;
  readonly estimates?: Estimates;
  /** Rows that a loader knows from the start. */
  readonly warm?: readonly (readonly [endpoint: string, key: string])[];
  readonly schedulerOf?: (plan: OperationPlan, options: SchedulerOptions) => Scheduler;
  /** Is handed the run's context before it starts, and its clock. */
  readonly onStart?: (context: WorldContext, clock: VirtualClock) => void;
}

export interface RunResult {
  readonly data: unknown;
  readonly errors: readonly GraphQLError[];
  /** When the answer was there, in milliseconds. */
  readonly time: number;
  readonly calls: readonly CallLog[];
  /** What the scheduler had left when nothing was under way any more. */
  readonly audit: Audit | null;
  /** And after it was told that the answer is there. */
  readonly auditAfterFinish: Audit | null;
  /** What it had left when the answer was there. */
  readonly auditAtAnswer: Audit | null;
  readonly timersLeft: number;
}

/** An operation, parsed and planned once, to be run many times. */
export interface Prepared {
  readonly source: string;
  readonly plan: OperationPlan;
  readonly document: DocumentNode;
  run(options?: RunOptions): Promise<RunResult>;
}

const bare = createWorldSchema(false);
const instrumented = createWorldSchema(true);
const planner = createPlanner({ schema: instrumented, table });

export const worldSchemas = { bare, instrumented };

/** Parses, validates and plans an operation of the small world. Throws where it is not valid. */
export function prepare(source: string): Prepared {
  const document = parse(source);
  const errors = validate(instrumented, document);
  if (errors.length > 0) throw new Error(errors.map((error) => error.message).join('\n'));
  const operation = getOperationAST(document);
  if (!operation) throw new Error('no operation');
  const plan = planner.planOperation(document, operation);
  let compiled: CompiledQuery | null = null;
  return {
    source,
    plan,
    document,
    async run(options = {}) {
      const variables = options.variables ?? {};
      return runWith(plan, options, async (context) => {
        if (options.engine !== 'jit') {
          const schema = context.scheduler === null ? bare : instrumented;
          return execute({ schema, document, contextValue: context, variableValues: variables });
        }
        if (options.document) return compile(options.document).query(undefined, context, variables);
        compiled ??= compile(document);
        return compiled.query(undefined, context, variables);
      });
    },
  };
}

function compile(document: DocumentNode): CompiledQuery {
  const compiled = compileQuery(instrumented, document, '', { resolverInfoEnricher: resolveInfoEnricher });
  if (!isCompiledQuery(compiled)) throw new Error('graphql-jit cannot compile this');
  return compiled;
}

async function runWith(
  plan: OperationPlan,
  options: RunOptions,
  start: (context: WorldContext) => Promise<ExecutionResult<unknown>>,
): Promise<RunResult> {
  const clock = createVirtualClock();
  const calls: CallLog[] = [];
  const rows = options.rows ?? createRows();
  const latency = options.latency ?? (() => 10);
  const wait = (ms: number): Promise<void> =>
    ms === Number.POSITIVE_INFINITY ? new Promise(() => {}) : clock.sleep(ms);

  const ask: Ask = async (endpoint, keys, args, demand) => {
    const log: CallLog = {
      endpoint,
      keys: [...keys],
      args,
      at: clock.now(),
      endedAt: Number.POSITIVE_INFINITY,
      demand,
    };
    calls.push(log);
    await wait(latency(endpoint, keys, args));
    log.endedAt = clock.now();
    if (options.fails?.(endpoint, keys)) throw new Error(`${endpoint} failed`);
    return keys.map((key) => rows.find(endpoint, key, args));
  };

  const loading = options.loading ?? 'weir';
  const scheduler =
    loading === 'weir'
      ? (options.schedulerOf ?? createScheduler)(plan, {
          variables: options.variables ?? {},
          estimates: options.estimates ?? createEstimates(),
          clock,
          ...(options.deadlineMs === undefined ? {} : { deadlineAt: options.deadlineMs }),
          strict: options.strict ?? true,
        })
      : null;
  const loaders = scheduler ? weirLoaders(scheduler, ask) : otherLoaders(loading, ask);
  const context: WorldContext = {
    scheduler,
    load: loaders.load,
    prime: loaders.prime,
    work: (name) => wait(latency('work', [name], undefined)),
    async write(id, name) {
      const log: CallLog = {
        endpoint: 'write',
        keys: [id],
        args: undefined,
        at: clock.now(),
        endedAt: Number.POSITIVE_INFINITY,
        demand: null,
      };
      calls.push(log);
      await wait(latency('write', [id], undefined));
      log.endedAt = clock.now();
      rows.write(id, name);
    },
  };
  for (const [endpoint, key] of options.warm ?? []) {
    const row = rows.find(endpoint, key, undefined);
    if (row !== null) context.prime(endpoint, key, row);
  }
  const cancelDeadline =
    options.deadlineMs === undefined
      ? () => {}
      : clock.after(options.deadlineMs, () => scheduler?.abort(new Error('out of time')));
  options.onStart?.(context, clock);
  const result = await clock.until(start(context));
  const time = clock.now();
  const auditAtAnswer = scheduler?.audit() ?? null;
  cancelDeadline();
  await clock.drain();
  const audit = scheduler?.audit() ?? null;
  scheduler?.finish();
  return {
    data: result.data,
    errors: result.errors ?? [],
    time,
    calls,
    audit,
    auditAfterFinish: scheduler?.audit() ?? null,
    auditAtAnswer,
    timersLeft: clock.timers,
  };
}
