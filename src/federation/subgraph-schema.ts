import { readFileSync } from 'node:fs';
import type { IResolvers } from '@graphql-tools/utils';
import {
  type ConstDirectiveNode,
  type DocumentNode,
  type GraphQLSchema,
  Kind,
  type ObjectTypeDefinitionNode,
  parse,
  print,
  visit,
} from 'graphql';
import { createSchema, printPublicSchema } from '../schema/index.ts';
import { createEntityResolvers } from './entities.ts';

/** Ways to any object by its id: a router has its own, over all subgraphs. */
const NOT_IN_A_SUBGRAPH = new Set(['node', 'nodes']);
const LINK =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@shareable"])';

/** Directives by the name of the type that they stand on. */
type TypeDirectives = ReadonlyMap<string, readonly ConstDirectiveNode[]>;

/**
 * The same schema as a subgraph of Apollo Federation 2: with `_service` and `_entities`, without `node` and `nodes`.
 *
 * Which types have a key, and which values others may resolve too, stands in `subgraph.graphql`.
 */
export function createSubgraphSchema(
  typeDefs: readonly string[],
  resolvers: readonly IResolvers[],
): GraphQLSchema {
  const own = readFileSync(new URL('./subgraph.graphql', import.meta.url), 'utf8');
  const directives = directivesOf(parse(own));
  const keyed = new Set(
    [...directives].filter(([, on]) => on.some(({ name }) => name.value === 'key')).map(([type]) => type),
  );
  let sdl: string | null = null;
  const schema: GraphQLSchema = createSchema(
    [...typeDefs.map((text) => print(withoutNodes(parse(text)))), own],
    [
      ...resolvers.map(withoutNodeResolvers),
      createEntityResolvers(keyed, () => {
        sdl ??= toSdl(schema, directives);
        return sdl;
      }),
    ],
  );
  return schema;
}

function directivesOf(document: DocumentNode): TypeDirectives {
  const found = new Map<string, readonly ConstDirectiveNode[]>();
  for (const node of document.definitions) {
    if (node.kind !== Kind.OBJECT_TYPE_EXTENSION || !node.directives?.length) continue;
    found.set(node.name.value, [...(found.get(node.name.value) ?? []), ...node.directives]);
  }
  return found;
}

function withoutNodes(document: DocumentNode): DocumentNode {
  return visit(document, {
    [Kind.FIELD_DEFINITION]: (field, _, __, ___, ancestors) => {
      const type = ancestors.at(-1);
      const inQuery = type !== undefined && 'name' in type && type.name?.value === 'Query';
      return inQuery && NOT_IN_A_SUBGRAPH.has(field.name.value) ? null : undefined;
    },
  });
}

function withoutNodeResolvers(resolvers: IResolvers): IResolvers {
  const query = Object.entries(resolvers.Query ?? {}).filter(([name]) => !NOT_IN_A_SUBGRAPH.has(name));
  return { ...resolvers, Query: Object.fromEntries(query) };
}

/** What a composer wants to read: the schema that clients see, with the directives of federation on its types. */
function toSdl(schema: GraphQLSchema, directives: TypeDirectives): string {
  const document = visit(parse(printPublicSchema(schema)), {
    [Kind.OBJECT_TYPE_DEFINITION]: (node): ObjectTypeDefinitionNode | null | undefined => {
      if (node.name.value === '_Service') return null;
      const on = directives.get(node.name.value);
      return on ? { ...node, directives: on } : undefined;
    },
    // A router defers and streams by itself.
    [Kind.DIRECTIVE_DEFINITION]: () => null,
    [Kind.SCALAR_TYPE_DEFINITION]: ({ name }) => (name.value === '_Any' ? null : undefined),
    [Kind.UNION_TYPE_DEFINITION]: ({ name }) => (name.value === '_Entity' ? null : undefined),
    [Kind.FIELD_DEFINITION]: ({ name }) =>
      name.value === '_service' || name.value === '_entities' ? null : undefined,
  });
  return `${LINK}\n\n${print(document)}\n`;
}
