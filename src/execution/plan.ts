import {
  type DocumentNode,
  type FieldNode,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
} from 'graphql';
import type { BackendTable, Endpoint } from '../backends.ts';
import { type Declarations, readDeclarations } from './declarations.ts';
import { type FieldAt, type OperationPaths, type PathStep, pathsOf } from './paths.ts';
import type { AheadChild, Position, PositionIndex } from './positions.ts';
import { createVariants, type Variant } from './variants.ts';

/** What is known of an operation before it runs. Belongs to one document and one schema. */
export interface OperationPlan extends PositionIndex {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly declarations: Declarations;
  readonly paths: OperationPaths;
  /** False where the operation has too many paths to be planned; it then runs without holding anything. */
  readonly complete: boolean;
  /** Whether any position can be started by its parent's key. */
  readonly keyFirst: boolean;
  /** What applies where these variables decide about `@skip` and `@include`. */
  variantFor(variables: Readonly<Record<string, unknown>>): Variant;
}

export interface Planner {
  /**
   * Plans one operation of a valid document. Takes time linear in what the operation can ask for, up to a
   * bound; keep the plan with the compiled document.
   */
  planOperation(document: DocumentNode, operation: OperationDefinitionNode): OperationPlan;
}

/** Makes a planner for a schema whose SDL says what loads from where. Throws where it says nonsense. */
export function createPlanner({
  schema,
  table,
}: {
  readonly schema: GraphQLSchema;
  readonly table: BackendTable;
}): Planner {
  const declarations = readDeclarations(schema, table);
  const namesCollide = Object.values(schema.getTypeMap()).some(
    (type) => isObjectType(type) && type.name.includes('_') && !type.name.startsWith('__'),
  );
  return {
    planOperation(document, operation) {
      const paths = pathsOf(schema, document, operation, (field) => declarations.loadOf(field) !== null);
      const positions = positionsOf(paths.steps, schema, declarations, operation.operation !== 'mutation');
      const byNode = new Map<FieldNode, Position[]>();
      const byKey = new Map<string, Position[]>();
      for (const position of positions) {
        enter(byKey, position.step.key, position);
        for (const { nodes } of position.step.fields) for (const node of nodes) enter(byNode, node, position);
      }
      return {
        schema,
        document,
        operation,
        declarations,
        paths,
        complete: paths.complete,
        positions,
        at: (node) => byNode.get(node) ?? [],
        endingIn: (key) => byKey.get(key) ?? [],
        // graphql-jit names what it compiled by the path joined with `_`, so `a { b_c }` and `a_b { c }` collide.
        trustsPathOnly: namesCollide || paths.steps.some((step) => step.key.includes('_')),
        keyFirst: positions.some((position) => position.ahead.length > 0),
        variantFor: createVariants(positions, defaultsOf(operation)),
      };
    },
  };
}

/** Adds a position under a key, once: those of one position come in a row. */
function enter<K>(index: Map<K, Position[]>, key: K, position: Position): void {
  const known = index.get(key);
  if (known === undefined) index.set(key, [position]);
  else if (known.at(-1) !== position) known.push(position);
}

/** Boolean variables that have a default, which counts where no value is given. */
function defaultsOf({ variableDefinitions }: OperationDefinitionNode): ReadonlyMap<string, boolean> {
  const defaults = new Map<string, boolean>();
  for (const { variable, defaultValue } of variableDefinitions ?? []) {
    if (defaultValue?.kind === Kind.BOOLEAN) defaults.set(variable.name.value, defaultValue.value);
  }
  return defaults;
}

interface MutablePosition extends Position {
  readonly ahead: AheadChild[];
}

/**
 * The positions of an operation, parents before children.
 *
 * A position waits for every position above it, for a resolver there may yet yield an object whose key comes
 * here. The exception is a key-first one: its keys are its parent's, so it waits for what its parent waits for.
 */
function positionsOf(
  steps: readonly PathStep[],
  schema: GraphQLSchema,
  declarations: Declarations,
  mayStartAhead: boolean,
): readonly Position[] {
  const positions: MutablePosition[] = [];
  const at = new Map<PathStep, MutablePosition>();
  const above = new Map<PathStep, readonly Position[]>();
  const paths = new Map<PathStep, string>();
  const rank = (level: number, within: number): number => level * (steps.length + 2) + within;

  for (const step of steps) {
    const parent = step.parent === null ? undefined : at.get(step.parent);
    const ancestors = step.parent === null ? [] : (above.get(step.parent) ?? []);
    const path = step.parent === null ? step.key : `${paths.get(step.parent)}.${step.key}`;
    paths.set(step, path);
    const sources = sourcesOf(step, declarations);
    if (sources.length === 0 && !step.fields.some(({ field }) => declarations.isTracked(field))) {
      above.set(step, ancestors);
      continue;
    }
    const links = mayStartAhead && parent ? linksOf(step, parent, schema, declarations) : null;
    const waitsFor = links !== null && parent ? parent.waitsFor : ancestors;
    const declared = waitsFor.filter((one) => one.sources.length > 0);
    const level = declared.reduce((most, one) => Math.max(most, one.level + 1), 0);
    // A resolver written by hand is no step of its own, but must stand before what is loaded below it.
    const within = sources.length > 0 ? steps.length + 1 : waitsFor.length - declared.length;
    const position: MutablePosition = {
      index: positions.length,
      step,
      path,
      sources,
      level,
      order: rank(level, within),
      waitsFor,
      keyFirst: links !== null,
      ahead: [],
    };
    positions.push(position);
    at.set(step, position);
    above.set(step, [...ancestors, position]);
    for (const link of links ?? []) {
      if (isWorthStarting(link, sources)) parent?.ahead.push({ ...link, position });
    }
  }
  return positions;
}

function sourcesOf(step: PathStep, declarations: Declarations): readonly Endpoint[] {
  const sources = new Map<string, Endpoint>();
  for (const { field } of step.fields) {
    for (const { endpoint } of declarations.loadOf(field)?.sources ?? []) sources.set(endpoint.id, endpoint);
  }
  return [...sources.values()];
}

type Link = Omit<AheadChild, 'position'>;

/**
 * How the keys of a step follow from the keys of the position above it, one link a type and endpoint; or null
 * where some key can only be read from a row.
 */
function linksOf(
  step: PathStep,
  parent: Position,
  schema: GraphQLSchema,
  declarations: Declarations,
): readonly Link[] | null {
  const links: Link[] = [];
  for (const { parentType, field, nodes } of step.fields) {
    const load = declarations.loadOf(field);
    const identityKey = declarations.identityOf(parentType);
    if (!load?.ahead || load.sources.some(({ key }) => key !== identityKey)) return null;
    for (const at of parent.step.fields) {
      if (!mayYield(at, parentType.name, schema)) continue;
      const endpoints = (declarations.loadOf(at.field)?.sources ?? [])
        .map(({ endpoint }) => endpoint)
        .filter((endpoint) => declarations.servesRows(endpoint, parentType));
      if (endpoints.length === 0) return null;
      for (const endpoint of endpoints) links.push({ endpoint, parentType, field, nodes, identityKey });
    }
  }
  return links;
}

function mayYield({ field }: FieldAt, typeName: string, schema: GraphQLSchema): boolean {
  const type = getNamedType(field.type);
  if (type.name === typeName) return true;
  return isAbstractType(type) && schema.getPossibleTypes(type).some((one) => one.name === typeName);
}

/** Asking the parent's own endpoint for the parent's own key, without arguments, would find the load under way. */
function isWorthStarting({ endpoint, field }: Link, sources: readonly Endpoint[]): boolean {
  return field.args.length > 0 || sources.some((source) => source.id !== endpoint.id);
}
