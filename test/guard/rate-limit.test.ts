import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { createGateway, type Gateway } from '../../src/gateway.ts';
import { createClientAddress } from '../../src/guard/client-address.ts';
import { createMemoryWindows } from '../../src/guard/windows.ts';
import type { ClientAnswer } from '../graphql-client.ts';
import { hasRedis, type RedisServer, startRedis } from '../http/cache/redis-server.ts';
import { startWeir, type Weir } from '../start-weir.ts';

/** One REST call an operation, none of them from a cache. */
const ONE_CALL = '{ product(id: "Product:1") { name } }';
/** One that is never shared with another operation, since it carries the viewer's token. */
const OWN_CALL = '{ me { email } }';
/** Two: the product and its stock. */
const TWO_CALLS = '{ product(id: "Product:1") { name stock { available } } }';

const codeOf = ({ errors }: ClientAnswer): string => errors[0]?.extensions.code ?? 'ok';

/** What the headers say is left. */
const leftIn = ({ headers }: ClientAnswer): number =>
  Number(/r=(\d+)/.exec(headers.get('ratelimit') ?? '')?.[1]);

describe('the rate limit', () => {
  let weir: Weir;
  beforeEach(async () => {
    weir = await startWeir({ RATE_LIMIT: '20', TRUSTED_PROXIES: '127.0.0.1', MAX_UPSTREAM_CALLS: '1000' });
  });
  afterEach(async () => weir[Symbol.asyncDispose]());

  it('charges the calls that were really made, and tells in headers what is left', async () => {
    const token = await weir.signIn();
    const first = await weir.ask(TWO_CALLS, { token });
    expect(first.headers.get('ratelimit-policy')).toBe('"calls";q=20;w=60');
    expect(first.headers.get('ratelimit')).toMatch(/^"calls";r=18;t=(60|59|58)$/);
    // It may cost a call for each of 60 flights, and costs one, since there are no such flights.
    const cheap = await weir.ask(
      '{ flights(search: { origin: "LHR", destination: "XXX", date: "2020-01-01" }, first: 60) { nodes { offer { token } } } }',
      { token },
    );
    expect(cheap.errors).toEqual([]);
    expect(leftIn(cheap)).toBe(17);
  });

  it('refuses with a code, the limit, and when to come again, once all is spent', async () => {
    const token = await weir.signIn();
    const codes: string[] = [];
    for (let index = 0; index < 12; index++) codes.push(codeOf(await weir.ask(TWO_CALLS, { token })));
    expect(codes).toEqual([...Array(10).fill('ok'), 'RATE_LIMITED', 'RATE_LIMITED']);
    await weir.forgetCalls();
    const refused = await weir.ask(TWO_CALLS, { token });
    expect(refused.status).toBe(429);
    expect(refused.data).toBeUndefined();
    expect(refused.errors[0]?.extensions).toMatchObject({
      code: 'RATE_LIMITED',
      retryable: true,
      limit: 20,
      actual: 20,
      hint: expect.stringContaining('Wait'),
    });
    const seconds = Number(refused.headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(50);
    expect(refused.errors[0]?.extensions.retryAfter).toBe(seconds);
    expect(refused.headers.get('ratelimit')).toBe(`"calls";r=0;t=${seconds}`);
    expect(await weir.allCalls()).toEqual([]);
    // What costs nothing is not refused.
    expect(codeOf(await weir.ask('{ __typename }', { token }))).toBe('ok');
  });

  it('is each viewer’s own, and for the anonymous each address’s', async () => {
    const ada = await weir.signIn('ada@example.com');
    const grace = await weir.signIn('grace@example.com');
    const from = (address: string) => ({ headers: { 'x-forwarded-for': address } });
    for (let index = 0; index < 10; index++) await weir.ask(TWO_CALLS, { token: ada });
    expect(codeOf(await weir.ask(TWO_CALLS, { token: ada }))).toBe('RATE_LIMITED');
    expect(codeOf(await weir.ask(TWO_CALLS, { token: ada, ...from('9.9.9.9') }))).toBe('RATE_LIMITED');
    expect(codeOf(await weir.ask(TWO_CALLS, { token: grace }))).toBe('ok');
    for (let index = 0; index < 10; index++) await weir.ask(TWO_CALLS, from('1.2.3.4'));
    expect(codeOf(await weir.ask(TWO_CALLS, from('1.2.3.4')))).toBe('RATE_LIMITED');
    expect(codeOf(await weir.ask(TWO_CALLS, from('7.7.7.7, 1.2.3.4')))).toBe('RATE_LIMITED');
    expect(codeOf(await weir.ask(TWO_CALLS, from('1.2.3.5')))).toBe('ok');
    for (let index = 0; index < 10; index++) await weir.ask(TWO_CALLS, from(`2001:db8:0:1::${index}`));
    expect(codeOf(await weir.ask(TWO_CALLS, from('2001:db8:0:1:ffff::1')))).toBe('RATE_LIMITED');
    expect(codeOf(await weir.ask(TWO_CALLS, from('2001:db8:0:2::1')))).toBe('ok');
  });

  it('cannot be outrun by asking all at once', async () => {
    const token = await weir.signIn();
    await weir.forgetCalls();
    const answers = await Promise.all(Array.from({ length: 60 }, () => weir.ask(OWN_CALL, { token })));
    expect(answers.filter((answer) => codeOf(answer) === 'ok')).toHaveLength(20);
    expect(await weir.calls('users')).toHaveLength(20);
  });

  it('counts calls of operations that fail', async () => {
    const token = await weir.signIn();
    await weir.fault('products', { errorRate: 1, status: 500 });
    expect(leftIn(await weir.ask(ONE_CALL, { token }))).toBeLessThan(20);
  });
});

describe('without a rate limit', () => {
  it('nothing is counted and no header says so', async () => {
    await using weir = await startWeir({ RATE_LIMIT: '0' });
    const { headers } = await weir.ask(ONE_CALL);
    expect(headers.get('ratelimit')).toBeNull();
  });
});

describe('attempts to sign in', () => {
  let weir: Weir;
  beforeEach(async () => {
    weir = await startWeir({ SIGN_IN_LIMIT: '5', SIGN_IN_ADDRESS_LIMIT: '12' });
  });
  afterEach(async () => weir[Symbol.asyncDispose]());

  const attempt = (email: string, password: string, alias = 'signIn'): string =>
    `${alias}: signIn(input: { email: "${email}", password: "${password}" }) { accessToken problems { code } }`;
  const signIn = (email: string, password = 'wrong'): Promise<ClientAnswer> =>
    weir.ask(`mutation { ${attempt(email, password)} }`);

  it('are limited an account, however its address is written, and wherever it stands', async () => {
    for (const email of ['ada@example.com', ' ADA@example.com', 'Ada@Example.com ']) {
      expect((await signIn(email)).data.signIn.problems[0].code).toBe('INVALID_CREDENTIALS');
    }
    const variable =
      'mutation ($input: SignInInput!) { ...F } fragment F on Mutation { x: signIn(input: $input) { accessToken } }';
    for (let index = 0; index < 2; index++) {
      const { errors } = await weir.ask(variable, {
        variables: { input: { email: 'ada@example.com', password: 'no' } },
      });
      expect(errors).toEqual([]);
    }
    await weir.forgetCalls();
    const refused = await signIn('ada@example.com', 'waterfall');
    expect([refused.status, codeOf(refused), refused.data]).toEqual([429, 'RATE_LIMITED', undefined]);
    expect(refused.errors[0]?.extensions).toMatchObject({
      limit: 5,
      actual: 6,
      retryAfter: expect.any(Number),
    });
    expect(refused.headers.get('ratelimit-policy')).toBe('"attempts";q=5;w=60');
    expect(await weir.allCalls()).toEqual([]);
    expect(codeOf(await signIn('grace@example.com'))).toBe('ok');
  });

  it('count each alias, and nothing of such an operation runs', async () => {
    await weir.forgetCalls();
    const guesses = Array.from({ length: 6 }, (_, index) =>
      attempt('ada@example.com', `guess${index}`, `a${index}`),
    );
    expect(codeOf(await weir.ask(`mutation { ${guesses.join(' ')} }`))).toBe('RATE_LIMITED');
    expect(await weir.calls('users')).toEqual([]);
  });

  it('are limited an address, whatever the accounts', async () => {
    for (let index = 0; index < 12; index++)
      expect(codeOf(await signIn(`nobody${index}@example.com`))).toBe('ok');
    expect(codeOf(await signIn('another@example.com'))).toBe('RATE_LIMITED');
    expect(codeOf(await weir.ask(ONE_CALL))).toBe('ok');
  });

  it('do not count where the password was right, whatever the client makes of the answer', async () => {
    for (let index = 0; index < 20; index++)
      expect((await signIn('ada@example.com', 'waterfall')).data.signIn.accessToken).toBeTruthy();
    const forged =
      'mutation { signIn(input: { email: "grace@example.com", password: "x" }) { accessToken: __typename } }';
    for (let index = 0; index < 5; index++) expect(codeOf(await weir.ask(forged))).toBe('ok');
    expect(codeOf(await weir.ask(forged))).toBe('RATE_LIMITED');
  });

  it('count registrations, but not one that is repeated with its key', async () => {
    const register = (email: string, key: string): Promise<ClientAnswer> =>
      weir.ask(
        `mutation { register(input: { name: "N", email: "${email}", password: "long enough", idempotencyKey: "${key}" }) { problems { code } } }`,
      );
    for (let index = 0; index < 20; index++) {
      expect(codeOf(await register('new@example.com', 'the same'))).not.toBe('RATE_LIMITED');
    }
    for (let index = 0; index < 4; index++) await register('new@example.com', `another ${index}`);
    expect(codeOf(await register('new@example.com', 'one more'))).toBe('RATE_LIMITED');
  });
});

describe('the address of a client', () => {
  const of = createClientAddress(['10.0.0.0/8', '192.0.2.7', '2001:db8:ffff::/48']);

  it.each([
    ['the other end', '203.0.113.9', undefined, '203.0.113.9'],
    ['the other end where that is no proxy', '203.0.113.9', '1.1.1.1', '203.0.113.9'],
    ['whom a proxy was called by', '10.0.0.1', '1.1.1.1', '1.1.1.1'],
    ['the last that no proxy can have made up', '10.0.0.1', '6.6.6.6, 1.1.1.1, 192.0.2.7', '1.1.1.1'],
    ['the outermost proxy where all are trusted', '10.0.0.1', '10.1.1.1, 10.2.2.2', '10.1.1.1'],
    ['the proxy itself where it says nothing', '10.0.0.1', '', '10.0.0.1'],
    ['the proxy itself where it says nonsense', '10.0.0.1', 'unknown', '10.0.0.1'],
    ['IPv4 in IPv6', '::ffff:203.0.113.9', undefined, '203.0.113.9'],
    ['a proxy as IPv4 in IPv6', '::ffff:10.0.0.1', '1.1.1.1:4711', '1.1.1.1'],
    ['the network of an IPv6 address', '2001:DB8::1', undefined, '2001:db8:0:0::/64'],
    ['the network behind a proxy', '2001:db8:ffff::1', '[2001:0db8:1:2:3::4]:443', '2001:db8:1:2::/64'],
    ['the network of a local address', 'fe80::1%eth0', undefined, 'fe80:0:0:0::/64'],
    ['nothing where the connection is gone', undefined, undefined, ''],
  ] as const)('is %s', (_, remote, forwardedFor, expected) => {
    expect(of(remote, forwardedFor)).toBe(expected);
  });
});

describe('windows', () => {
  it('end a minute after they began', () => {
    let now = 0;
    const windows = createMemoryWindows(() => now);
    windows.add('a', 5);
    now = 59_999;
    expect(windows.add('a', 1)).toEqual({ points: 6, endsInMs: 1, apart: 1 });
    now = 60_000;
    expect(windows.add('a', 1)).toEqual({ points: 1, endsInMs: 60_000, apart: 1 });
    expect(windows.add('a', -7).points).toBe(0);
  });

  it('forget those that were silent longest rather than fill the memory', () => {
    const windows = createMemoryWindows(Date.now, 1_000);
    windows.add('mine', 5);
    for (let index = 0; index < 5_000; index++) {
      windows.add(`a${index}`, 1);
      windows.add('mine', 0);
    }
    expect(windows.add('mine', 0).points).toBe(5);
    expect(windows.add('a0', 0).points).toBe(0);
  });
});

describe.runIf(hasRedis())('three replicas', () => {
  let redis: RedisServer;
  let weir: Weir;
  const gateways: Gateway[] = [];
  const urls: string[] = [];

  beforeAll(async () => {
    redis = await startRedis();
    weir = await startWeir();
    const addresses = Object.entries(weir.backends).map(([name, url]) => [`${name.toUpperCase()}_URL`, url]);
    for (const replica of ['a', 'b', 'c']) {
      const gateway = createGateway({
        config: readConfig({
          NODE_ENV: 'test',
          CACHE_MAX_BYTES: '0',
          REDIS_URL: `redis://127.0.0.1:${redis.port}`,
          REPLICA_ID: replica,
          RATE_LIMIT: '60',
          SIGN_IN_LIMIT: '6',
          ...Object.fromEntries(addresses),
        }),
      });
      gateways.push(gateway);
      urls.push(await gateway.listen(0, '127.0.0.1'));
    }
    // Each must have heard of the others, which takes one beat.
    await new Promise((resolve) => setTimeout(resolve, 5_500));
  });
  afterAll(async () => {
    for (const gateway of gateways) await gateway.close();
    await weir?.[Symbol.asyncDispose]();
    await redis?.[Symbol.asyncDispose]();
  });

  /** How many of so many requests were let in, spread over the replicas. */
  const admitted = async (
    count: number,
    query: string,
    token: string | null,
    atOnce = false,
  ): Promise<number> => {
    const ask = async (index: number): Promise<boolean> => {
      const response = await fetch(`${urls[index % urls.length]}/graphql`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(token ? { authorization: `Bearer ${token}` } : {}),
        },
        body: JSON.stringify({ query }),
      });
      await response.text();
      if (response.status !== 429) expect(response.status).toBe(200);
      return response.status === 200;
    };
    const results: boolean[] = [];
    if (atOnce) results.push(...(await Promise.all(Array.from({ length: count }, (_, index) => ask(index)))));
    else for (let index = 0; index < count; index++) results.push(await ask(index));
    return results.filter(Boolean).length;
  };

  it('admit the limit together, one after the other and all at once', async () => {
    expect(await admitted(90, OWN_CALL, await weir.signIn('ada@example.com'))).toBe(60);
    expect(await admitted(90, OWN_CALL, await weir.signIn('grace@example.com'), true)).toBe(60);
    const guess = 'mutation { signIn(input: { email: "ada@example.com", password: "x" }) { accessToken } }';
    expect(await admitted(12, guess, null)).toBe(6);
  });

  it('admit about a share each while Redis is frozen or gone, without a failure and without a wait', async () => {
    const token = await weir.signIn('root@example.com');
    redis.freeze();
    const startedAt = performance.now();
    const whileFrozen = await admitted(30, OWN_CALL, token);
    expect(whileFrozen).toBe(30);
    // Three replicas wait for it once in a second each, a quarter of a second: not each of thirty operations.
    expect(performance.now() - startedAt).toBeLessThan(6_000);
    redis.thaw();
    await redis.kill();
    const more = await admitted(90, OWN_CALL, token);
    expect(whileFrozen + more).toBeLessThanOrEqual(60 + 3);
    expect(whileFrozen + more).toBeGreaterThanOrEqual(50);
    await redis.start();
    await expect.poll(() => admitted(1, OWN_CALL, token), { timeout: 10_000 }).toBe(1);
  });
});
