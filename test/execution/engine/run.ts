import DataLoader from 'dataloader';
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
import type { Call, Demand } from '../../../src/call.ts';
import { createBatchLoader } from '../../../src/datasources/batch-loader.ts';
import { createCallLoader } from '../../../src/datasources/call-loader.ts';
import type { Audit } from '../../../src/execution/departures.ts';
import { createEstimates, type Estimates } from '../../../src/execution/estimates.ts';
import { createPlanner, type OperationPlan } from '../../../src/execution/plan.ts';
import { resolveInfoEnricher } from '../../../src/execution/positions.ts';
import { createScheduler, type Scheduler, type SchedulerOptions } from '../../../src/execution/scheduler.ts';
import { createRows, isPlainKey, keyOfRow, type Rows } from './rows.ts';
import { createVirtualClock, type VirtualClock } from './virtual-clock.ts';
import { type Args, createWorldSchema, endpoints, type Row, table, type WorldContext } from './world.ts';

export type Engine = 'js' | 'jit';
/** By Weir's loaders and scheduler, by DataLoader as it is sold, or a call a load. */
export type Loading = 'weir' | 'dataloader' | 'direct';

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

  const ask = async (endpoint: string, keys: readonly string[], args: Args, demand: Demand | null) => {
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

export type Ask = (
  endpoint: string,
  keys: readonly string[],
  args: Args,
  demand: Demand | null,
) => Promise<readonly (Row | null)[]>;

export interface WorldLoaders {
  readonly load: (endpoint: string, key: string, args?: Args) => Promise<unknown>;
  readonly prime: (endpoint: string, key: string, row: Row) => void;
}

const someCall: Call = {
  requestId: 'test',
  signal: new AbortController().signal,
  deadlineAt: Number.POSITIVE_INFINITY,
  viewer: null,
  onBehalfOf: null,
  traceparent: null,
  observe: null,
  demand: null,
};

export function weirLoaders(schedule: Scheduler, ask: Ask): WorldLoaders {
  interface Loader {
    load(key: string, args: Args): Promise<unknown>;
    prime(key: string, row: Row, args: Args): void;
  }
  const made = new Map<string, Loader>();
  const loaderOf = (name: string): Loader => {
    const known = made.get(name);
    if (known) return known;
    const endpoint = endpoints.get(name);
    if (!endpoint) throw new Error(`no endpoint ${name}`);
    const loader: Loader = endpoint.bulk
      ? createBatchLoader<string, Row, Args>({
          call: someCall,
          schedule,
          endpoint,
          keyOf: (row) => keyOfRow(name, row),
          fetch: async (call, keys, args) =>
            (await ask(name, keys, args, call.demand)).filter((row) => row !== null),
        })
      : createCallLoader<string, Row | null, Args>({
          call: someCall,
          schedule,
          endpoint,
          fetch: async (call, key, args) => (await ask(name, [key], args, call.demand))[0] ?? null,
        });
    made.set(name, loader);
    return loader;
  };
  return {
    load: (endpoint, key, args) => loaderOf(endpoint).load(key, args),
    prime: (endpoint, key, row) => loaderOf(endpoint).prime(key, row, undefined),
  };
}

/** The control: DataLoader in its usual dress, or no loader at all. */
function otherLoaders(loading: Loading, ask: Ask): WorldLoaders {
  const loaders = new Map<string, DataLoader<string, Row | null>>();
  const memo = new Map<string, Promise<unknown>>();
  const loaderOf = (name: string, args: Args): DataLoader<string, Row | null> => {
    const id = `${name} ${JSON.stringify(args)}`;
    let loader = loaders.get(id);
    if (loader === undefined) {
      const maxBatchSize = endpoints.get(name)?.bulk?.max ?? 1;
      loader = new DataLoader((keys) => ask(name, keys, args, null), { maxBatchSize });
      loaders.set(id, loader);
    }
    return loader;
  };
  return {
    load(name, key, args) {
      if (!isPlainKey(key)) return Promise.resolve(null);
      if (loading === 'dataloader' && endpoints.get(name)?.bulk) return loaderOf(name, args).load(key);
      const id = `${name} ${key} ${JSON.stringify(args)}`;
      const known = memo.get(id);
      if (known && loading === 'dataloader') return known;
      const asked = ask(name, [key], args, null).then((rows) => rows[0] ?? null);
      memo.set(id, asked);
      return asked;
    },
    prime: (name, key, row) => loaderOf(name, undefined).prime(key, row),
  };
}
