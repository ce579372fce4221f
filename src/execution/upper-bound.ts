import {
  type GraphQLOutputType,
  getArgumentValues,
  getNamedType,
  getVariableValues,
  isListType,
  isNonNullType,
  isObjectType,
  print,
} from 'graphql';
import type { Endpoint } from '../backends.ts';
import type { FieldLoad } from './declarations.ts';
import type { FieldAt, PathStep } from './paths.ts';
import type { OperationPlan } from './plan.ts';
import type { Position } from './positions.ts';

/** The most calls that an operation can make of one kind, at one level. */
export interface CallBound {
  /** The endpoint; several where the key decides which one of them is asked. */
  readonly endpoints: readonly Endpoint[];
  readonly calls: number;
  readonly keys: number;
  /** Whether one call serves many keys. */
  readonly isBulk: boolean;
  /** Response paths without list indices. */
  readonly paths: readonly string[];
}

/** The most REST calls that an operation can make, known before it runs. */
export interface UpperBound {
  /** All calls together; infinite where the operation has too many paths to be planned. */
  readonly calls: number;
  /** Level by level: calls of one level wait for none of their own level. */
  readonly levels: readonly (readonly CallBound[])[];
  /** Lists whose size no argument says and no `@listSize` declares. */
  readonly assumed: readonly string[];
  /** Resolvers written by hand: what they call is not counted. */
  readonly byHand: readonly string[];
}

/** How many items a list is taken to have where nothing says it. */
const ASSUMED_LIST_SIZE = 100;

/** Arguments that say how many items a list, or the list in a connection, may have. */
const SIZE_ARGUMENTS = ['first', 'last', 'limit'];
/** Arguments that are a place in one parent's list, so that parents cannot share a call. */
const CURSOR_ARGUMENTS = ['after', 'before', 'cursor'];

/**
 * Works out how many REST calls an operation can make at most with these variables, in time linear in its plan.
 *
 * List sizes come from `first`, `last` and `limit`, from the lengths of list arguments such as `ids`, from
 * `@listSize(assumedSize:)`, and are taken to be 100 otherwise. Attempts that are repeated and batches that
 * leave without a late sibling are not counted.
 */
export function upperBound(plan: OperationPlan, variables: Readonly<Record<string, unknown>>): UpperBound {
  if (!plan.complete) return { calls: Number.POSITIVE_INFINITY, levels: [], assumed: [], byHand: [] };
  const { active } = plan.variantFor(variables);
  const definitions = plan.operation.variableDefinitions ?? [];
  const { coerced = {} } = getVariableValues(plan.schema, definitions, { ...variables });
  const sizes = new SizeOf(plan, coerced);
  const groups = new Map<string, MutableBound>();
  const byHand: string[] = [];
  for (const position of plan.positions) {
    if (!active[position.index]) continue;
    if (position.sources.length === 0) {
      byHand.push(position.path);
      continue;
    }
    const name = `${position.level} ${laneOf(plan, position)}`;
    const group = groups.get(name) ?? {
      level: position.level,
      endpoints: position.sources,
      keys: 0,
      apart: 0,
      paths: [],
    };
    groups.set(name, group);
    const keys = sizes.keysAt(position);
    group.keys += keys;
    if (sizes.hasCursor(position.step)) group.apart += keys;
    group.paths.push(position.path);
  }
  const levels: CallBound[][] = [];
  let calls = 0;
  for (const group of groups.values()) {
    const bound = toBound(group);
    calls += bound.calls;
    for (let i = levels.length; i <= group.level; i += 1) levels.push([]);
    levels[group.level]?.push(bound);
  }
  return { calls, levels, assumed: sizes.assumed, byHand };
}

interface MutableBound {
  readonly level: number;
  readonly endpoints: readonly Endpoint[];
  keys: number;
  /** Keys of which each takes a call of its own. */
  apart: number;
  readonly paths: string[];
}

function toBound({ endpoints, keys, apart, paths }: MutableBound): CallBound {
  const shared = keys - apart;
  const perEndpoint = endpoints.map(({ bulk }) => (bulk ? Math.ceil(shared / bulk.max) : shared) + apart);
  const all = perEndpoint.reduce((sum, one) => sum + one, 0);
  // Each key is asked of one endpoint only.
  return { endpoints, keys, calls: Math.min(all, keys), isBulk: endpoints.every(({ bulk }) => bulk), paths };
}

/** What loads must have in common to share a call: endpoint and arguments, and the step of a mutation. */
function laneOf({ operation, declarations }: OperationPlan, { sources, step }: Position): string {
  const parts = sources.map(({ id }) => id);
  const at = step.fields[0];
  const keyArguments = new Set(at ? declarations.loadOf(at.field)?.sources.map(({ arg }) => arg) : []);
  for (const { name, value } of at?.nodes[0]?.arguments ?? []) {
    if (!keyArguments.has(name.value)) parts.push(`${name.value}: ${print(value)}`);
  }
  if (operation.operation === 'mutation') {
    let root = step;
    while (root.parent) root = root.parent;
    parts.push(root.key);
  }
  return parts.join(' ');
}

/** How often things happen at most, by response path. */
class SizeOf {
  /** Lists of which nothing says how long they are. */
  readonly assumed: string[] = [];
  private readonly plan: OperationPlan;
  private readonly variables: Readonly<Record<string, unknown>>;
  private readonly objects = new Map<PathStep, number>();

  constructor(plan: OperationPlan, variables: Readonly<Record<string, unknown>>) {
    this.plan = plan;
    this.variables = variables;
    for (const step of plan.paths.steps) {
      const most = Math.max(...step.fields.map((at) => this.listSize(at, step)));
      this.objects.set(step, this.runsOf(step) * most);
    }
  }

  /** How many keys are loaded at a position. */
  keysAt({ step }: Position): number {
    return this.runsOf(step) * Math.max(...step.fields.map((at) => this.keysPerRun(at, step)));
  }

  hasCursor(step: PathStep): boolean {
    return step.fields.some((at) => {
      const values = this.argumentsOf(at);
      return CURSOR_ARGUMENTS.some((name) => values[name] !== undefined && values[name] !== null);
    });
  }

  private runsOf(step: PathStep): number {
    return step.parent === null ? 1 : (this.objects.get(step.parent) ?? 1);
  }

  private keysPerRun(at: FieldAt, step: PathStep): number {
    const load = this.plan.declarations.loadOf(at.field);
    return load === null ? 0 : Math.max(...load.sources.map((source) => this.keysOf(source, at, step)));
  }

  private keysOf({ endpoint, arg }: FieldLoad['sources'][number], at: FieldAt, step: PathStep): number {
    if (arg !== null) {
      const value = this.argumentsOf(at)[arg];
      return Array.isArray(value) ? value.length : 1;
    }
    const type = getNamedType(at.field.type);
    const isRow = isObjectType(type) && this.plan.declarations.servesRows(endpoint, type);
    return isRow ? this.listSize(at, step) : 1;
  }

  /** How many items the field's list has at most; 1 where it is none. */
  private listSize(at: FieldAt, step: PathStep): number {
    const depth = listDepth(at.field.type);
    if (depth === 0) return 1;
    const said = this.sizeSaid(at) ?? this.sizeSaidAbove(step) ?? this.plan.declarations.listSizeOf(at.field);
    if (said !== null && depth === 1) return said;
    const name = `${at.parentType.name}.${at.field.name}`;
    if (!this.assumed.includes(name)) this.assumed.push(name);
    return (said ?? ASSUMED_LIST_SIZE) * ASSUMED_LIST_SIZE ** (depth - 1);
  }

  /** The size that a field's own arguments say. */
  private sizeSaid(at: FieldAt): number | null {
    const values = this.argumentsOf(at);
    for (const name of SIZE_ARGUMENTS) {
      const value = values[name];
      if (typeof value === 'number') return Math.max(0, value);
    }
    for (const value of Object.values(values)) if (Array.isArray(value)) return value.length;
    return null;
  }

  /** The size that the arguments of a connection say of the list in it. */
  private sizeSaidAbove({ parent }: PathStep): number | null {
    if (parent === null) return null;
    const sizes = parent.fields
      .filter((at) => listDepth(at.field.type) === 0)
      .map((at) => this.sizeSaid(at))
      .filter((size) => size !== null);
    return sizes.length > 0 ? Math.max(...sizes) : null;
  }

  private argumentsOf({ field, nodes }: FieldAt): Readonly<Record<string, unknown>> {
    const node = nodes[0];
    if (!node || field.args.length === 0) return {};
    try {
      return getArgumentValues(field, node, this.variables);
    } catch {
      // A variable that is missing fails the field when it runs; it then loads nothing.
      return {};
    }
  }
}

function listDepth(type: GraphQLOutputType): number {
  let depth = 0;
  for (let inner: GraphQLOutputType = type; isNonNullType(inner) || isListType(inner); inner = inner.ofType) {
    if (isListType(inner)) depth += 1;
  }
  return depth;
}
