import type { Redis } from 'ioredis';
import type { Config } from '../config.ts';
import { createClientAddress } from '../guard/client-address.ts';
import type { Limits } from '../guard/limits.ts';
import { createRateLimit } from '../guard/rate-limit.ts';
import { createSharedWindows } from '../guard/shared-windows.ts';
import { createThrottle } from '../guard/throttle.ts';
import { createMemoryWindows } from '../guard/windows.ts';

/** The limits that the settings say, counted in Redis where there is one, and how to let go of it. */
export function openLimits(config: Config, redis: Redis | null): Limits & { close(): void } {
  const shared = redis && createSharedWindows({ redis, replica: config.REPLICA_ID });
  const windows = shared ?? createMemoryWindows();
  return {
    maxUpstreamCalls: config.MAX_UPSTREAM_CALLS,
    rateLimit: createRateLimit(windows, config.RATE_LIMIT),
    throttle: createThrottle(windows, {
      perAccount: config.SIGN_IN_LIMIT,
      perAddress: config.SIGN_IN_ADDRESS_LIMIT,
    }),
    addressOf: createClientAddress(config.TRUSTED_PROXIES),
    close: () => shared?.close(),
  };
}
