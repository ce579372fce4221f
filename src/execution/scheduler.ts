import type { GraphQLFieldResolver, GraphQLResolveInfo } from 'graphql';
import type { Endpoint } from '../backends.ts';
import type { BatchSchedule, Memory, Place } from '../datasources/schedule.ts';
import { type Clock, processClock } from './clock.ts';
import { type Audit, Departures } from './departures.ts';
import type { Estimates } from './estimates.ts';
import { startAhead, type WrongDeclaration } from './key-first.ts';
import type { OperationPlan } from './plan.ts';
import { type AheadChild, locate, type Position } from './positions.ts';
import type { OpenTicket } from './tickets.ts';

export interface SchedulerOptions {
  /** The operation's variables, coerced or not: only those of `@skip` and `@include` are read. */
  readonly variables: Readonly<Record<string, unknown>>;
  readonly estimates: Estimates;
  /** When the operation's budget ends, on the clock; without one, only late calls are not waited for. */
  readonly deadlineAt?: number;
  readonly clock?: Clock;
  /** Whether a resolver that reads more of its parent than its declared key is told so: development and tests. */
  readonly strict?: boolean;
}

/** Decides, for one run of an operation, when its batches leave, and starts what needs only a key. */
export interface Scheduler extends BatchSchedule {
  /** Runs a resolver at its position, so that its loads and its promise are counted there. */
  run(
    resolve: GraphQLFieldResolver<unknown, unknown>,
    parent: unknown,
    args: Record<string, unknown>,
    context: unknown,
    info: GraphQLResolveInfo,
  ): unknown;
  /** Makes every loader forget: the root field with this response key is about to change something. */
  nextStep(key: string): void;
  /** The response key of the mutation's root field that runs or has run last; null in a query. */
  readonly step: string | null;
  /** Makes every loader forget what it read before a change, and keep what the change itself told. */
  endStep(): void;
  /**
   * Rejects with this error whatever is held or under way, and every load from now on. For a deadline or a
   * client that left. Calls under way end by the signal of their `Call`, which is not the scheduler's.
   */
  abort(error: Error): void;
  /** The answer is there: as `abort`, for loads that nobody waits for any more. */
  finish(): void;
  audit(): Audit;
  /** How many keys resolvers have asked for, repeated ones too; those that were started ahead count once. */
  readonly loads: number;
}

/** Where a load stands that is made at no known position: it leaves with the turn and waits for nobody. */
const UNPLACED: Place = { slot: -1, order: -1 };

/** Made once: an error per operation would cost more than most of them do. */
const over = new Error('the operation is over');

/** Makes the scheduler of one run of a planned operation. */
export function createScheduler(plan: OperationPlan, options: SchedulerOptions): Scheduler {
  return new OperationScheduler(plan, options);
}

/** `Departures` with an eye on the resolvers: which position runs now, and which keys start its children. */
export class OperationScheduler extends Departures implements Scheduler {
  private readonly plan: OperationPlan;
  private readonly strict: boolean;
  private readonly memories: Memory[] = [];
  /** By position: places of endpoints that it loads from without having declared it. */
  private undeclared: Map<Position, Map<string, Place>> | null = null;
  /** Keys with which a child was started already. */
  private started: Map<AheadChild, Set<string>> | null = null;
  private faults: Map<Position, WrongDeclaration> | null = null;
  /** The resolver that is running now, and what it was given. */
  private current: Position | null = null;
  private info: GraphQLResolveInfo | null = null;
  private context: unknown = undefined;
  /** What the last load promised: a resolver that returns just that is already counted by its batch. */
  private given: Promise<unknown> | null = null;
  private startsAhead = false;
  loads = 0;
  step: string | null = null;

  constructor(plan: OperationPlan, options: SchedulerOptions) {
    super({
      variant: plan.variantFor(options.variables),
      clock: options.clock ?? processClock,
      estimates: options.estimates,
      deadlineAt: options.deadlineAt ?? Number.POSITIVE_INFINITY,
    });
    this.plan = plan;
    this.strict = options.strict ?? false;
  }

  run(
    resolve: GraphQLFieldResolver<unknown, unknown>,
    parent: unknown,
    args: Record<string, unknown>,
    context: unknown,
    info: GraphQLResolveInfo,
  ): unknown {
    const at = locate(this.plan, info);
    const fault = at === null ? undefined : this.faults?.get(at);
    if (fault !== undefined) throw fault;
    const { current: positionBefore, info: infoBefore } = this;
    this.current = at;
    this.info = info;
    this.context = context;
    this.given = null;
    let result: unknown;
    try {
      result = resolve(parent, args, context, info);
    } finally {
      this.current = positionBefore;
      this.info = infoBefore;
    }
    if (at !== null && this.variant.awaited[at.index]) this.watchResult(at, result);
    return result;
  }

  place(endpoint: Endpoint): Place {
    const at = this.current;
    if (at === null) return UNPLACED;
    for (const group of this.variant.groupsAt[at.index] ?? []) {
      if (group.endpoint.id === endpoint.id) return group;
    }
    this.undeclared ??= new Map();
    const places = this.undeclared.get(at) ?? new Map<string, Place>();
    this.undeclared.set(at, places);
    const known = places.get(endpoint.id);
    if (known !== undefined) return known;
    const place = this.openLine(at, endpoint);
    places.set(endpoint.id, place);
    return place;
  }

  join(ticket: OpenTicket): void {
    this.mark(ticket, this.current);
  }

  loaded(endpoint: Endpoint, key: string, promise: Promise<unknown>): void {
    const { current, info } = this;
    if (!this.startsAhead) this.loads += 1;
    if (current !== null && info !== null) {
      for (const child of current.ahead) {
        if (child.endpoint.id === endpoint.id) this.startChild(child, key, info);
      }
    }
    this.given = promise;
  }

  register(memory: Memory): void {
    this.memories.push(memory);
  }

  nextStep(key: string): void {
    this.step = key;
    for (const memory of this.memories) memory.clear();
  }

  endStep(): void {
    for (const memory of this.memories) memory.forgetReads();
  }

  finish(): void {
    this.abort(over);
  }

  private startChild(child: AheadChild, key: string, info: GraphQLResolveInfo): void {
    if (!this.variant.active[child.position.index]) return;
    this.started ??= new Map();
    const keys = this.started.get(child) ?? new Set<string>();
    if (keys.has(key)) return;
    this.started.set(child, keys.add(key));
    const { plan, context, strict } = this;
    const onFault = (_: AheadChild, fault: WrongDeclaration): void => {
      this.faults ??= new Map();
      this.faults.set(child.position, fault);
    };
    const within = this.startsAhead;
    this.startsAhead = true;
    startAhead(child, key, { plan, context, info, strict, onFault });
    this.startsAhead = within;
  }

  /** Counts what a resolver returned, unless it is just what a load promised. */
  private watchResult(at: Position, result: unknown): void {
    if (typeof result !== 'object' || result === null || result === this.given) return;
    if (isPromiseLike(result)) this.work.watch(at, result);
    else if (Array.isArray(result)) {
      for (const item of result) if (isPromiseLike(item)) this.work.watch(at, item);
    }
  }
}

function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}
