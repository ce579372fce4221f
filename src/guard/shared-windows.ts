import type { Redis } from 'ioredis';
import { RateLimiterRedis } from 'rate-limiter-flexible';
import { createMemoryWindows, WINDOW_S, type Windows } from './windows.ts';

/** After a failure Redis is left alone this long: a limiter must not make each operation wait for it. */
const PAUSE_MS = 1_000;
/** How often a replica says that it is there, and after how long it is forgotten. */
const BEAT_MS = 5_000;
const FORGOTTEN_MS = 20_000;

const PREFIX = 'weir:rate';
const REPLICAS = `${PREFIX}:replicas`;

export interface SharedWindows extends Windows {
  close(): void;
}

export interface SharedWindowsOptions {
  readonly redis: Redis;
  /** Unique a replica. */
  readonly replica: string;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

/**
 * Counts in Redis, together with all replicas.
 *
 * While Redis is away each replica counts by itself and says how many there were when it was last heard of, so that a
 * limit can be shared out; nobody is refused, and nobody waits, because Redis is away.
 */
export function createSharedWindows({ redis, replica, now = Date.now }: SharedWindowsOptions): SharedWindows {
  const shared = new RateLimiterRedis({
    storeClient: redis,
    keyPrefix: PREFIX,
    // Limits are the callers'; this only counts.
    points: Number.MAX_SAFE_INTEGER,
    duration: WINDOW_S,
    rejectIfRedisNotReady: true,
  });
  const own = createMemoryWindows(now);
  let replicas = 1;
  let pausedUntil = 0;

  const beat = async (): Promise<void> => {
    try {
      const at = now();
      await redis.zadd(REPLICAS, at, replica);
      await redis.zremrangebyscore(REPLICAS, 0, at - FORGOTTEN_MS);
      replicas = Math.max(1, await redis.zcard(REPLICAS));
    } catch {
      // Away: what was known last still holds.
    }
  };
  redis.on('ready', beat);
  if (redis.status === 'ready') void beat();
  const beating = setInterval(beat, BEAT_MS);
  beating.unref();

  return {
    async add(key, points) {
      if (now() >= pausedUntil) {
        try {
          const { consumedPoints, msBeforeNext } = await shared.penalty(key, points);
          return { points: consumedPoints, endsInMs: msBeforeNext, apart: 1 };
        } catch {
          pausedUntil = now() + PAUSE_MS;
        }
      }
      return { ...own.add(key, points), apart: replicas };
    },
    close() {
      clearInterval(beating);
      redis.off('ready', beat);
    },
  };
}
