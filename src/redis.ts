import { Redis } from 'ioredis';

/** How long a command may take: what takes as long as a REST call saves nothing. In milliseconds. */
const COMMAND_MS = 250;

/**
 * Connects to Redis, which replicas share their memory by.
 *
 * It may come and go: commands fail at once while it is away, and whoever uses it goes on without it. `onChange` hears
 * once of each coming and going.
 */
export function openRedis(url: string, onChange: (isThere: boolean) => void): Redis {
  const redis = new Redis(url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: COMMAND_MS,
    retryStrategy: (attempt) => Math.min(100 * attempt, 2_000),
  });
  let wasThere: boolean | null = null;
  const tell = (isThere: boolean): void => {
    if (isThere === wasThere) return;
    wasThere = isThere;
    onChange(isThere);
  };
  redis.on('ready', () => tell(true));
  redis.on('error', () => tell(false));
  redis.on('close', () => tell(false));
  return redis;
}
