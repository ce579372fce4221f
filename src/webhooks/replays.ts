import type { Redis } from 'ioredis';
import { LRUCache } from 'lru-cache';
import { WINDOW_S } from './signature.ts';

/** Which messages were taken already, for as long as one could be sent again. */
export interface Replays {
  /** True for whoever comes first with this id; nobody else may act on it then. */
  claim(id: string): Promise<boolean>;
  /** The message could not be acted on: it may come again. */
  release(id: string): Promise<void>;
}

/** Twice the window, because a message may be dated ahead of us. */
const KEPT_S = 2 * WINDOW_S;
const MAX_KEPT = 100_000;

/**
 * Remembers messages in this process, and on all replicas where there is Redis.
 *
 * While Redis is away each replica knows only what it took itself: acting twice on an event is harmless here
 * (what it names is dropped from the cache, or a workflow already knows), losing one would not be.
 */
export function createReplays(redis: Redis | null): Replays {
  const taken = new LRUCache<string, true>({ max: MAX_KEPT, ttl: KEPT_S * 1000 });
  const nameOf = (id: string): string => `weir:webhook:${id}`;
  return {
    async claim(id) {
      if (taken.has(id)) return false;
      taken.set(id, true);
      if (redis === null) return true;
      const isFirst = await redis.set(nameOf(id), '1', 'EX', KEPT_S, 'NX').catch(() => 'OK');
      return isFirst === 'OK';
    },
    async release(id) {
      taken.delete(id);
      await redis?.del(nameOf(id)).catch(() => 0);
    },
  };
}
