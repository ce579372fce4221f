import { type GraphQLFieldResolver, type GraphQLSchema, isObjectType } from 'graphql';
import type { BackendTable } from '../backends.ts';
import { readDeclarations } from './declarations.ts';
import type { Scheduler } from './scheduler.ts';

export interface InstrumentOptions<C> {
  readonly table: BackendTable;
  /** The scheduler of the operation to which a context belongs, or null where it has none. */
  readonly schedulerOf: (context: C) => Scheduler | null;
}

type Resolver = GraphQLFieldResolver<unknown, unknown>;

/**
 * Makes the resolvers of a schema run at their positions, so that loads know where they stand without being
 * told. The last step of making a schema, after access rules: it changes the schema's fields in place.
 *
 * Touched are fields with `@load`, fields with a resolver of their own and fields below them, and the root
 * fields of mutations, around each of which every loader forgets. Leaves are left as they are.
 */
export function instrumentResolvers<C>(schema: GraphQLSchema, options: InstrumentOptions<C>): void {
  const declarations = readDeclarations(schema, options.table);
  // The context's type is the caller's promise: graphql-js types resolvers apart from the context they get.
  const schedulerOf = (context: unknown): Scheduler | null => options.schedulerOf(context as C);
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type === schema.getSubscriptionType()) continue;
    const isStep = type === schema.getMutationType();
    for (const field of Object.values(type.getFields())) {
      const { resolve } = field;
      if (!resolve) continue;
      if (isStep) field.resolve = asStep(resolve, schedulerOf);
      else if (declarations.loadOf(field) !== null || declarations.isTracked(field)) {
        field.resolve = atPosition(resolve, schedulerOf);
      }
    }
  }
}

function atPosition(resolve: Resolver, schedulerOf: (context: unknown) => Scheduler | null): Resolver {
  return (parent, args, context, info) => {
    const scheduler = schedulerOf(context);
    return scheduler === null
      ? resolve(parent, args, context, info)
      : scheduler.run(resolve, parent, args, context, info);
  };
}

/**
 * A step of a mutation: what loaders read before it may be wrong after it. They forget before it runs, for the
 * step before may have changed what they know, and again when it is done, for it may have read before it wrote.
 */
function asStep(resolve: Resolver, schedulerOf: (context: unknown) => Scheduler | null): Resolver {
  const atItsPosition = atPosition(resolve, schedulerOf);
  return (parent, args, context, info) => {
    const scheduler = schedulerOf(context);
    if (scheduler === null) return resolve(parent, args, context, info);
    scheduler.nextStep(String(info.path.key));
    const result = atItsPosition(parent, args, context, info);
    if (!(result instanceof Promise)) {
      scheduler.endStep();
      return result;
    }
    return result.finally(() => scheduler.endStep());
  };
}
