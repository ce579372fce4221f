import {
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  isInputObjectType,
  isInputType,
  Kind,
  type OperationDefinitionNode,
  typeFromAST,
} from 'graphql';

/**
 * Whether the operation has a default that graphql-jit does not know: a variable that must not be null and has one
 * (`$first: Int! = 10`), or one that can hold an input object with a field that has one.
 *
 * graphql-jit does not fill them in, and refuses a request that leaves them out.
 */
export function hasDefaultedInput(schema: GraphQLSchema, operation: OperationDefinitionNode): boolean {
  const seen = new Set<GraphQLInputType>();
  const isDefaulted = (type: GraphQLInputType): boolean => {
    const named = getNamedType(type);
    if (!isInputObjectType(named) || seen.has(named)) return false;
    seen.add(named);
    return Object.values(named.getFields()).some(
      (field) => field.defaultValue !== undefined || isDefaulted(field.type),
    );
  };
  return (operation.variableDefinitions ?? []).some(({ type, defaultValue }) => {
    if (defaultValue !== undefined && type.kind === Kind.NON_NULL_TYPE) return true;
    const known = typeFromAST(schema, type);
    return isInputType(known) && isDefaulted(known);
  });
}
