import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type Location,
  type OperationDefinitionNode,
  parse,
  type SelectionSetNode,
} from 'graphql';

/** Where a field's name stands in the text, lines and columns counted from 1; the end is the column after it. */
export interface FieldPosition {
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly endColumn: number;
}

/**
 * Finds the fields that response paths speak of, such as `me.orders.nodes`: by alias where there is one, through
 * fragments, and all of them where a key is selected more than once.
 *
 * Gives null where the text is no GraphQL or has no such operation, and leaves out a path that is not in it.
 */
export function fieldPositions(
  source: string,
  paths: readonly string[],
  operationName: string | null,
): readonly FieldPosition[] | null {
  const document = parsed(source);
  const operation = document && operationOf(document, operationName);
  if (!document || !operation) return null;
  const fragments = new Map(
    document.definitions.flatMap((definition) =>
      definition.kind === 'FragmentDefinition' ? [[definition.name.value, definition]] : [],
    ),
  );
  return [...new Set(paths)].flatMap((path) =>
    fieldsAt([operation.selectionSet], path.split('.'), fragments).flatMap((field) =>
      positionOf(field, path),
    ),
  );
}

function fieldsAt(
  selectionSets: readonly SelectionSetNode[],
  keys: readonly string[],
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): readonly FieldNode[] {
  const [key, ...rest] = keys;
  const fields = selectionSets
    .flatMap((selectionSet) => fieldsOf(selectionSet, fragments, new Set()))
    .filter((field) => (field.alias ?? field.name).value === key);
  if (rest.length === 0) return [...new Set(fields)];
  return fieldsAt(
    fields.flatMap((field) => field.selectionSet ?? []),
    rest,
    fragments,
  );
}

/** The fields of a selection, those of its fragments among them. A fragment that spreads itself is entered once. */
function fieldsOf(
  { selections }: SelectionSetNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  entered: Set<string>,
): readonly FieldNode[] {
  return selections.flatMap((selection) => {
    if (selection.kind === 'Field') return [selection];
    if (selection.kind === 'InlineFragment') return fieldsOf(selection.selectionSet, fragments, entered);
    const fragment = fragments.get(selection.name.value);
    if (!fragment || entered.has(selection.name.value)) return [];
    entered.add(selection.name.value);
    return fieldsOf(fragment.selectionSet, fragments, entered);
  });
}

function positionOf(field: FieldNode, path: string): readonly FieldPosition[] {
  const from: Location | undefined = (field.alias ?? field.name).loc;
  const to = field.name.loc;
  if (!from || !to) return [];
  const { line, column } = from.startToken;
  // An alias may stand on another line than its name: then the alias alone is marked.
  const end = to.startToken.line === line ? to : from;
  return [{ path, line, column, endColumn: end.startToken.column + (end.end - end.start) }];
}

function operationOf(document: DocumentNode, name: string | null): OperationDefinitionNode | undefined {
  const operations = document.definitions.filter((definition) => definition.kind === 'OperationDefinition');
  return operations.find((operation) => operation.name?.value === name) ?? (name ? undefined : operations[0]);
}

function parsed(source: string): DocumentNode | null {
  try {
    return parse(source);
  } catch {
    return null;
  }
}
