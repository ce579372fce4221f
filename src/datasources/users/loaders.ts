import { type BackendTable, endpointOf } from '../../backends.ts';
import { type BatchLoader, createBatchLoader } from '../batch-loader.ts';
import type { LoaderScope } from '../loader-scope.ts';
import type { UsersSource } from './source.ts';
import type { User } from './wire/types.gen.ts';

/** How users are loaded within one operation. */
export interface UsersLoaders {
  readonly byId: BatchLoader<string, User, void>;
}

/** Prepares the loaders of users; what it returns makes them for one operation. */
export function createUsersLoaders(
  source: UsersSource,
  table: BackendTable,
): (scope: LoaderScope) => UsersLoaders {
  const usersByIds = endpointOf(table, 'users', 'usersByIds');
  return (scope) => ({
    byId: createBatchLoader({
      ...scope,
      endpoint: usersByIds,
      fetch: source.usersByIds,
      keyOf: (user) => user.id,
    }),
  });
}
