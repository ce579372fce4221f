import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  getArgumentValues,
  getVariableValues,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { type Attempt, throttledMutations } from '../guard/throttle.ts';

/** What an operation attempts with these variables. */
export type AttemptsIn = (variables: Readonly<Record<string, unknown>>) => readonly Attempt[];

const none: AttemptsIn = () => [];

/**
 * Finds the root fields of a mutation whose attempts are counted, under whatever alias and in whatever fragment.
 *
 * One that a condition leaves out counts as well: it costs nobody anything who does not mean to guess.
 */
export function attemptsOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): AttemptsIn {
  const type = schema.getMutationType();
  if (operation.operation !== 'mutation' || !type) return none;
  const nodes = rootFields(document, operation).filter(({ name }) => throttledMutations.has(name.value));
  if (nodes.length === 0) return none;
  return (variables) => {
    const { coerced } = getVariableValues(schema, operation.variableDefinitions ?? [], { ...variables });
    return nodes.flatMap((node) => {
      const mutation = node.name.value;
      const field = type.getFields()[mutation];
      const where = throttledMutations.get(mutation);
      // Where the variables are not what the operation says, nothing runs.
      if (!field || !where || !coerced) return [];
      const values = getArgumentValues(field, node, coerced);
      const account = textAt(values, where.account);
      return account === null
        ? []
        : [{ mutation, account, repeat: where.repeat && textAt(values, where.repeat) }];
    });
  };
}

/** The fields at the top of an operation, one a response key: those of one key run once. */
function rootFields({ definitions }: DocumentNode, operation: OperationDefinitionNode): readonly FieldNode[] {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  const found = new Map<string, FieldNode>();
  const taken = new Set<string>();
  const look = ({ selections }: SelectionSetNode): void => {
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) {
        found.set((selection.alias ?? selection.name).value, selection);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        look(selection.selectionSet);
      } else if (!taken.has(selection.name.value)) {
        taken.add(selection.name.value);
        const fragment = fragments.get(selection.name.value);
        if (fragment) look(fragment.selectionSet);
      }
    }
  };
  look(operation.selectionSet);
  return [...found.values()];
}

function textAt(values: unknown, path: readonly string[]): string | null {
  let value = values;
  for (const name of path) {
    if (typeof value !== 'object' || value === null) return null;
    value = Object.getOwnPropertyDescriptor(value, name)?.value;
  }
  return typeof value === 'string' ? value : null;
}
