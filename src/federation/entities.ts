import type { IResolvers } from '@graphql-tools/utils';
import * as z from 'zod';
import type { Context } from '../context.ts';
import { loadNode, type NodeParent } from '../resolvers/node.ts';

/** What a router sends of an object: it may have read the key anywhere, so it proves nothing. */
const representationShape = z.object({ __typename: z.string(), id: z.string() });

/**
 * The object that a representation speaks of, or null.
 *
 * It goes the way of `Query.node`: the same loaders, the viewer's own token, the same rules. A forged representation
 * reads what the viewer could have read anyway; one whose type and id disagree reads nothing.
 */
async function entityOf(
  representation: unknown,
  keyed: ReadonlySet<string>,
  context: Context,
): Promise<NodeParent | null> {
  const { data } = representationShape.safeParse(representation);
  if (!data || !keyed.has(data.__typename) || !data.id.startsWith(`${data.__typename}:`)) return null;
  return loadNode(data.id, context);
}

/** The resolvers of a subgraph's own fields. `keyed` are the types with a key; `sdl` is its schema for composers. */
export function createEntityResolvers(keyed: ReadonlySet<string>, sdl: () => string): IResolvers {
  return {
    Query: {
      _service: () => ({ sdl: sdl() }),
      _entities: (
        _: unknown,
        { representations }: { representations: readonly unknown[] },
        context: Context,
      ) => Promise.all(representations.map((one) => entityOf(one, keyed, context))),
    },
    _Entity: { __resolveType: ({ __typename }: NodeParent) => __typename },
  };
}
