import {
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLOutputType,
  getNamedType,
  getNullableType,
  isInputObjectType,
  isListType,
  isObjectType,
} from 'graphql';

/** What a global id looks like: only such text is kept of what clients send, whatever the schema calls an id. */
const GLOBAL_ID = /^[A-Z][A-Za-z]{0,39}:[A-Za-z0-9_-]{1,64}$/;

/** So many objects of one mutation are kept: more than any of ours may name. */
const maxSubjects = 128;

const propertyOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? Object.getOwnPropertyDescriptor(value, name)?.value
    : undefined;

/** The objects that a mutation has yielded and those that its input names, as global ids, each once. */
export function subjectsOf(
  field: Pick<GraphQLField<unknown, unknown>, 'type' | 'args'>,
  args: unknown,
  payload: unknown,
): readonly string[] {
  const found = new Set(yielded(field.type, payload).map(({ type, id }) => `${type}:${id}`));
  const payloadId = propertyOf(payload, 'id');
  if (typeof payloadId === 'string') found.add(payloadId);
  for (const { name, type } of field.args) {
    for (const id of namedIn(type, propertyOf(args, name))) found.add(id);
  }
  return [...found].filter((id) => GLOBAL_ID.test(id)).slice(0, maxSubjects);
}

/** The objects that stand in a payload under a type with an `id`, by that type and their raw id. */
export function yielded(
  type: GraphQLOutputType,
  payload: unknown,
): readonly { readonly type: string; readonly id: string }[] {
  const named = getNamedType(type);
  if (!isObjectType(named)) return [];
  return Object.values(named.getFields()).flatMap((field) => {
    const of = getNamedType(field.type);
    const id = propertyOf(propertyOf(payload, field.name), 'id');
    const isNode = isObjectType(of) && of.getInterfaces().some(({ name }) => name === 'Node');
    return isNode && typeof id === 'string' ? [{ type: of.name, id }] : [];
  });
}

/** Every value of the type `ID` in an input. */
function namedIn(type: GraphQLInputType, value: unknown): readonly string[] {
  const of = getNullableType(type);
  if (isListType(of)) return Array.isArray(value) ? value.flatMap((one) => namedIn(of.ofType, one)) : [];
  if (isInputObjectType(of)) {
    return Object.values(of.getFields()).flatMap((field) =>
      namedIn(field.type, propertyOf(value, field.name)),
    );
  }
  return of.name === 'ID' && typeof value === 'string' ? [value] : [];
}
