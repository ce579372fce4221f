import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenDemo, openDemo } from '../open-demo.ts';

let demo: OpenDemo;
beforeAll(async () => {
  demo = await openDemo({ only: ['users'] });
});
afterAll(() => demo[Symbol.asyncDispose]());

const signIn = (email: string, password: string) => demo.post('users', '/sessions', { email, password });
const alan = { name: 'Alan Turing', email: 'Alan@Example.com', password: 'bombe-and-more' };

describe('signing in', () => {
  it.each([
    ['ada@example.com', '1'],
    ['GRACE@example.com', '2'],
    ['root@example.com', '3'],
  ])('%s', async (email, id) => {
    const { status, body, headers } = await signIn(email, 'waterfall');
    expect(status).toBe(201);
    expect(body.user).toMatchObject({ id, email: email.toLowerCase() });
    expect(Date.parse(body.expiresAt) - Date.now()).toBeGreaterThan(3_590_000);
    expect(headers.get('cache-control')).toBe('no-store');
  });

  it('says the same of an unknown address as of a wrong password', async () => {
    const [wrong, unknown] = [
      await signIn('ada@example.com', 'nope'),
      await signIn('no@example.com', 'nope'),
    ];
    expect(wrong.status).toBe(401);
    expect(wrong.body).toMatchObject({ type: 'https://weir.example/problems/invalid-credentials' });
    expect([unknown.status, unknown.body]).toEqual([wrong.status, wrong.body]);
  });

  it('takes as long for an unknown address as for a wrong password', async () => {
    const medianOf = async (email: string) => {
      const times: number[] = [];
      for (let time = 0; time < 9; time++) {
        const startedAt = performance.now();
        await signIn(email, 'not the password');
        times.push(performance.now() - startedAt);
      }
      return times.sort((a, b) => a - b)[4] ?? 0;
    };
    const [known, unknown] = [await medianOf('ada@example.com'), await medianOf('nobody@example.com')];
    // Without a hash to check it would be over in a tenth of the time.
    expect(unknown / known).toBeGreaterThan(0.4);
    expect(unknown / known).toBeLessThan(2.5);
  });

  it.each([[{ email: 'ada@example.com' }], [{ email: '', password: 'x' }], [{ email: 1, password: 'x' }]])(
    'does not understand %j',
    async (body) => {
      expect((await demo.post('users', '/sessions', body)).status).toBe(400);
    },
  );
});

describe('machine tokens', () => {
  it('are given for the right id and secret only', async () => {
    const ask = (clientId: string, clientSecret: string) =>
      demo.post('users', '/tokens', { clientId, clientSecret });
    expect((await ask('weir-gateway', 'weir-demo-secret')).status).toBe(201);
    expect((await ask('weir-gateway', 'weir-demo-secre')).status).toBe(401);
    expect((await ask('weir', 'weir-demo-secret')).status).toBe(401);
  });
});

describe('registering', () => {
  it('makes a user who can sign in, once for a key, and keeps the address for them', async () => {
    const machine = { ...(await demo.machine()), 'idempotency-key': 'alan' };
    const made = await demo.post('users', '/users', alan, machine);
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({ name: 'Alan Turing', email: 'Alan@Example.com' });
    expect(JSON.stringify(made.body)).not.toMatch(/password|scrypt/);
    const again = await demo.post('users', '/users', alan, machine);
    expect(again.body).toEqual(made.body);
    const session = await signIn('alan@example.com', alan.password);
    expect(session.body.user).toEqual(made.body);
    const found = await demo.get('users', '/users?idempotencyKey=alan', machine);
    expect(found.body.items).toEqual([made.body]);
    const other = await demo.post('users', '/users', { ...alan, password: 'another one' }, machine);
    expect(other.status).toBe(422);
  });

  it('takes an address once, whatever its case', async () => {
    const machine = await demo.machine();
    const { status, body } = await demo.post(
      'users',
      '/users',
      { ...alan, email: 'ADA@example.com' },
      machine,
    );
    expect([status, body.type]).toEqual([409, 'https://weir.example/problems/email-taken']);
  });

  it('has one effect where the same address registers at once under different keys', async () => {
    const machine = await demo.machine();
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        demo.post(
          'users',
          '/users',
          { ...alan, email: 'twin@example.com' },
          { ...machine, 'idempotency-key': `twin-${index}` },
        ),
      ),
    );
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([201, ...Array.from({ length: 9 }, () => 409)]);
  });

  it.each([
    ['a short password', { ...alan, password: 'short' }],
    ['no e-mail address', { ...alan, email: 'alan' }],
    ['no name', { ...alan, name: '   ' }],
    ['a scope of their own', { ...alan, scope: 'admin' }],
  ])('refuses %s', async (_, body) => {
    expect((await demo.post('users', '/users', body, await demo.machine())).status).toBe(400);
  });

  it('is for machines', async () => {
    expect((await demo.post('users', '/users', alan)).status).toBe(401);
    expect((await demo.post('users', '/users', alan, await demo.person('root'))).status).toBe(403);
  });
});

describe('the keys', () => {
  it('are public keys, and stay the same over a restart', async () => {
    const { body, headers } = await demo.get('users', '/.well-known/jwks.json');
    expect(headers.get('cache-control')).toBe('public, max-age=300');
    expect(body.keys).toHaveLength(1);
    expect(body.keys[0]).toMatchObject({ kty: 'EC', crv: 'P-256', alg: 'ES256', use: 'sig' });
    expect(body.keys[0]).not.toHaveProperty('d');
    await demo.restart();
    expect((await demo.get('users', '/.well-known/jwks.json')).body).toEqual(body);
  });
});
