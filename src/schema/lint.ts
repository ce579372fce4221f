import {
  DEFAULT_DEPRECATION_REASON,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isSpecifiedDirective,
  isSpecifiedScalarType,
} from 'graphql';

/** What of a schema is looked at: anything with a name that a client meets. */
interface Element {
  readonly name: string;
  readonly description?: string | null | undefined;
  readonly deprecationReason?: string | null | undefined;
}

const UPPER = /^[A-Z][A-Z0-9_]*$/;
const CAMEL = /^[a-z][A-Za-z0-9]*$/;
const PASCAL = /^[A-Z][A-Za-z0-9]*$/;

/**
 * What is to be mended in a schema, a line each: elements without a description, deprecations that do not say what to
 * use instead, names that are written otherwise than the rest.
 */
export function lintSchema(schema: GraphQLSchema): string[] {
  const faults: string[] = [];
  const look = (path: string, { name, description, deprecationReason }: Element, style: RegExp): void => {
    if (!description?.trim()) faults.push(`${path} has no description`);
    if (deprecationReason === '' || deprecationReason === DEFAULT_DEPRECATION_REASON) {
      faults.push(`${path} is deprecated without saying why and what to use instead`);
    }
    if (!style.test(name)) faults.push(`${path} is not written as ${style.source}`);
  };
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith('__') || isSpecifiedScalarType(type)) continue;
    look(type.name, type, PASCAL);
    if (isEnumType(type))
      for (const value of type.getValues()) look(`${type.name}.${value.name}`, value, UPPER);
    const hasFields = isObjectType(type) || isInterfaceType(type);
    if (!hasFields && !isInputObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      look(`${type.name}.${field.name}`, field, CAMEL);
      if (!('args' in field)) continue;
      for (const arg of field.args) look(`${type.name}.${field.name}(${arg.name}:)`, arg, CAMEL);
    }
  }
  for (const directive of schema.getDirectives().filter((one) => !isSpecifiedDirective(one))) {
    look(`@${directive.name}`, directive, CAMEL);
    for (const arg of directive.args) look(`@${directive.name}(${arg.name}:)`, arg, CAMEL);
  }
  return faults;
}
