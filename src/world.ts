import type { GraphQLSchema } from 'graphql';
import { type BackendTable, backends } from './backends.ts';
import type { Context } from './context.ts';
import { createLoaders } from './datasources/loaders.ts';
import { createSources } from './datasources/sources.ts';
import { createMachineGrant } from './datasources/users/machine-grant.ts';
import { createUsersSource } from './datasources/users/source.ts';
import type { ClientCredentials } from './datasources/users/wire/types.gen.ts';
import type { ContextFactory } from './execution/engine.ts';
import type { MachineGrant } from './http/machine-token.ts';
import type { Upstream } from './http/upstream.ts';
import { resolvers } from './resolvers/index.ts';
import { createSchema, readTypeDefs } from './schema/index.ts';

/**
 * A schema with its resolvers and the backends they stand on. The engine runs any; ours is only the default.
 *
 * It belongs to one gateway, which teaches its resolvers where they stand.
 */
export interface World {
  readonly table: BackendTable;
  readonly schema: GraphQLSchema;
  /** Called once, when the REST client is there. */
  readonly open: (upstream: Upstream) => ContextFactory;
  /** How the gateway gets a token of its own; left out where no endpoint wants one. */
  readonly grant?: (upstream: Upstream, client: ClientCredentials) => () => Promise<MachineGrant>;
}

/** Users, products, orders, flights and bookings over nine backends. */
export function createWeirWorld(): World {
  return {
    table: backends,
    schema: createSchema(readTypeDefs(), [resolvers]),
    open: (upstream) => {
      const sources = createSources(upstream, backends);
      const loadersFor = createLoaders(sources, backends);
      return (call, schedule): Context => ({
        call,
        viewer: call.viewer,
        sources,
        loaders: loadersFor({ call, schedule }),
      });
    },
    grant: (upstream, client) => createMachineGrant(createUsersSource(upstream, backends), client),
  };
}
