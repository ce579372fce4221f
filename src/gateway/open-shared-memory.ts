import type { Redis } from 'ioredis';
import type { Config } from '../config.ts';
import type { Logger } from '../log.ts';
import { openRedis } from '../redis.ts';

/** What replicas share their memory by, where the settings name it; the log hears when it comes and goes. */
export function openSharedMemory(config: Config, log: Logger): Redis | null {
  if (config.REDIS_URL === null) return null;
  return openRedis(config.REDIS_URL, (isThere) => {
    if (isThere) log.info('Redis is there');
    else log.warn('Redis is away: each replica goes on by itself');
  });
}
