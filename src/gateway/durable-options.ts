import type { Redis } from 'ioredis';
import type { Config } from '../config.ts';
import { createKeySet } from '../guard/key-set.ts';
import type { Logger } from '../log.ts';
import type { Tracing } from '../tracing/tracing.ts';
import type { WeirWorldOptions } from '../world.ts';
import type { Keeping } from './open-keeping.ts';

/** What durable workflows need, from the settings. */
export function durableOf(
  config: Config,
  log: Logger,
  { database, keys }: Keeping,
  tracing: Tracing | null,
  redis: Redis | null,
): NonNullable<WeirWorldOptions['durable']> {
  const pricing = (config.instances.pricing ?? []).map((address) => `${address}/.well-known/jwks.json`);
  const offerKeys = createKeySet({ urls: pricing, onProblem: (message) => log.warn(message) });
  return {
    database,
    sealingKeys: keys,
    tracing,
    redis,
    role: config.ROLE,
    offerKeys: offerKeys.get,
    webhookAllow: config.WEBHOOK_ALLOW,
    alert: ({ cause, ...alert }) => log.error({ ...alert, err: cause }, 'a workflow needs to be looked at'),
    log: (level, message) => log[level](message),
  };
}
