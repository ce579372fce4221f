import {
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  isInputObjectType,
  isInputType,
  type OperationDefinitionNode,
  typeFromAST,
} from 'graphql';

/**
 * Whether a variable of the operation can hold an input object with a field that has a default.
 *
 * graphql-jit does not fill such fields in, and refuses a variable that leaves a required one out.
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
  return (operation.variableDefinitions ?? []).some(({ type }) => {
    const known = typeFromAST(schema, type);
    return isInputType(known) && isDefaulted(known);
  });
}
