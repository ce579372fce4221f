import {
  findBreakingChanges,
  findDangerousChanges,
  type GraphQLSchema,
  isInterfaceType,
  isObjectType,
} from 'graphql';

/** One difference between two schemas, in words; `kind` is graphql's name for it. */
export interface SchemaChange {
  readonly kind: string;
  readonly description: string;
}

/** What a change of the schema means to the clients that are out there. */
export interface SchemaDiff {
  /** Documents that were valid are not any more, or are answered in another shape. */
  readonly breaking: readonly SchemaChange[];
  /** Clients have to have been written with care: a new enum value, a new member of a union, another default. */
  readonly dangerous: readonly SchemaChange[];
  /** Nobody notices who does not ask: new types and fields, and what is on its way out. */
  readonly additions: readonly SchemaChange[];
}

/** Compares what is to be served with what was. */
export function diffSchemas(before: GraphQLSchema, after: GraphQLSchema): SchemaDiff {
  const plain = ({ type, description }: { readonly type: string; readonly description: string }) => ({
    kind: type,
    description,
  });
  return {
    breaking: findBreakingChanges(before, after).map(plain),
    dangerous: findDangerousChanges(before, after).map(plain),
    additions: additionsOf(before, after),
  };
}

function additionsOf(before: GraphQLSchema, after: GraphQLSchema): SchemaChange[] {
  const additions: SchemaChange[] = [];
  for (const type of Object.values(after.getTypeMap())) {
    const old = before.getType(type.name);
    if (!old) {
      additions.push({ kind: 'TYPE_ADDED', description: `${type.name} was added.` });
      continue;
    }
    const hasFields = isObjectType(type) || isInterfaceType(type);
    if (!hasFields || !(isObjectType(old) || isInterfaceType(old))) continue;
    for (const [name, { deprecationReason: reason }] of Object.entries(type.getFields())) {
      const before = old.getFields()[name];
      if (!before) additions.push({ kind: 'FIELD_ADDED', description: `${type.name}.${name} was added.` });
      else if (reason != null && before.deprecationReason == null) {
        additions.push({
          kind: 'FIELD_DEPRECATED',
          description: `${type.name}.${name} was deprecated: ${reason}`,
        });
      }
    }
  }
  return additions;
}
