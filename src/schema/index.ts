import { readdirSync, readFileSync } from 'node:fs';
import { makeExecutableSchema } from '@graphql-tools/schema';
import type { IResolvers } from '@graphql-tools/utils';
import {
  type GraphQLDirective,
  GraphQLSchema,
  lexicographicSortSchema,
  printSchema,
  specifiedDirectives,
} from 'graphql';
import { enforceAccess } from './access.ts';
import { scalars } from './scalars.ts';

/** Directives that speak to us and not to clients. */
const OWN_DIRECTIVES = new Set(['load', 'access', 'identity', 'listSize']);
/** Directives of documents, which clients' generators have to know. */
const INCREMENTAL_DIRECTIVES = ['defer', 'stream'];
const OWN_TYPES = new Set(['AccessRule']);

/** The SDL of every domain, a file each, in the order of their names. */
export function readTypeDefs(folder: URL = new URL('./', import.meta.url)): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.graphql'))
    .sort()
    .map((name) => readFileSync(new URL(name, folder), 'utf8'));
}

/**
 * Joins SDL and resolvers to the schema that the gateway serves.
 *
 * Access rules are enforced by it. `@load` and `@access` stay readable at each field's `astNode`, where the planner
 * looks for them, but are no part of what a client can see. Throws where a resolver has no field in the SDL.
 */
export function createSchema(typeDefs: readonly string[], resolvers: readonly IResolvers[]): GraphQLSchema {
  const whole = makeExecutableSchema({
    typeDefs: [...typeDefs],
    resolvers: [{ ...scalars }, ...resolvers],
    resolverValidationOptions: { requireResolversToMatchSchema: 'error' },
    inheritResolversFromInterfaces: false,
  });
  enforceAccess(whole);
  return withoutOwnDirectives(whole);
}

function withoutOwnDirectives(schema: GraphQLSchema): GraphQLSchema {
  const config = schema.toConfig();
  const visible = (directive: GraphQLDirective) => !OWN_DIRECTIVES.has(directive.name);
  return new GraphQLSchema({
    ...config,
    directives: config.directives.filter(visible),
    types: config.types.filter((type) => !OWN_TYPES.has(type.name)),
    extensionASTNodes: config.extensionASTNodes,
  });
}

/** The schema as clients see it, sorted, with every description: what `schema.graphql` holds. */
export function printPublicSchema(schema: GraphQLSchema): string {
  const known = new Set([...specifiedDirectives.map(({ name }) => name), ...INCREMENTAL_DIRECTIVES]);
  const config = schema.toConfig();
  const plain = new GraphQLSchema({
    ...config,
    directives: config.directives.filter((d) => known.has(d.name)),
  });
  return `${printSchema(lexicographicSortSchema(plain))}\n`;
}
