import type { Redis } from 'ioredis';
import type { Layer } from '../exchange.ts';
import { createJoin } from '../join.ts';
import { createBulkJoin } from '../join-bulk.ts';
import { createWatch } from '../watch.ts';
import { createBackground } from './background.ts';
import { createFence } from './fence.ts';
import { createFill } from './fill.ts';
import { toRaised } from './marks.ts';
import { createRedisBus } from './redis-bus.ts';
import { createRedisStore } from './redis-store.ts';
import { createRowCache } from './row-cache.ts';
import { createRowStore } from './row-store.ts';
import { createUrlCache } from './url-cache.ts';

export interface UpstreamCacheOptions {
  /** What all that is kept may take in this process, in bytes. 0 keeps nothing, and only joins. */
  readonly maxBytes?: number;
  /** Where replicas share what they keep and tell each other what has changed. It is not used itself, but copied. */
  readonly redis?: Redis;
  /**
   * How long invalidations of other replicas may go unheard before nothing is trusted any more, in milliseconds.
   */
  readonly deafMs?: number;
  /** For how long it is remembered at most that an object does not exist, in milliseconds. */
  readonly absentMs?: number;
  /** The clock, in milliseconds since the epoch. */
  readonly now?: () => number;
}

/** The sharing of public reads: joined while they are in flight, kept while they may be. */
export interface UpstreamCache {
  /** For the REST client, outermost first. */
  readonly layers: readonly Layer[];
  /**
   * Says that objects have changed: `products/42`, or `products` for all of a kind. From here on nothing older is
   * read, joined or stored in this process; when it resolves, on no other replica either.
   *
   * False where the others could not be told: they are told as soon as they can be, and trust nothing that is
   * older than twice `deafMs` until then, where it is they who cannot hear.
   */
  invalidate(changed: readonly string[]): Promise<boolean>;
  /** Ends what is under way in the background and the connections to Redis. */
  close(): Promise<void>;
}

const mebibyte = 1024 * 1024;
// What a refresh may take, repeats included. Nobody waits for it.
const backgroundMs = 10_000;
// Redis is there to save a call to a backend: what takes as long as one saves nothing.
const redisMs = 250;

/** Builds it. Only reads that carry nobody's credentials are ever joined or kept. */
export function createUpstreamCache(options: UpstreamCacheOptions = {}): UpstreamCache {
  const { maxBytes = 64 * mebibyte, deafMs = 2000, absentMs = 2000, now = Date.now, redis } = options;
  const fence = createFence();
  const watch = createWatch();
  const background = createBackground(backgroundMs);
  const joins = [createJoin({ watch, fence }), createBulkJoin({ watch, fence })];

  const commands = redis?.duplicate({
    lazyConnect: false,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: redisMs,
  });
  const listener = redis?.duplicate({
    lazyConnect: false,
    enableOfflineQueue: false,
    maxRetriesPerRequest: null,
  });
  // Its state says enough: whoever uses it asks for that, and goes on without it.
  for (const connection of [commands, listener]) connection?.on('error', () => undefined);
  const bus = commands && listener ? createRedisBus({ fence, commands, listener, deafMs }) : null;

  // A store has some size, also where nothing is ever put into it.
  const rows = createRowStore(Math.max(1, Math.ceil(maxBytes * 0.75)), fence);
  const keeps: readonly Layer[] = [
    createRowCache({ rows, background, now }),
    createUrlCache({ maxBytes: Math.max(1, Math.ceil(maxBytes * 0.25)), fence, background, now }),
  ];
  const fill = createFill({
    rows,
    fence,
    now,
    absentMs,
    shared: commands && bus ? createRedisStore(commands, () => bus.told) : null,
  });

  return {
    layers:
      maxBytes > 0
        ? [
            // Outermost: what is at hand is given at once.
            ...keeps,
            // Above what fills the store, so that an answer which many wait for is decoded and stored once.
            ...joins,
            fill,
          ]
        : joins,
    async invalidate(changed) {
      const marks = toRaised(changed);
      if (bus) return bus.raise(marks);
      fence.raise(marks);
      return true;
    },
    async close() {
      background.close();
      bus?.close();
      for (const connection of [commands, listener]) connection?.disconnect();
    },
  };
}
