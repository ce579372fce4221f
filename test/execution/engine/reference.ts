import {
  type DocumentNode,
  execute,
  type FieldNode,
  type GraphQLField,
  type GraphQLObjectType,
  getArgumentValues,
  getNamedType,
  getOperationAST,
  getVariableValues,
  isAbstractType,
  isObjectType,
  Kind,
  type SelectionSetNode,
  typeFromAST,
  valueFromASTUntyped,
} from 'graphql';
import { createRows, isPlainKey, type Rows } from './rows.ts';
import { type Args, createWorldSchema, endpoints, type WorldContext } from './world.ts';

/**
 * What the fewest calls and the level-by-level plan of an operation are, worked out the slow and simple way: one
 * resolver after the other, no batching, no plan. Shares no code with the engine.
 *
 * The level of a load is how many answers had to be there before its key was known. The ideal is one call an
 * endpoint, arguments and level, after chunking, for keys that no lower level has asked for.
 */
export interface Reference {
  readonly data: unknown;
  readonly errors: number;
  /** Of every path at which something is loaded. */
  readonly levels: ReadonlyMap<string, number>;
  readonly idealCalls: number;
  /** The calls of the level-by-level plan, by level. */
  readonly calls: readonly (readonly ReferenceCall[])[];
  /** How long the level-by-level plan takes with these latencies: the sum of each level's slowest call. */
  criticalPath(latency: (endpoint: string, keys: readonly string[], args: Args) => number): number;
}

export interface ReferenceCall {
  readonly endpoint: string;
  readonly args: Args;
  readonly keys: readonly string[];
}

type Field = GraphQLField<unknown, unknown>;

interface Path {
  readonly path: string;
  readonly fields: { type: GraphQLObjectType; field: Field; node: FieldNode }[];
  readonly nodes: FieldNode[];
  readonly children: Map<string, Path>;
  level: number;
  rowLevel: number;
  keyFirst: boolean;
}

interface Demand {
  readonly lane: string;
  readonly endpoint: string;
  readonly args: Args;
  readonly key: string;
  readonly level: number;
}

const schema = createWorldSchema(false);

const directivesOf = (node: Field['astNode'] | GraphQLObjectType['astNode'], name: string) =>
  (node?.directives ?? [])
    .filter((one) => one.name.value === name)
    .map((one) =>
      Object.fromEntries(
        (one.arguments ?? []).map((arg) => [arg.name.value, valueFromASTUntyped(arg.value)]),
      ),
    );
const loadsOf = (field: Field) => directivesOf(field.astNode, 'load');
const identityOf = (type: GraphQLObjectType): string =>
  String(directivesOf(type.astNode, 'identity')[0]?.key ?? 'id');
const nameOf = (from: unknown): string => String(from).split('.')[1] ?? '';

/** The endpoints that serve rows of a type by their own key: those of fields that return it. */
function rowEndpointsOf(type: GraphQLObjectType): Set<string> {
  const found = new Set<string>();
  for (const parent of Object.values(schema.getTypeMap())) {
    if (!isObjectType(parent)) continue;
    for (const field of Object.values(parent.getFields())) {
      if (getNamedType(field.type) !== type) continue;
      for (const { from } of loadsOf(field)) {
        const { bulk, path } = endpoints.get(nameOf(from)) ?? { bulk: undefined, path: '' };
        const served = bulk ? bulk.param === `${identityOf(type)}s` : path.endsWith(`{${identityOf(type)}}`);
        if (served) found.add(nameOf(from));
      }
    }
  }
  return found;
}

function yields(field: Field, type: GraphQLObjectType): boolean {
  const named = getNamedType(field.type);
  return named === type || (isAbstractType(named) && schema.isSubType(named, type));
}

function isKeyFirst(path: Path, parent: Path): boolean {
  return path.fields.every(({ type, field }) => {
    const loads = loadsOf(field);
    const byKey =
      loads.length > 0 && loads.every(({ key, ahead }) => key === identityOf(type) && ahead !== false);
    const rows = rowEndpointsOf(type);
    const parents = parent.fields.filter((one) => yields(one.field, type));
    return byKey && parents.every((one) => loadsOf(one.field).some(({ from }) => rows.has(nameOf(from))));
  });
}

/** Every response path of the operation, with fragments and abstract types taken apart. */
function pathsOf(document: DocumentNode, variables: Readonly<Record<string, unknown>>): Map<string, Path> {
  const operation = getOperationAST(document);
  const rootType = operation && schema.getRootType(operation.operation);
  if (!operation || !rootType) throw new Error('no operation');
  const all = new Map<string, Path>();

  const included = (directives: FieldNode['directives']): boolean =>
    (directives ?? []).every((directive) => {
      const value = directive.arguments?.[0]?.value;
      const is =
        value?.kind === Kind.VARIABLE
          ? variables[value.name.value] === true
          : value?.kind === Kind.BOOLEAN && value.value;
      return directive.name.value === 'include' ? is : directive.name.value === 'skip' ? !is : true;
    });

  const fieldsOf = (set: SelectionSetNode, type: GraphQLObjectType): FieldNode[] =>
    set.selections.flatMap((selection) => {
      if (!included(selection.directives)) return [];
      if (selection.kind === Kind.FIELD) return [selection];
      const inner =
        selection.kind === Kind.INLINE_FRAGMENT
          ? selection
          : document.definitions.find(
              (one) => one.kind === Kind.FRAGMENT_DEFINITION && one.name.value === selection.name.value,
            );
      if (!inner || !('selectionSet' in inner)) return [];
      const on =
        'typeCondition' in inner && inner.typeCondition ? typeFromAST(schema, inner.typeCondition) : type;
      const applies = on === type || (isAbstractType(on) && schema.isSubType(on, type));
      return applies ? fieldsOf(inner.selectionSet, type) : [];
    });

  const expand = (parent: Path | null, type: GraphQLObjectType, set: SelectionSetNode): void => {
    for (const node of fieldsOf(set, type)) {
      const field = type.getFields()[node.name.value];
      if (!field) continue;
      const key = node.alias?.value ?? node.name.value;
      const name = parent ? `${parent.path}.${key}` : key;
      let path = all.get(name);
      if (!path) {
        path = {
          path: name,
          fields: [],
          nodes: [],
          children: new Map(),
          level: 0,
          rowLevel: 0,
          keyFirst: false,
        };
        all.set(name, path);
        parent?.children.set(key, path);
      }
      path.fields.push({ type, field, node });
      path.nodes.push(node);
      const named = getNamedType(field.type);
      const types = isAbstractType(named) ? schema.getPossibleTypes(named) : [named];
      for (const one of types) {
        if (isObjectType(one) && node.selectionSet) expand(path, one, node.selectionSet);
      }
    }
  };
  expand(null, rootType, operation.selectionSet);

  const mayStartAhead = operation.operation !== 'mutation';
  const settle = (path: Path, parent: Path | null): void => {
    path.keyFirst = mayStartAhead && parent !== null && isKeyFirst(path, parent);
    path.level = path.keyFirst ? (parent?.level ?? 0) : (parent?.rowLevel ?? 0);
    const loads = path.fields.some(({ field }) => loadsOf(field).length > 0);
    path.rowLevel = Math.max(parent?.rowLevel ?? 0, loads ? path.level + 1 : 0);
    for (const child of path.children.values()) settle(child, path);
  };
  for (const [name, path] of all) if (!name.includes('.')) settle(path, null);
  return all;
}

interface Recording extends WorldContext {
  /** Runs a resolver so that its loads are recorded at this path. */
  runAt(path: string, run: () => unknown): unknown;
}

/** The bare schema, whose resolvers tell the recording in their context where they stand. */
const recording = createWorldSchema(false);
for (const type of Object.values(recording.getTypeMap())) {
  if (!isObjectType(type)) continue;
  for (const field of Object.values(type.getFields())) {
    const { resolve } = field;
    if (!resolve) continue;
    field.resolve = (parent, args, context: Recording, info) => {
      const keys: string[] = [];
      for (let step: typeof info.path | undefined = info.path; step; step = step.prev) {
        if (typeof step.key === 'string') keys.unshift(step.key);
      }
      return context.runAt(keys.join('.'), () => resolve(parent, args, context, info));
    };
  }
}

/** Runs an operation the slow way and works out what it ideally costs. */
export async function referenceOf(
  document: DocumentNode,
  options: {
    readonly variables?: Readonly<Record<string, unknown>>;
    readonly rows?: Rows;
    readonly warm?: readonly (readonly [endpoint: string, key: string])[];
  } = {},
): Promise<Reference> {
  const { variables: given = {}, rows = createRows(), warm = [] } = options;
  const definitions = getOperationAST(document)?.variableDefinitions ?? [];
  const { coerced: variables = {} } = getVariableValues(schema, definitions, given);
  const paths = pathsOf(document, variables);
  const demands: Demand[] = [];
  const known = new Set(warm.map(([endpoint, key]) => `${endpoint} ${key} `));
  let at: Path | null = null;

  const runAt = <T>(path: Path | null, run: () => T): T => {
    const before = at;
    at = path;
    try {
      return run();
    } finally {
      at = before;
    }
  };

  const startAhead = (parent: Path, endpoint: string, key: string, context: Recording): void => {
    for (const child of parent.children.values()) {
      if (!child.keyFirst) continue;
      for (const { type, field, node } of child.fields) {
        if (!rowEndpointsOf(type).has(endpoint) || !parent.fields.some((one) => yields(one.field, type)))
          continue;
        if (loadsOf(field).every(({ from }) => nameOf(from) === endpoint) && field.args.length === 0)
          continue;
        const stub = { [identityOf(type)]: key };
        runAt(child, () => {
          try {
            const result = field.resolve?.(
              stub,
              getArgumentValues(field, node, variables),
              context,
              {} as never,
            );
            Promise.resolve(result).catch(() => {});
          } catch {
            // What may not be seen is not loaded.
          }
        });
      }
    }
  };

  const context: Recording = {
    scheduler: null,
    runAt: (path, run) => runAt(paths.get(path) ?? null, run),
    load(endpoint, key, args) {
      if (!isPlainKey(key)) return Promise.resolve(null);
      if (at) {
        const lane = `${endpoint} ${JSON.stringify(args)}`;
        demands.push({ lane, endpoint, args, key, level: at.level });
        startAhead(at, endpoint, key, context);
      }
      return Promise.resolve(rows.find(endpoint, key, args));
    },
    prime: () => {},
    work: () => Promise.resolve(),
    write: async (id, name) => rows.write(id, name),
  };

  const result = await execute({ schema: recording, document, contextValue: context, variableValues: given });

  const calls: ReferenceCall[][] = [];
  for (const lane of new Set(demands.map((one) => one.lane))) {
    const seen = new Set<string>();
    const own = demands.filter((one) => one.lane === lane).sort((a, b) => a.level - b.level);
    for (const level of new Set(own.map((one) => one.level))) {
      const first = own[0];
      if (!first) continue;
      const { endpoint, args } = first;
      const fresh = own
        .filter((one) => one.level === level)
        .map(({ key }) => key)
        .filter((key) => {
          const isWarm = args === undefined && known.has(`${endpoint} ${key} `);
          return !isWarm && !seen.has(key) && seen.add(key);
        });
      const max = endpoints.get(endpoint)?.bulk?.max ?? 1;
      for (let i = 0; i < fresh.length; i += max) {
        const ofLevel = calls[level] ?? [];
        calls[level] = ofLevel;
        ofLevel.push({ endpoint, args, keys: fresh.slice(i, i + max) });
      }
    }
  }

  const levels = new Map<string, number>();
  for (const [name, path] of paths) {
    if (path.fields.some(({ field }) => loadsOf(field).length > 0)) levels.set(name, path.level);
  }
  return {
    data: result.data,
    errors: result.errors?.length ?? 0,
    levels,
    calls,
    idealCalls: calls.flat().length,
    criticalPath: (latency) =>
      calls.reduce(
        (sum, ofLevel) =>
          sum + Math.max(0, ...ofLevel.map(({ endpoint, keys, args }) => latency(endpoint, keys, args))),
        0,
      ),
  };
}
