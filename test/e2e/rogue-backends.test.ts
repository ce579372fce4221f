import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { backends } from '../../src/backends.ts';
import type { ClientAnswer } from '../graphql-client.ts';
import { startWeir, type Weir } from '../start-weir.ts';
import { type Between, CANARY, type Passing, standBetween, twistsOf } from './between.ts';

const DAY = new Date(Date.now() + 10 * 86_400_000).toISOString().slice(0, 10);

/** Everything that is read of every backend that is read, each by every way that a client has to it. */
const EVERYTHING = /* GraphQL */ `
  query Everything {
    me {
      id name email createdAt
      orders(first: 2) {
        totalCount
        pageInfo { hasNextPage endCursor }
        edges { cursor }
        nodes {
          id status placedAt total { amount currency }
          customer { id name }
          items { quantity unitPrice { amount currency } product { id name } }
          payment { id status amount { amount } }
        }
      }
      bookings(first: 2) {
        totalCount
        nodes { id reference status passengers { name } total { amount } flight { number departsAt airline } payment { status } }
      }
    }
    products(first: 2, search: "a") {
      totalCount
      nodes { id name description category imageUrl price { amount currency } stock { available } }
    }
    flights(search: { origin: "LHR", destination: "JFK", date: "${DAY}" }, first: 2) {
      totalCount
      nodes { id number departsAt arrivesAt origin { code name city timeZone } offer { seatsLeft expiresAt price { amount } token } }
    }
    airports { code name }
  }
`;

const { notifications: _, ...readable } = backends;
const names = Object.keys(readable);

interface Mode {
  readonly name: string;
  readonly answer: (response: ServerResponse, passing: Passing) => void;
}

const told = { server: CANARY, 'x-powered-by': CANARY, 'www-authenticate': `Bearer realm="${CANARY}"` };
const problem = JSON.stringify({
  type: `https://${CANARY}/problems/x`,
  title: CANARY,
  detail: CANARY,
  instance: CANARY,
  stack: `Error: ${CANARY}\n at a.ts`,
});

const status = (code: number, type: string, body: string): Mode => ({
  name: `${code} ${type}`,
  answer: (response) => response.writeHead(code, { ...told, 'content-type': type }).end(body),
});

/** Ways to say too much. */
const modes: readonly Mode[] = [
  ...[400, 401, 403, 404, 409, 422, 429, 500, 502, 503].map((code) =>
    status(code, 'application/problem+json', problem),
  ),
  status(404, 'text/html', `<h1>${CANARY}</h1>`),
  status(500, 'text/html', `<h1>${CANARY}</h1>`),
  status(200, 'text/html', `<h1>${CANARY}</h1>`),
  status(200, 'application/json', `{"items":[{"id":"${CANARY}"`),
  status(200, 'application/json', ''),
  status(200, 'application/json', JSON.stringify(CANARY)),
  status(200, 'application/json', JSON.stringify({ [CANARY]: CANARY })),
  status(204, 'application/json', ''),
  {
    name: 'a redirect',
    answer: (response) => response.writeHead(302, { ...told, location: `http://${CANARY}/` }).end(CANARY),
  },
  {
    name: 'half of it',
    answer: (response, { body }) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': String(body.length) });
      response.write(body.slice(0, body.length / 2));
      setImmediate(() => response.destroy());
    },
  },
  { name: 'no HTTP', answer: (response) => response.socket?.end(`${CANARY}\r\n\r\n`) },
  { name: 'a reset', answer: (response) => response.socket?.resetAndDestroy() },
  {
    name: 'a header that cannot be',
    answer: (response) => response.socket?.end(`HTTP/1.1 200 OK\r\n${CANARY}\r\ncontent-length: 2\r\n\r\n{}`),
  },
];

/** Ways in which an operation is answered. */
const ways: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  plainly: {},
  'with its waterfall': { 'x-weir-trace': '1', 'x-weir-explain': '1' },
};

const isOurs = /^(?:UPSTREAM_\w+|DEADLINE_EXCEEDED)$/;
const internal = new RegExp(
  `${CANARY}|127\\.0\\.0\\.1|localhost|<h1|\\bat \\S+\\.ts|node_modules|zod|undici|TypeError`,
  'i',
);

/** Fails where an answer says more of a backend than its name, or says it with another code than a backend's. */
function expectDiscreet({ errors, extensions }: ClientAnswer, backend: string, what: string): void {
  for (const { message, extensions: said } of errors) {
    expect(said.code, `${what}: ${message}`).toMatch(isOurs);
    expect(said.backend, `${what}: ${message}`).toBe(backend);
  }
  expect(JSON.stringify({ errors, extensions }), what).not.toMatch(internal);
}

/** What is missing of a good answer, as paths; fails where something is other than it was, without an error there. */
function expectRest(data: unknown, good: unknown, errors: ClientAnswer['errors'], what: string): void {
  const blamed = errors.map(({ path = [] }) => path.join('.'));
  const walk = (value: unknown, whole: unknown, path: string): void => {
    if (value === null && whole !== null) {
      const explained = blamed.some((place) => place === path || place.startsWith(`${path}.`));
      expect(explained, `${what}: ${path} is null, and no error says why`).toBe(true);
    } else if (typeof whole === 'object' && whole !== null) {
      for (const [name, inner] of Object.entries(whole)) {
        if (name !== 'token' && name !== 'expiresAt')
          walk((value as Record<string, unknown>)[name], inner, path === '' ? name : `${path}.${name}`);
      }
    } else expect(value, `${what}: ${path}`).toEqual(whole);
  };
  walk(data, good, '');
}

describe.each(['development', 'production'] as const)('rogue backends, in %s', (mode) => {
  const between = new Map<string, Between>();
  let weir: Weir;
  let token: string;
  let good: ClientAnswer;
  const ask = (headers: Readonly<Record<string, string>> = {}) => weir.ask(EVERYTHING, { token, headers });
  const standing = (backend: string): Between => {
    const one = between.get(backend);
    if (one === undefined) throw new Error(`nothing stands before ${backend}`);
    return one;
  };

  beforeAll(async () => {
    for (const name of names) between.set(name, await standBetween(name));
    const addresses = [...between].map(([name, { url }]) => [`${name.toUpperCase()}_URL`, url]);
    weir = await startWeir({
      ...Object.fromEntries(addresses),
      ...(mode === 'production' ? { NODE_ENV: 'production', EXPLORER: 'false', ADMIN_PORT: '0' } : {}),
      RATE_LIMIT: '0',
    });
    for (const [name, one] of between) one.target = weir.backends[name] ?? '';
    token = await weir.signIn();
    good = await ask();
  });
  afterAll(async () => {
    await weir?.[Symbol.asyncDispose]();
    for (const one of between.values()) await one[Symbol.asyncDispose]();
  });

  const becomesWell = async (what: string): Promise<void> => {
    const endsAt = performance.now() + 10_000;
    while ((await ask()).errors.length > 0) {
      expect(performance.now(), `${what}, and is not well again`).toBeLessThan(endsAt);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };

  it('the question touches every backend that is read', async () => {
    expect(good.errors).toEqual([]);
    const touched = new Set<string>();
    for (const [name, one] of between) {
      one.spoil = () => {
        touched.add(name);
        return false;
      };
    }
    await ask();
    for (const one of between.values()) one.spoil = null;
    expect([...touched].sort()).toEqual(names.toSorted());
  });

  it.each(names)(
    '%s costs its own fields, and tells nothing, whatever it says',
    { timeout: 300_000 },
    async (backend) => {
      const one = standing(backend);
      for (const { name, answer } of modes) {
        one.spoil = (passing, response) => {
          answer(response, passing);
          return true;
        };
        const answers = await Promise.all(
          Object.entries(ways).map(async ([way, headers]) => ({ way, spoiled: await ask(headers) })),
        );
        one.spoil = null;
        for (const { way, spoiled } of answers) {
          const what = `${backend} answers ${name}, asked ${way}`;
          expect(spoiled.status, what).toBe(200);
          expectDiscreet(spoiled, backend, what);
          // That there is no such object is no error; and only pricing is asked for one.
          const isAbsent = backend === 'pricing' && name === '404 application/problem+json';
          expect(spoiled.errors.length > 0, what).toBe(!isAbsent);
          if (!isAbsent) expectRest(spoiled.data, good.data, spoiled.errors, what);
        }
        await becomesWell(`${backend} answered ${name}`);
      }
    },
  );

  it.each(names)(
    '%s tells nothing, whatever shape its answers have',
    { timeout: 300_000 },
    async (backend) => {
      const one = standing(backend);
      const answers = new Map<string, string>();
      one.spoil = ({ route, body }) => {
        if (!answers.has(route)) answers.set(route, body);
        return false;
      };
      await ask();
      let twisted = 0;
      for (const [route, body] of answers) {
        for (const twist of twistsOf(body)) {
          one.spoil = (passing, response) => {
            if (passing.route !== route) return false;
            response.writeHead(200, { 'content-type': 'application/json' }).end(twist.body);
            return true;
          };
          const answer = await ask();
          expect(answer.status, `${route} ${twist.name}`).toBe(200);
          expectDiscreet(answer, backend, `${route} ${twist.name}`);
          twisted += 1;
        }
      }
      one.spoil = null;
      expect(twisted).toBeGreaterThan(20);
    },
  );
});
