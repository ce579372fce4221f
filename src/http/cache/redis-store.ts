import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import * as z from 'zod';
import {
  type LookUp,
  longestStayMs,
  type SharedEntry,
  type SharedName,
  type SharedStore,
  type SharedValue,
} from './shared-store.ts';

/** Everything is in one slot, so that a script may touch all of it on a cluster too. */
export const keyPrefix = '{weir-cache}:';

const valueKey = (name: string): string => `${keyPrefix}value:${name}`;

/** A mark's generation: a random text that every value under the mark was stored with. */
export const generationKey = (mark: string): string => `${keyPrefix}generation:${mark}`;

/** The mark that every value has. */
export const everything = '*';

// A value that was stored under another generation than its mark has now is invalid, and so is every value whose
// mark's generation has gone: whatever Redis evicts or forgets, it forgets on the safe side.
const lookUpScript = `
local values = tonumber(ARGV[1])
local found = {}
for i = 1, values do
  found[i] = redis.call('GET', KEYS[i])
  found[values + i] = redis.call('PTTL', KEYS[i])
end
for i = values + 1, #KEYS do
  local generation = redis.call('GET', KEYS[i])
  if not generation then
    generation = ARGV[2]
    redis.call('SET', KEYS[i], generation, 'PX', ARGV[3])
  end
  found[values + i] = generation
end
return found`;

const generationMs = 2 * longestStayMs;
// After a failure Redis is left alone for so long: an answer must not wait for it again and again.
const pauseMs = 1000;

const found = z.array(z.union([z.string(), z.number(), z.null()]));

/**
 * Builds a store in Redis. Its connection must not queue commands while it is down, and must bound their time.
 *
 * A value is `<its marks' generations>\n<text>`. A fetch learns the generations before it begins, so what it
 * brings cannot be read once one of them was changed meanwhile. `isTrue` says whether what is there may be read.
 */
export function createRedisStore(redis: Redis, isTrue: () => boolean): SharedStore {
  const replica = randomUUID();
  let count = 0;
  let downUntil = 0;

  const unlessDown = async <T>(work: () => Promise<T>): Promise<T | null> => {
    if (redis.status !== 'ready' || Date.now() < downUntil) return null;
    try {
      return await work();
    } catch {
      downUntil = Date.now() + pauseMs;
      return null;
    }
  };

  const ask = async (names: readonly SharedName[]): Promise<LookUp> => {
    const marks = [...new Set([everything, ...names.flatMap((name) => name.marks)])];
    const keys = [...names.map(({ name }) => valueKey(name)), ...marks.map(generationKey)];
    count += 1;
    const reply = found.parse(
      await redis.eval(lookUpScript, keys.length, ...keys, names.length, `${replica}:${count}`, generationMs),
    );
    const generations = new Map(marks.map((mark, index) => [mark, String(reply[2 * names.length + index])]));
    const generationsOf = (name: SharedName): string =>
      [everything, ...name.marks].map((mark) => generations.get(mark)).join(' ');
    return {
      values: names.map((name, index) =>
        toValue(reply[index] ?? null, reply[names.length + index] ?? null, generationsOf(name)),
      ),
      keep(entries) {
        void unlessDown(() => store(entries, generationsOf));
      },
    };
  };

  const store = async (
    entries: readonly SharedEntry[],
    generationsOf: (name: SharedName) => string,
  ): Promise<void> => {
    const pipeline = redis.pipeline();
    for (const entry of entries) {
      const text = `${generationsOf(entry)}\n${entry.text}`;
      pipeline.set(valueKey(entry.name), text, 'PX', Math.ceil(entry.forMs));
    }
    await pipeline.exec();
  };

  return { lookUp: async (names) => (isTrue() ? unlessDown(() => ask(names)) : null) };
}

type Reply = string | number | null;

function toValue(stored: Reply, leftMs: Reply, generations: string): SharedValue | null {
  if (typeof stored !== 'string' || typeof leftMs !== 'number' || leftMs <= 0) return null;
  const end = stored.indexOf('\n');
  if (end < 0 || stored.slice(0, end) !== generations) return null;
  return { text: stored.slice(end + 1), leftMs };
}
