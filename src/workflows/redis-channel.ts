import { setTimeout as delay } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import type { QueryPool } from '../postgres/query-pool.ts';
import { type ChangeChannel, listenerName, toChange } from './change-channel.ts';

export interface RedisChannelOptions {
  /** Must not queue commands while Redis is away. Listening goes by a copy of it. */
  readonly redis: Redis;
  /** The database, to see whether a process without Redis listens there. */
  readonly pool: QueryPool;
}

/** How often to look for one, in milliseconds. */
const lookMs = 1000;

/** For how long a listener that is gone is expected back: it may only have lost its connection. In milliseconds. */
const lingerMs = 10_000;

/** The channel of Redis on which changes are told: `<id> <revision>`. */
const channel = 'weir:workflows';

/**
 * Tells of changes over Redis, once they are written.
 *
 * As long as a process without Redis listens to the same database (one of before, in a deploy), `NOTIFY` tells it.
 */
export function createRedisChannel({ redis, pool }: RedisChannelOptions): ChangeChannel {
  const listener = redis.duplicate({
    lazyConnect: true,
    maxRetriesPerRequest: null,
    // Nobody waits for it, and a process that is busy starting is no reason to go without.
    commandTimeout: 10_000,
  });
  // Its state says enough: without it, what is watched is read again and again.
  listener.on('error', () => undefined);
  const closing = new AbortController();
  let subscribed = false;
  // Until it is known that nobody does.
  let othersListen = true;
  let seenAt = Number.NEGATIVE_INFINITY;

  const look = async (): Promise<void> => {
    while (!closing.signal.aborted) {
      try {
        const listening = await pool.query(
          'select 1 from pg_stat_activity where application_name = $1 and datname = current_database() limit 1',
          [listenerName],
        );
        if (listening.length > 0) seenAt = performance.now();
        othersListen = performance.now() - seenAt < lingerMs;
      } catch {
        // The database is away: there is nothing to tell of.
      }
      await delay(lookMs, undefined, { ref: false, signal: closing.signal }).catch(() => undefined);
    }
  };
  const looking = look();

  return {
    get notifies() {
      return othersListen;
    },
    tell({ id, revision }) {
      // Where it could not be told, whoever watches reads it again.
      redis.publish(channel, `${id} ${revision}`).catch(() => undefined);
    },
    hear({ onChange, onBack }) {
      listener.on('message', (_, told: string) => onChange(toChange(told)));
      listener.on('ready', () => {
        listener.subscribe(channel).then(
          () => {
            subscribed = true;
            onBack();
          },
          // The connection is gone again; it comes back as `ready`.
          () => undefined,
        );
      });
      listener.on('close', () => {
        subscribed = false;
      });
      listener.connect().catch(() => undefined);
    },
    get hears() {
      return subscribed;
    },
    async close() {
      closing.abort();
      listener.disconnect();
      await looking;
    },
  };
}
