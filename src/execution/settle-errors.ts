import {
  type GraphQLError,
  type GraphQLNamedType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

type Path = readonly (string | number)[];

/**
 * The errors that explain an answer: one for each null that an error has spread to, and each error that stands at a
 * null of its own.
 *
 * graphql-js stops where a null has spread, graphql-jit runs on and reports what it meets there, and in both it
 * depends on who answered first what else is told. Errors inside of what is gone explain nothing and are left out.
 * `operation` is flattened.
 */
export function settleErrors(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  data: unknown,
  errors: readonly GraphQLError[],
): readonly GraphQLError[] {
  if (errors.length < 2) return errors;
  const explained = new Set<string>();
  const spread = (error: GraphQLError, at: number): boolean => {
    const path = error.path ?? [];
    return at < path.length && isSpreading(schema, operation, path, at);
  };
  const ends = errors.map(({ path }) => (path === undefined ? null : nullAt(data, path)));
  const named = errors.map((error, index) => {
    const end = ends[index] ?? null;
    return end === null ? null : (error.path ?? []).slice(0, end).join('.');
  });
  // An error that cannot have spread counts only where no other explains the null.
  const hasCause = new Set(
    named.filter((name, index) => {
      const [error, end] = [errors[index], ends[index] ?? null];
      return name !== null && error !== undefined && end !== null && spread(error, end);
    }),
  );
  return errors.filter((error, index) => {
    const end = ends[index] ?? null;
    const name = named[index] ?? null;
    if (end === null || name === null) return true;
    if (end === error.path?.length) return true;
    if (explained.has(name) || (hasCause.has(name) && !spread(error, end))) return false;
    explained.add(name);
    return true;
  });
}

/** How many steps of the path lead to the null that ends it: all of them where the null is the error's own. */
function nullAt(data: unknown, path: Path): number | null {
  let at: unknown = data;
  for (let step = 0; step <= path.length; step++) {
    if (at === null || at === undefined) return step;
    const key = path[step];
    if (key === undefined) return null;
    at = typeof at === 'object' ? Reflect.get(at, key) : undefined;
  }
  return null;
}

/** Whether a null at the end of the path spreads up to the step at `to`: everything between must not be null. */
function isSpreading(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  path: Path,
  to: number,
): boolean {
  const root = schema.getRootType(operation.operation);
  const from = root ? typesAlong(schema, root, operation.selectionSet, path) : [];
  return from.some((types) => types.slice(to).every((type) => isNonNullType(type)));
}

/** The declared types at each step of a path; several ways where objects of several types may have been there. */
function typesAlong(
  schema: GraphQLSchema,
  parent: GraphQLNamedType,
  set: SelectionSetNode | undefined,
  path: Path,
): readonly (readonly GraphQLOutputType[])[] {
  const [key] = path;
  if (key === undefined) return [[]];
  return (set?.selections ?? []).flatMap((selection) => {
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      const type = schema.getType(selection.typeCondition?.name.value ?? '');
      return type ? typesAlong(schema, type, selection.selectionSet, path) : [];
    }
    if (selection.kind !== Kind.FIELD || (selection.alias ?? selection.name).value !== key) return [];
    const field = isObjectType(parent) ? parent.getFields()[selection.name.value] : undefined;
    if (!field) return [];
    const types: GraphQLOutputType[] = [field.type];
    let inner: GraphQLOutputType = field.type;
    let step = 1;
    for (; typeof path[step] === 'number'; step++) {
      const list: GraphQLOutputType = isNonNullType(inner) ? inner.ofType : inner;
      if (!isListType(list)) break;
      inner = list.ofType;
      types.push(inner);
    }
    const below = typesAlong(schema, getNamedType(field.type), selection.selectionSet, path.slice(step));
    return below.map((rest) => [...types, ...rest]);
  });
}
