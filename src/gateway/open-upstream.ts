import type { Config } from '../config.ts';
import { createDropAfterWrite } from '../http/cache/drop-after-write.ts';
import type { UpstreamCache } from '../http/cache/upstream-cache.ts';
import { createUpstream } from '../http/create-upstream.ts';
import { createMachineToken, type MachineToken } from '../http/machine-token.ts';
import type { UpstreamClient, UpstreamEvents } from '../http/upstream-options.ts';
import type { Logger } from '../log.ts';
import type { World } from '../world.ts';

/** In production one answer in this many is checked in full against its contract. */
const SAMPLED = 0.01;

/** The addresses of the backends that this world has. */
export function instancesOf(config: Config, { table }: World): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(Object.keys(table).map((name) => [name, config.instances[name] ?? []]));
}

/** The REST client of a world: with the gateway's own token, and the cache in front of it. */
export function openUpstream(
  config: Config,
  world: World,
  log: Logger,
  cache: UpstreamCache,
  events: UpstreamEvents,
): UpstreamClient {
  const client = { clientId: config.BACKEND_CLIENT_ID, clientSecret: config.BACKEND_CLIENT_SECRET };
  const { table, grant } = world;
  // The token is asked for through the same client that will carry it; nobody needs one before the client is there.
  const machineToken: MachineToken | null = grant
    ? createMachineToken({ issue: () => grant(upstream, client)() })
    : null;
  const upstream: UpstreamClient = createUpstream({
    table,
    instances: instancesOf(config, world),
    tls: config.tls,
    ...(machineToken ? { machineToken } : {}),
    layers: [createDropAfterWrite(cache.invalidate), ...cache.layers],
    checkShapes: config.production ? SAMPLED : 'always',
    log,
    events,
  });
  return upstream;
}
