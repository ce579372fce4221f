import type { IResolvers } from '@graphql-tools/utils';
import type { Viewer } from '../../src/call.ts';
import type { BenchLoaders } from './loaders.ts';
import type { Post, User } from './wire.ts';

/** What the bench's resolvers get. */
export interface BenchContext {
  readonly viewer: Viewer | null;
  readonly loaders: BenchLoaders;
}

/** A user of whom perhaps no more than the id is known. */
type UserParent = User | Pick<User, 'id'>;

const nameOf = async (id: string, { loaders }: BenchContext): Promise<string | null> =>
  (await loaders.users.load(id))?.name ?? null;

const ordersOf = async (id: string, first: number, { loaders }: BenchContext) =>
  (await loaders.orders.load(id, first))?.items ?? null;

/** Resolvers as any domain of the gateway has them: load, map, return. */
export const benchResolvers: IResolvers<unknown, BenchContext> = {
  Query: {
    hello: () => 'world',
    posts: (_: unknown, __: unknown, { loaders }: BenchContext) => loaders.posts.load('all'),
    me: (_: unknown, __: unknown, { viewer }: BenchContext) => (viewer === null ? null : { id: viewer.id }),
    user: (_: unknown, { id }: { id: string }, { loaders }: BenchContext) => loaders.users.load(id),
    rows: (_: unknown, __: unknown, { loaders }: BenchContext) => loaders.rows.load('all'),
  },
  Post: {
    author: (post: Post, _: unknown, { loaders }: BenchContext) => loaders.authors.load(post.authorId),
  },
  User: {
    name: (user: UserParent, _: unknown, context: BenchContext) =>
      'name' in user ? user.name : nameOf(user.id, context),
    orders: (user: UserParent, { first }: { first: number }, context: BenchContext) =>
      ordersOf(user.id, first, context),
  },
  OrderItem: {
    product: (item: { productId: string }, _: unknown, { loaders }: BenchContext) =>
      loaders.products.load(item.productId),
  },
};
