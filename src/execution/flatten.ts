import {
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLNamedOutputType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  SchemaMetaFieldDef,
  type SelectionNode,
  type SelectionSetNode,
  TypeMetaFieldDef,
} from 'graphql';

/** More fields than this after flattening are not worth it; a fragment bomb would have billions. */
const MAX_FIELDS = 4_000;

/** What the variables of `@skip` and `@include` say, by name. */
export type Conditions = ReadonlyMap<string, boolean>;

/**
 * The same operation without fragments and conditions: each field of each object type stands once, in the order in
 * which its answer has it, with everything that was asked below it anywhere.
 *
 * graphql-jit answers such a document exactly as graphql-js answers the original; with shared fragments it mixes up
 * conditions and the order of keys. Null where flattening would grow too large, or would leave a selection empty.
 */
export function flattenOperation(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  conditions: Conditions,
): DocumentNode | null {
  const root = schema.getRootType(operation.operation);
  if (!root) return null;
  const flattener = new Flattener(schema, document, conditions);
  const selectionSet = flattener.flatten(root, [operation.selectionSet]);
  if (selectionSet === null) return null;
  return { kind: Kind.DOCUMENT, definitions: [{ ...operation, selectionSet }] };
}

/** Variables that decide about `@skip` and `@include` anywhere in the document. */
export function conditionVariables(document: DocumentNode): readonly string[] {
  const names = new Set<string>();
  const look = (set: SelectionSetNode): void => {
    for (const selection of set.selections) {
      for (const directive of selection.directives ?? []) {
        const value = conditionOf(directive);
        if (value?.kind === Kind.VARIABLE) names.add(value.name.value);
      }
      if (selection.kind !== Kind.FRAGMENT_SPREAD && selection.selectionSet) look(selection.selectionSet);
    }
  };
  for (const definition of document.definitions)
    if ('selectionSet' in definition) look(definition.selectionSet);
  return [...names];
}

function conditionOf({ name, arguments: given }: DirectiveNode) {
  if (name.value !== 'skip' && name.value !== 'include') return undefined;
  return given?.find((argument) => argument.name.value === 'if')?.value;
}

class Flattener {
  private readonly schema: GraphQLSchema;
  private readonly conditions: Conditions;
  private readonly fragments = new Map<string, FragmentDefinitionNode>();
  private fields = 0;

  constructor(schema: GraphQLSchema, document: DocumentNode, conditions: Conditions) {
    this.schema = schema;
    this.conditions = conditions;
    for (const definition of document.definitions) {
      if (definition.kind === Kind.FRAGMENT_DEFINITION) this.fragments.set(definition.name.value, definition);
    }
  }

  /** One selection set that says of this type what all of these say. Null where it would be too large, or empty. */
  flatten(type: GraphQLCompositeType, sets: readonly SelectionSetNode[]): SelectionSetNode | null {
    if (isObjectType(type)) return this.flattenObject(type, sets);
    const selections: SelectionNode[] = [];
    for (const possible of this.schema.getPossibleTypes(type)) {
      if (this.collect(possible, sets).size === 0) continue;
      const selectionSet = this.flattenObject(possible, sets);
      if (selectionSet === null) return null;
      const name = { kind: Kind.NAME, value: possible.name } as const;
      selections.push({
        kind: Kind.INLINE_FRAGMENT,
        typeCondition: { kind: Kind.NAMED_TYPE, name },
        selectionSet,
      });
    }
    return selections.length === 0 ? null : { kind: Kind.SELECTION_SET, selections };
  }

  private flattenObject(type: GraphQLObjectType, sets: readonly SelectionSetNode[]): SelectionSetNode | null {
    const selections: FieldNode[] = [];
    for (const nodes of this.collect(type, sets).values()) {
      const field = this.flattenField(type, nodes);
      if (field === null) return null;
      selections.push(field);
    }
    return selections.length === 0 ? null : { kind: Kind.SELECTION_SET, selections };
  }

  private flattenField(parent: GraphQLObjectType, nodes: readonly FieldNode[]): FieldNode | null {
    const [first] = nodes;
    this.fields += 1;
    if (!first || this.fields > MAX_FIELDS) return null;
    const { directives: _, selectionSet: below, ...plain } = first;
    if (!below) return plain;
    const type = this.typeOf(parent, first.name.value);
    if (!type || !isCompositeType(type)) return null;
    const selectionSet = this.flatten(
      type,
      nodes.flatMap((node) => node.selectionSet ?? []),
    );
    return selectionSet === null ? null : { ...plain, selectionSet };
  }

  private typeOf(parent: GraphQLObjectType, name: string): GraphQLNamedOutputType | undefined {
    const field =
      name === '__schema'
        ? SchemaMetaFieldDef
        : name === '__type'
          ? TypeMetaFieldDef
          : parent.getFields()[name];
    return field && getNamedType(field.type);
  }

  /** The fields that these sets select on an object of this type, by response key, as GraphQL collects them. */
  private collect(type: GraphQLObjectType, sets: readonly SelectionSetNode[]): Map<string, FieldNode[]> {
    const fields = new Map<string, FieldNode[]>();
    const spread = new Set<string>();
    const take = (set: SelectionSetNode): void => {
      for (const selection of set.selections) {
        if (!this.isIncluded(selection)) continue;
        if (selection.kind === Kind.FIELD) {
          const key = (selection.alias ?? selection.name).value;
          const known = fields.get(key);
          if (known) known.push(selection);
          else fields.set(key, [selection]);
          continue;
        }
        const fragment =
          selection.kind === Kind.INLINE_FRAGMENT ? selection : this.spreadOnce(selection.name.value, spread);
        if (fragment && this.applies(type, fragment.typeCondition?.name.value)) take(fragment.selectionSet);
      }
    };
    for (const set of sets) take(set);
    return fields;
  }

  private spreadOnce(name: string, spread: Set<string>): FragmentDefinitionNode | null {
    if (spread.has(name)) return null;
    spread.add(name);
    return this.fragments.get(name) ?? null;
  }

  private applies(type: GraphQLObjectType, condition: string | undefined): boolean {
    if (condition === undefined || condition === type.name) return true;
    const other = this.schema.getType(condition);
    return isAbstractType(other) && this.schema.isSubType(other, type);
  }

  private isIncluded({ directives = [] }: SelectionNode): boolean {
    return directives.every((directive) => {
      const value = conditionOf(directive);
      if (value === undefined) return true;
      const holds =
        value.kind === Kind.VARIABLE
          ? (this.conditions.get(value.name.value) ?? false)
          : value.kind === Kind.BOOLEAN && value.value;
      return directive.name.value === 'include' ? holds : !holds;
    });
  }
}
