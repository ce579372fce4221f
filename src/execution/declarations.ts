import {
  type ConstDirectiveNode,
  defaultFieldResolver,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isLeafType,
  isObjectType,
  valueFromASTUntyped,
} from 'graphql';
import { type BackendTable, type Endpoint, endpointOf } from '../backends.ts';

/** A field of an object type, whatever its parent and context are. */
export type Field = GraphQLField<unknown, unknown>;

/** One `@load`: where a field loads from, and by which key. */
export interface LoadSource {
  readonly endpoint: Endpoint;
  /** The property of the parent row that is the key, or null. */
  readonly key: string | null;
  /** The argument that is the key or the list of keys, or null. */
  readonly arg: string | null;
}

/** What `@load` says of a field; several sources where the key decides which one is asked. */
export interface FieldLoad {
  readonly sources: readonly LoadSource[];
  /** False where the call must wait until the parent row was seen, although its key is known before. */
  readonly ahead: boolean;
}

/** What the SDL says about how fields are resolved. */
export interface Declarations {
  loadOf(field: Field): FieldLoad | null;
  /** Whether a field's resolver was written by hand and has fields below it, so that others may wait for it. */
  isTracked(field: Field): boolean;
  /** The property of a row of this type that is its own key: `@identity(key:)`, or `id`. */
  identityOf(type: GraphQLObjectType): string;
  /** Whether the endpoint is asked for rows of this type by their own key. */
  servesRows(endpoint: Endpoint, type: GraphQLObjectType): boolean;
  /** How many items a list is taken to have where no argument says it: `@listSize(assumedSize:)`, or null. */
  listSizeOf(field: Field): number | null;
}

/**
 * Reads `@load`, `@identity` and `@listSize` from the SDL of a schema.
 *
 * Throws one error that names every fault: an endpoint that the table has not, an argument that the field has
 * not, a key and an argument at once.
 */
export function readDeclarations(schema: GraphQLSchema, table: BackendTable): Declarations {
  const faults: string[] = [];
  const loads = new Map<Field, FieldLoad>();
  const objectTypes = Object.values(schema.getTypeMap()).filter(
    (type) => isObjectType(type) && !type.name.startsWith('__'),
  );
  for (const type of objectTypes) {
    if (!isObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      const load = readLoad(field, table, (fault) => faults.push(`${type.name}.${field.name}: ${fault}`));
      if (load !== null) loads.set(field, load);
    }
  }
  if (faults.length > 0) throw new Error(`faults in @load:\n${faults.join('\n')}`);

  const rows = new Set<string>();
  for (const [field, load] of loads) {
    const type = getNamedType(field.type);
    if (!isObjectType(type)) continue;
    const identity = identityOf(type);
    for (const { endpoint } of load.sources) {
      if (keysOf(endpoint).includes(identity)) rows.add(`${endpoint.id} ${type.name}`);
    }
  }

  return {
    loadOf: (field) => loads.get(field) ?? null,
    isTracked: (field) =>
      field.resolve !== undefined &&
      field.resolve !== defaultFieldResolver &&
      !isLeafType(getNamedType(field.type)),
    identityOf,
    servesRows: (endpoint, type) => rows.has(`${endpoint.id} ${type.name}`),
    listSizeOf(field) {
      const size = argumentsOf(field.astNode?.directives, 'listSize')[0]?.assumedSize;
      return typeof size === 'number' ? size : null;
    },
  };
}

function readLoad(field: Field, table: BackendTable, fault: (text: string) => void): FieldLoad | null {
  const sources: LoadSource[] = [];
  let ahead = true;
  for (const said of argumentsOf(field.astNode?.directives, 'load')) {
    const [backend = '', name = ''] = String(said.from).split('.');
    const key = typeof said.key === 'string' ? said.key : null;
    const arg = typeof said.arg === 'string' ? said.arg : null;
    if (key !== null && arg !== null) fault('has a key and an argument for one load');
    if (arg !== null && !field.args.some((one) => one.name === arg)) fault(`has no argument ${arg}`);
    if (said.ahead === false) ahead = false;
    try {
      sources.push({ endpoint: endpointOf(table, backend, name), key, arg });
    } catch (error) {
      fault(error instanceof Error ? error.message : String(error));
    }
  }
  return sources.length > 0 ? { sources, ahead } : null;
}

function identityOf(type: GraphQLObjectType): string {
  for (const node of [type.astNode, ...type.extensionASTNodes]) {
    const key = argumentsOf(node?.directives, 'identity')[0]?.key;
    if (typeof key === 'string') return key;
  }
  return 'id';
}

/**
 * The properties by which an endpoint's rows may be asked for: its bulk parameter, in the plural or as it
 * stands (`ids` and `id`), or the last `{segment}` of its path.
 */
function keysOf({ bulk, path }: Endpoint): readonly string[] {
  if (bulk) return [bulk.param, bulk.param.replace(/s$/, '')];
  const segment = /\{(\w+)\}$/.exec(path)?.[1];
  return segment === undefined ? [] : [segment];
}

/** The arguments of each directive of this name, in their order. */
function argumentsOf(
  directives: readonly ConstDirectiveNode[] | undefined,
  name: string,
): Record<string, unknown>[] {
  return (directives ?? [])
    .filter((directive) => directive.name.value === name)
    .map((directive) =>
      Object.fromEntries(
        (directive.arguments ?? []).map((one) => [one.name.value, valueFromASTUntyped(one.value)]),
      ),
    );
}
