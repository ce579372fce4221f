import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { exportJWK, generateKeyPair, importJWK, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type Credentials, type OpenDemo, openDemo } from './open-demo.ts';

let demo: OpenDemo;
beforeAll(async () => {
  demo = await openDemo();
});
afterAll(() => demo[Symbol.asyncDispose]());

const adas = { orders: '', payments: '', bookings: '' };
const graces = { orders: '', payments: '', bookings: '' };
type Owned = keyof typeof adas;
const owned: readonly Owned[] = ['orders', 'payments', 'bookings'];

beforeAll(async () => {
  for (const [userId, ids] of [
    ['1', adas],
    ['2', graces],
  ] as const) {
    const machine = await demo.machine(userId);
    for (const backend of ['orders', 'bookings'] as const) {
      const { body } = await demo.get(
        backend,
        `/${backend}?userIds=${userId}&status=CONFIRMED&limit=1`,
        machine,
      );
      ids[backend] = body.items[0].items[0].id;
    }
    const { body } = await demo.get('payments', `/payments?subjects=orders/${ids.orders}`, machine);
    ids.payments = body.items[0].id;
  }
});

/** Everybody who can ask, and whose things they see. */
const callers: readonly [string, () => Promise<Credentials>, readonly string[]][] = [
  ['Ada', () => demo.person('ada'), ['1']],
  ['Grace', () => demo.person('grace'), ['2']],
  ['an administrator', () => demo.person('root'), ['1', '2']],
  ['a machine', () => demo.machine(), ['1', '2']],
  ['a machine for Ada', () => demo.machine('1'), ['1']],
  ['a machine for a stranger', () => demo.machine('no-such-user'), []],
  [
    'Ada who claims to act for Grace',
    async () => ({ ...(await demo.person('ada')), 'x-on-behalf-of': '2' }),
    ['1'],
  ],
];

describe.each(owned)('who sees what of %s', (backend) => {
  it.each(callers)('%s', async (_, credentialsOf, seen) => {
    const credentials = await credentialsOf();
    const [ada, grace] = [adas[backend], graces[backend]];
    const expected = [...(seen.includes('1') ? [ada] : []), ...(seen.includes('2') ? [grace] : [])];
    const list = await demo.get(backend, `/${backend}?ids=${ada},${grace}`, credentials);
    expect(list.body.items.map(({ id }: { id: string }) => id)).toEqual(expected);
    for (const id of [ada, grace]) {
      const one = await demo.get(backend, `/${backend}/${id}`, credentials);
      expect(one.status).toBe(expected.includes(id) ? 200 : 404);
      // What is not there, and what is somebody else's, look the same.
      const nothing = await demo.get(backend, `/${backend}/no-such-thing`, credentials);
      if (one.status === 404) expect(one.body).toEqual(nothing.body);
    }
    if (backend === 'payments') return;
    const pages = await demo.get(backend, `/${backend}?userIds=1,2&limit=1`, credentials);
    expect(pages.body.items.map(({ userId }: { userId: string }) => userId)).toEqual(seen);
  });

  it('nobody without a token', async () => {
    for (const path of [`/${backend}?ids=${adas[backend]}`, `/${backend}/${adas[backend]}`]) {
      const { status, headers, body } = await demo.get(backend, path);
      expect(status).toBe(401);
      expect(headers.get('www-authenticate')).toMatch(/^Bearer/);
      expect(body.type).toBe('https://weir.example/problems/unauthenticated');
    }
  });
});

describe('payments by subject', () => {
  it('leave out those of others', async () => {
    const path = `/payments?subjects=orders/${adas.orders},orders/${graces.orders}`;
    const { body } = await demo.get('payments', path, await demo.person('ada'));
    expect(body.items.map(({ subject }: { subject: string }) => subject)).toEqual([`orders/${adas.orders}`]);
  });
});

describe('writes', () => {
  const charge = {
    userId: '2',
    subject: 'orders/1',
    amount: { amount: 1, currency: 'EUR' },
    paymentToken: 'tok_ok',
  };

  it('are for machines', async () => {
    expect((await demo.post('payments', '/charges', charge)).status).toBe(401);
    expect((await demo.post('payments', '/charges', charge, await demo.person('grace'))).status).toBe(403);
    expect((await demo.post('payments', '/charges', charge, await demo.person('root'))).status).toBe(403);
  });

  it('are refused for another user than the one acted for', async () => {
    const machine = await demo.machine('1');
    const answer = await demo.post('payments', '/charges', charge, machine);
    expect(answer.status).toBe(403);
    expect((await demo.post('payments', `/charges/${graces.payments}/refunds`, {}, machine)).status).toBe(
      404,
    );
    expect((await demo.post('orders', `/orders/${graces.orders}/cancel`, {}, machine)).status).toBe(404);
    expect((await demo.post('bookings', `/bookings/${graces.bookings}/cancel`, {}, machine)).status).toBe(
      404,
    );
  });

  it('are refused on behalf of what is no id', async () => {
    const machine = { ...(await demo.machine()), 'x-on-behalf-of': 'a b' };
    expect((await demo.get('orders', '/orders?ids=1', machine)).status).toBe(400);
  });
});

describe('a user', () => {
  const emailsFor = async (credentials: Credentials) => {
    const { body } = await demo.get('users', '/users?ids=1,2', credentials);
    return body.items.map(({ email }: { email?: string }) => email ?? null);
  };

  it('shows the address to themself, to administrators and to machines alone', async () => {
    const [ada, grace] = ['ada@example.com', 'grace@example.com'];
    expect(await emailsFor({})).toEqual([null, null]);
    expect(await emailsFor(await demo.person('ada'))).toEqual([ada, null]);
    expect(await emailsFor(await demo.person('root'))).toEqual([ada, grace]);
    expect(await emailsFor(await demo.machine())).toEqual([ada, grace]);
    expect(await emailsFor(await demo.machine('2'))).toEqual([null, grace]);
  });

  it('is not shown to a bad token, not even the public part', async () => {
    expect((await demo.get('users', '/users?ids=1', { authorization: 'Bearer x.y.z' })).status).toBe(401);
  });
});

/** The key that the users backend signs with, taken out of its store. */
async function signingKeyOf({ dataDir }: OpenDemo) {
  const database = new DatabaseSync(join(dataDir, 'demo', 'users.sqlite'), { readOnly: true });
  const row = database.prepare('SELECT kid, private_jwk FROM signing_key').get();
  database.close();
  const { kid, private_jwk } = z.object({ kid: z.string(), private_jwk: z.string() }).parse(row);
  return { kid, key: await importJWK(JSON.parse(private_jwk), 'ES256') };
}

describe('a token is refused', () => {
  const claims = { scope: 'admin', client_id: 'weir-demo-app' };
  const tokenOf = (
    key: CryptoKey | Uint8Array,
    header: { alg: string; [name: string]: unknown },
    change = {},
  ) => {
    const { issuer, audience, expires } = { issuer: 'weir-demo', audience: 'weir', expires: '1h', ...change };
    return new SignJWT(claims)
      .setProtectedHeader(header)
      .setSubject('1')
      .setIssuer(issuer)
      .setAudience(audience)
      .setExpirationTime(expires)
      .sign(key);
  };
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const refused = async (token: string) => {
    for (const backend of ['users', 'orders']) {
      const { status, body } = await demo.get(backend, `/${backend}?ids=1`, {
        authorization: `Bearer ${token}`,
      });
      expect(status).toBe(401);
      expect(body).toMatchObject({ type: 'https://weir.example/problems/unauthenticated', status: 401 });
    }
  };

  it('without a signature', async () => {
    const body = encode({ ...claims, sub: '1', iss: 'weir-demo', aud: 'weir', exp: Date.now() });
    await refused(`${encode({ alg: 'none' })}.${body}.`);
  });

  it('with the public key as a secret', async () => {
    const [key] = (await demo.get('users', '/.well-known/jwks.json')).body.keys;
    const secret = new TextEncoder().encode(JSON.stringify(key));
    await refused(await tokenOf(secret, { alg: 'HS256', kid: key.kid }));
  });

  it('by another key, whether it brings that key along, says where it is, or claims the right name', async () => {
    const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
    const [{ kid }] = (await demo.get('users', '/.well-known/jwks.json')).body.keys;
    await refused(await tokenOf(privateKey, { alg: 'ES256' }));
    await refused(await tokenOf(privateKey, { alg: 'ES256', kid }));
    await refused(await tokenOf(privateKey, { alg: 'ES256', jwk: await exportJWK(publicKey) }));
    await refused(await tokenOf(privateKey, { alg: 'ES256', jku: `${demo.urls.products}/products/1` }));
    expect(await demo.calls('products')).toEqual([]);
  });

  it('that is signed rightly but comes from elsewhere, is meant for others, or has ended', async () => {
    const { key, kid } = await signingKeyOf(demo);
    const header = { alg: 'ES256', kid };
    const good = await tokenOf(key, header);
    expect((await demo.get('orders', '/orders?ids=1', { authorization: `Bearer ${good}` })).status).toBe(200);
    await refused(await tokenOf(key, header, { issuer: 'somebody' }));
    await refused(await tokenOf(key, header, { audience: 'others' }));
    await refused(await tokenOf(key, header, { expires: new Date(Date.now() - 1_000) }));
  });

  it('as soon as it ends, though it was good before', async () => {
    const { key, kid } = await signingKeyOf(demo);
    const expires = new Date((Math.floor(Date.now() / 1000) + 2) * 1000);
    const token = await tokenOf(key, { alg: 'ES256', kid }, { expires });
    const authorization = `Bearer ${token}`;
    expect((await demo.get('orders', '/orders?ids=1', { authorization })).status).toBe(200);
    await delay(expires.getTime() - Date.now() + 5);
    expect((await demo.get('orders', '/orders?ids=1', { authorization })).status).toBe(401);
  });

  it('that is not shaped like one', async () => {
    for (const token of ['x', 'x.y', 'x.y.z', '..', encode({})]) await refused(token);
    for (const authorization of ['Basic YWRhOmFkYQ==', 'Bearer', 'Bearer a b']) {
      expect((await demo.get('orders', '/orders?ids=1', { authorization })).status).toBe(401);
    }
  });
});

describe('tokens of the users backend', () => {
  it('carry who, what for and for how long', async () => {
    const claimsOf = (credentials: Credentials) =>
      JSON.parse(Buffer.from(credentials.authorization?.split('.')[1] ?? '', 'base64url').toString());
    const ada = claimsOf(await demo.person('ada'));
    expect(ada).toMatchObject({
      iss: 'weir-demo',
      aud: 'weir',
      sub: '1',
      scope: '',
      client_id: 'weir-demo-app',
    });
    expect(ada.exp - Date.now() / 1000).toBeCloseTo(3600, -2);
    expect(claimsOf(await demo.person('root'))).toMatchObject({ scope: 'admin explore' });
    expect(claimsOf(await demo.machine())).toMatchObject({ scope: 'machine', client_id: 'weir-gateway' });
  });

  it('hold after a restart', async () => {
    const ada = await demo.person('ada');
    await demo.restart();
    expect((await demo.get('orders', `/orders/${adas.orders}`, ada)).status).toBe(200);
  });

  it('are believed while the users backend is away, once its keys are known', async () => {
    await using keys = await openDemo({ only: ['users'] });
    await using others = await openDemo({
      only: ['orders'],
      jwksUrl: `${keys.urls.users}/.well-known/jwks.json`,
    });
    const [ada, grace] = [await keys.person('ada'), await keys.person('grace')];
    expect((await others.get('orders', '/orders?ids=1', ada)).status).toBe(200);
    await keys[Symbol.asyncDispose]();
    expect((await others.get('orders', '/orders?ids=1', grace)).status).toBe(200);
    await others.restart();
    const unknown = await others.get('orders', '/orders?ids=1', grace);
    expect(unknown.status).toBe(503);
    expect(unknown.headers.get('retry-after')).toBe('1');
    expect(unknown.body.type).toBe('https://weir.example/problems/unavailable');
  });
});
