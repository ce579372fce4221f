import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { createGateway, type Gateway } from '../../src/gateway.ts';
import { hasRedis, type RedisServer, startRedis } from '../http/cache/redis-server.ts';
import { startWeir, type Weir } from '../start-weir.ts';
import { createRandom, randomQuery } from '../waterfall/operations.ts';
import { type Objects, objectsOf } from './objects-of.ts';

const SEED = 20_261_121;
const OPERATIONS = 120;
const NAMES = ['ada', 'grace'] as const;
type Name = (typeof NAMES)[number];

interface Person {
  readonly token: string;
  readonly objects: Objects;
  /** What must never stand in an answer to the other: ids of their own, and their address. */
  readonly traces: readonly string[];
}

interface Served {
  readonly gateway: Gateway;
  readonly url: string;
}

const HOUR_MS = 3_600_000;

/** What changes from one asking to the next, whoever asks: requests have ids, and offers are made anew. */
const withoutChance = (text: string): string =>
  text
    .replaceAll(/"requestId":"[^"]*"|"eyJ[^"]*"/g, '""')
    .replaceAll(/"[-0-9]{10}T[:0-9]{8}(?:\.\d+)?Z"/g, (time) =>
      Math.abs(Date.parse(time.slice(1, -1)) - Date.now()) < HOUR_MS ? '"soon"' : time,
    );

describe.each([
  ['in one process', false],
  ['over two replicas with Redis', true],
])('two people %s', (_, shared) => {
  const skipped = shared && !hasRedis();
  let redis: RedisServer | null = null;
  let weir: Weir;
  let backends: Record<string, string>;
  let hot: readonly Served[];
  const people = {} as Record<Name, Person>;

  const serve = async (environment: Readonly<Record<string, string>>): Promise<Served> => {
    const gateway = createGateway({
      config: readConfig({
        NODE_ENV: 'test',
        MAX_UPSTREAM_CALLS: '100000',
        RATE_LIMIT: '0',
        ...backends,
        ...environment,
      }),
    });
    return { gateway, url: await gateway.listen(0, '127.0.0.1') };
  };

  const ask = async ({ url }: Served, name: Name, query: string): Promise<string> => {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${people[name].token}` },
      body: JSON.stringify({ query }),
    });
    return response.text();
  };

  beforeAll(async () => {
    if (skipped) return;
    weir = await startWeir();
    backends = Object.fromEntries(
      Object.entries(weir.backends).map(([name, url]) => [`${name.toUpperCase()}_URL`, url]),
    );
    redis = shared ? await startRedis() : null;
    const environment: Record<string, string> = redis ? { REDIS_URL: `redis://127.0.0.1:${redis.port}` } : {};
    hot = [await serve({ REPLICA_ID: 'one', ...environment })];
    if (shared) hot = [...hot, await serve({ REPLICA_ID: 'two', ...environment })];
    for (const name of NAMES) {
      const token = await weir.signIn(`${name}@example.com`);
      const objects = await objectsOf(weir, token);
      const { orders, bookings, payments } = objects;
      const own = [...orders, ...bookings, ...payments].map((id) => `"${id}"`);
      people[name] = { token, objects, traces: [...own, `${name}@example.com`] };
    }
  });
  afterAll(async () => {
    for (const { gateway } of hot ?? []) await gateway.close();
    await weir?.[Symbol.asyncDispose]();
    await redis?.[Symbol.asyncDispose]();
  });

  it.skipIf(skipped)(
    'never see a trace of one another, and get what each would get alone',
    async () => {
      const random = createRandom(SEED);
      const known = {
        date: people.ada.objects.date,
        ids: [...people.ada.objects.ids, ...people.grace.objects.ids],
      };
      let seen = 0;
      let oracle: Served | null = null;
      for (let seed = SEED; seed < SEED + OPERATIONS; seed++) {
        const query = randomQuery(seed, known);
        // Both ask the same, at the same time and again, wherever they happen to be sent.
        const turns = [...NAMES, ...NAMES]
          .map((name) => ({ name, at: hot[Math.floor(random() * hot.length)] as Served, order: random() }))
          .toSorted((a, b) => a.order - b.order);
        const cold = await Promise.all(turns.slice(0, 2).map(({ at, name }) => ask(at, name, query)));
        const warm = await Promise.all(turns.slice(2).map(({ at, name }) => ask(at, name, query)));
        const answers = [...cold, ...warm].map((text, index) => ({ text, name: turns[index]?.name as Name }));

        if ((seed - SEED) % 20 === 0) {
          await oracle?.gateway.close();
          oracle = await serve({ CACHE_MAX_BYTES: '0' });
        }
        for (const name of NAMES) {
          const alone = withoutChance(await ask(oracle as Served, name, query));
          const other: Name = name === 'ada' ? 'grace' : 'ada';
          for (const { text } of answers.filter((answer) => answer.name === name)) {
            expect(withoutChance(text), `seed ${seed}: ${query}`).toBe(alone);
            expect(
              people[other].traces.filter((trace) => text.includes(trace)),
              `seed ${seed}: ${query}`,
            ).toEqual([]);
            if (people[name].traces.some((trace) => text.includes(trace))) seen += 1;
          }
        }
      }
      await oracle?.gateway.close();
      // They do find what is their own, so that there was something to be mixed up.
      expect(seen).toBeGreaterThan(OPERATIONS / 4);
    },
    240_000,
  );
});
