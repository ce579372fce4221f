import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isLeafType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { type Clause, type Condition, clauseName, common, either, withDirectives } from './conditions.ts';
import type { Field } from './declarations.ts';

/** A field as one object type at a path has it. */
export interface FieldAt {
  readonly parentType: GraphQLObjectType;
  readonly field: Field;
  /** Every place in the document that asks for it here; their arguments are equal. */
  readonly nodes: readonly FieldNode[];
}

/** A response path without its list indices, such as `me.orders.nodes`, and what may stand there. */
export interface PathStep {
  readonly key: string;
  readonly parent: PathStep | null;
  /** One a type that has a field under this key; the types of an interface may have different fields here. */
  readonly fields: readonly FieldAt[];
  readonly children: readonly PathStep[];
  /** Beside the conditions of its parents. */
  readonly condition: Condition;
}

/** The response paths of an operation that matter to a plan. */
export interface OperationPaths {
  /** Parents before children. Leaves are left out unless they were asked for. */
  readonly steps: readonly PathStep[];
  /** False where the operation has more paths than may be looked at; `steps` is empty then. */
  readonly complete: boolean;
}

/**
 * The most selections that are looked at, counting a fragment once for each path and type that spreads it.
 *
 * Paths can be exponentially many in the length of a document whose fragments spread each other twice; this
 * keeps the time to plan it in bounds. The largest page that a person would write has a few hundred.
 */
const MAX_VISITS = 20_000;

interface MutableFieldAt extends FieldAt {
  readonly nodes: FieldNode[];
}

interface MutableStep extends PathStep {
  readonly fields: MutableFieldAt[];
  readonly children: MutableStep[];
  condition: Condition;
}

/** A selection set to look into, and the clause under which it applies. */
interface Source {
  readonly set: SelectionSetNode;
  readonly clause: Clause;
}

/**
 * Walks an operation along its response paths: fragments are looked into, abstract types are taken apart into
 * object types, and selections that meet at one path are merged. `keepsLeaf` says which leaves matter.
 */
export function pathsOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  keepsLeaf: (field: Field) => boolean,
): OperationPaths {
  const rootType = schema.getRootType(operation.operation);
  if (!rootType) return { steps: [], complete: true };
  const walk = new PathWalk(schema, fragmentsOf(document), keepsLeaf);
  return walk.run(rootType, operation);
}

function fragmentsOf(document: DocumentNode): Map<string, FragmentDefinitionNode> {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  return fragments;
}

class PathWalk {
  private readonly schema: GraphQLSchema;
  private readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  private readonly keepsLeaf: (field: Field) => boolean;
  private readonly steps: MutableStep[] = [];
  /** The selection sets of a step's nodes with their clauses, until its children are known. */
  private readonly sources = new Map<MutableStep, Map<FieldNode, Clause>>();
  private visits = 0;

  constructor(
    schema: GraphQLSchema,
    fragments: ReadonlyMap<string, FragmentDefinitionNode>,
    keepsLeaf: (field: Field) => boolean,
  ) {
    this.schema = schema;
    this.fragments = fragments;
    this.keepsLeaf = keepsLeaf;
  }

  run(rootType: GraphQLObjectType, operation: OperationDefinitionNode): OperationPaths {
    const children = new Map<string, MutableStep>();
    this.collect(rootType, [{ set: operation.selectionSet, clause: [] }], null, children);
    this.steps.push(...children.values());
    // The list grows while it is walked: breadth first, so that a parent stands before its children.
    for (let i = 0; i < this.steps.length && this.visits <= MAX_VISITS; i += 1) {
      const step = this.steps[i];
      if (step) this.expand(step);
    }
    if (this.visits > MAX_VISITS) return { steps: [], complete: false };
    return { steps: this.steps, complete: true };
  }

  /** Finds the children of a step, each object type apart that may stand there. */
  private expand(step: MutableStep): void {
    const nodes = this.sources.get(step);
    this.sources.delete(step);
    const byType = new Map<GraphQLObjectType, Map<FieldNode, Source>>();
    for (const at of step.fields) {
      for (const type of this.objectTypesOf(at.field)) {
        const sources = byType.get(type) ?? new Map<FieldNode, Source>();
        byType.set(type, sources);
        for (const node of at.nodes) {
          const set = node.selectionSet;
          // What one selection of a field asks for is there only where that selection is.
          if (set) sources.set(node, { set, clause: nodes?.get(node) ?? [] });
        }
      }
    }
    const children = new Map<string, MutableStep>();
    for (const [type, sources] of byType) this.collect(type, [...sources.values()], step, children);
    step.children.push(...children.values());
    this.steps.push(...children.values());
  }

  private objectTypesOf(field: Field): readonly GraphQLObjectType[] {
    const type = getNamedType(field.type);
    if (isObjectType(type)) return [type];
    return isAbstractType(type) ? this.schema.getPossibleTypes(type) : [];
  }

  /** Collects what these selection sets ask of one object type into the steps below `parent`. */
  private collect(
    type: GraphQLObjectType,
    sources: readonly Source[],
    parent: MutableStep | null,
    children: Map<string, MutableStep>,
  ): void {
    const pending = [...sources];
    const spread = new Set<string>();
    for (let source = pending.pop(); source && this.visits <= MAX_VISITS; source = pending.pop()) {
      for (const selection of source.set.selections) {
        this.visits += 1;
        const clause = withDirectives(source.clause, selection.directives);
        if (clause === null) continue;
        if (selection.kind === Kind.FIELD) {
          this.add(type, selection, clause, parent, children);
        } else if (selection.kind === Kind.INLINE_FRAGMENT) {
          if (this.applies(selection.typeCondition?.name.value, type)) {
            pending.push({ set: selection.selectionSet, clause });
          }
        } else {
          const fragment = this.fragments.get(selection.name.value);
          const name = `${selection.name.value} ${clauseName(clause)}`;
          if (!fragment || spread.has(name)) continue;
          spread.add(name);
          if (this.applies(fragment.typeCondition.name.value, type)) {
            pending.push({ set: fragment.selectionSet, clause });
          }
        }
      }
    }
  }

  private applies(condition: string | undefined, type: GraphQLObjectType): boolean {
    if (condition === undefined || condition === type.name) return true;
    const named = this.schema.getType(condition);
    return isAbstractType(named) && this.schema.isSubType(named, type);
  }

  private add(
    type: GraphQLObjectType,
    node: FieldNode,
    clause: Clause,
    parent: MutableStep | null,
    children: Map<string, MutableStep>,
  ): void {
    const field = type.getFields()[node.name.value];
    if (!field || (isLeafType(getNamedType(field.type)) && !this.keepsLeaf(field))) return;
    const key = node.alias?.value ?? node.name.value;
    let step = children.get(key);
    if (step === undefined) {
      step = { key, parent, fields: [], children: [], condition: [clause] };
      children.set(key, step);
    }
    step.condition = either(step.condition, clause);
    const nodes = this.sources.get(step) ?? new Map<FieldNode, Clause>();
    this.sources.set(step, nodes);
    const before = nodes.get(node);
    // Asked for twice under different conditions: below it, only what both demand may be relied on.
    nodes.set(node, before === undefined ? clause : common(before, clause));
    // One type is collected after the other, so that its own entry is the last one if it has one.
    const at = step.fields.at(-1);
    if (at?.parentType !== type) step.fields.push({ parentType: type, field, nodes: [node] });
    else if (before === undefined || at.nodes.length === 0) at.nodes.push(node);
    else if (!at.nodes.includes(node)) at.nodes.push(node);
  }
}
