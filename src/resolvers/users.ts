import type { Loaders } from '../datasources/loaders.ts';
import type { User as UserRow } from '../datasources/users/wire/types.gen.ts';
import { toConnection } from './connection.ts';
import type { MutationResolvers, QueryResolvers, UserResolvers } from './generated/types.ts';
import { toGlobalId, toRawId } from './global-id.ts';
import { accountFaults, keyFaults } from './input-checks.ts';
import type { UserParent } from './parents.ts';

/** The user's row: at hand, or loaded where only the id is known. */
const rowOf = async (user: UserParent, loaders: Loaders): Promise<UserRow | null> =>
  'name' in user ? user : loaders.users.byId.load(user.id);

export const User: Omit<UserResolvers, 'workflows' | 'webhooks'> = {
  id: (user) => toGlobalId('User', user.id),
  name: async (user, _, { loaders }) => (await rowOf(user, loaders))?.name ?? null,
  email: async (user, _, { loaders }) => (await rowOf(user, loaders))?.email ?? null,
  createdAt: async (user, _, { loaders }) => (await rowOf(user, loaders))?.createdAt ?? null,
  orders: async (user, { first, after, status }, { loaders }) => {
    const page = { limit: first, cursor: after ?? undefined, status: status ?? undefined };
    return toConnection(await loaders.orders.byUserId.load(user.id, page), after);
  },
  bookings: async (user, { first, after }, { loaders }) => {
    const page = { limit: first, cursor: after ?? undefined };
    return toConnection(await loaders.bookings.byUserId.load(user.id, page), after);
  },
};

export const userQueries: Pick<QueryResolvers, 'me' | 'user'> = {
  me: (_, __, { viewer }) => (viewer === null ? null : { id: viewer.id }),
  user: (_, { id }, { loaders }) => loaders.users.byId.load(toRawId('User', id) ?? ''),
};

export const userMutations: Pick<MutationResolvers, 'register'> = {
  register: async (_, { input: { idempotencyKey, ...account } }, { workflows, call }) => {
    const faults = [...keyFaults(idempotencyKey), ...accountFaults(account)];
    if (faults.length > 0) return { problems: faults };
    return workflows.register(call, account, idempotencyKey);
  },
};
