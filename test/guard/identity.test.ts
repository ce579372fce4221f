import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, type GenerateKeyPairResult, generateKeyPair, SignJWT } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createIdentity, type Identity } from '../../src/guard/identity.ts';
import { createKeySet } from '../../src/guard/key-set.ts';

/** A real issuer on a port of its own: a key set that can change, fail, and be counted. */
class Issuer {
  readonly server: Server;
  readonly keys = new Map<string, GenerateKeyPairResult>();
  readonly algorithms = new Map<string, string>();
  fetches = 0;
  down = false;
  silent = false;

  constructor() {
    this.server = createServer(async (_, response) => {
      this.fetches += 1;
      if (this.silent) return;
      if (this.down) return response.writeHead(500).end();
      const keys = await Promise.all(
        [...this.keys].map(async ([kid, { publicKey }]) => ({
          ...(await exportJWK(publicKey)),
          kid,
          alg: this.algorithms.get(kid),
        })),
      );
      return response.end(JSON.stringify({ keys }));
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/jwks.json`;
  }

  async addKey(kid: string, algorithm = 'ES256'): Promise<void> {
    this.algorithms.set(kid, algorithm);
    this.keys.set(kid, await generateKeyPair(algorithm, { extractable: true }));
  }

  async token(
    kid: string,
    claims: Record<string, unknown> = {},
    header: Record<string, unknown> = {},
  ): Promise<string> {
    const pair = this.keys.get(kid);
    if (!pair) throw new Error(`no key ${kid}`);
    const { iss = 'weir-demo', aud = 'weir', exp = Math.floor(Date.now() / 1000) + 3600, ...rest } = claims;
    return new SignJWT({
      sub: '17',
      scope: 'admin explore',
      client_id: 'app',
      ...rest,
      iss,
      aud,
      exp,
    } as Record<string, unknown>)
      .setProtectedHeader({ alg: this.algorithms.get(kid) ?? 'ES256', kid, ...header })
      .sign(pair.privateKey);
  }
}

describe('identity', () => {
  let issuer: Issuer;
  let identity: Identity;
  let clock: number;

  beforeEach(async () => {
    issuer = new Issuer();
    await issuer.addKey('one');
    clock = Date.now();
    const now = (): number => clock;
    const keys = createKeySet({ urls: [await issuer.listen()], now });
    identity = createIdentity({ keys, issuer: 'weir-demo', audience: 'weir', now });
  });
  afterEach(() => issuer.server.close());

  const codeOf = (token: string): Promise<string> =>
    Promise.resolve(identity.identify(`Bearer ${token}`)).then(
      () => 'admitted',
      (error: { code: string }) => error.code,
    );

  it('knows nobody without a header', async () => {
    expect(await identity.identify(undefined)).toBeNull();
    expect(issuer.fetches).toBe(0);
  });

  it('reads who a good token speaks of, with one fetch of the keys for many', async () => {
    const token = await issuer.token('one');
    const viewers = await Promise.all(Array.from({ length: 50 }, () => identity.identify(`Bearer ${token}`)));
    expect(viewers[0]).toMatchObject({ id: '17', clientId: 'app', token });
    expect([...(viewers[0]?.scopes ?? [])]).toEqual(['admin', 'explore']);
    expect(issuer.fetches).toBe(1);
  });

  it('refuses every bad token alike, and asks nobody whom the token names', async () => {
    await issuer.addKey('weak', 'PS256');
    const other = new Issuer();
    await other.addKey('one');
    const foreign = await other.listen();
    const good = await issuer.token('one');
    const [head = '', body = '', signature = ''] = good.split('.');
    const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const bad = {
      'not signed': `${encode({ alg: 'none' })}.${body}.`,
      'signed with the public key as a secret': await new SignJWT({ sub: '17' })
        .setProtectedHeader({ alg: 'HS256', kid: 'one' })
        .setIssuer('weir-demo')
        .setAudience('weir')
        .setExpirationTime('1h')
        .sign(
          Buffer.from(
            JSON.stringify(await exportJWK((issuer.keys.get('one') as GenerateKeyPairResult).publicKey)),
          ),
        ),
      'foreign jku': await other.token('one', {}, { jku: foreign }),
      'foreign jwk': await other.token(
        'one',
        {},
        { jwk: await exportJWK((other.keys.get('one') as GenerateKeyPairResult).publicKey) },
      ),
      'unknown kid': await other.token('one', {}, { kid: 'two' }),
      expired: await issuer.token('one', { exp: Math.floor(Date.now() / 1000) - 1 }),
      'wrong issuer': await issuer.token('one', { iss: 'somebody' }),
      'wrong audience': await issuer.token('one', { aud: 'other' }),
      'no subject': await issuer.token('one', { sub: undefined }),
      'a subject that is no id': await issuer.token('one', { sub: '../17' }),
      'a machine': await issuer.token('one', { scope: 'machine' }),
      'another signature': `${head}.${body}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`,
      'no end': await issuer.token('one', { exp: null }),
      'an algorithm that is not taken': await issuer.token('weak'),
      'three dots': 'a.b.c',
      empty: '',
      'longer than a token is': await issuer.token('one', { more: 'x'.repeat(9_000) }),
    };
    for (const [name, token] of Object.entries(bad))
      expect([name, await codeOf(token)]).toEqual([name, 'UNAUTHENTICATED']);
    expect(await codeOf(good)).toBe('admitted');
    expect(other.fetches).toBe(0);
    other.server.close();
    await expect(identity.identify(`Basic ${good}`)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('stops believing a token when it ends', async () => {
    const token = await issuer.token('one', { exp: Math.floor(clock / 1000) + 10 });
    expect(await codeOf(token)).toBe('admitted');
    clock += 11_000;
    expect(await codeOf(token)).toBe('UNAUTHENTICATED');
  });

  it('takes a new key without a false refusal, and refuses a withdrawn one within a minute', async () => {
    const old = await issuer.token('one');
    expect(await codeOf(old)).toBe('admitted');
    await issuer.addKey('two');
    clock += 31_000;
    expect(await codeOf(await issuer.token('two'))).toBe('admitted');
    expect(await codeOf(old)).toBe('admitted');
    issuer.keys.delete('one');
    clock += 55_000;
    expect(await codeOf(old)).toBe('UNAUTHENTICATED');
  });

  it('forgets what it remembers of a key that is withdrawn', async () => {
    await codeOf(await issuer.token('one'));
    clock += 29_000;
    const late = await issuer.token('one');
    expect(await codeOf(late)).toBe('admitted');
    issuer.keys.delete('one');
    await issuer.addKey('two');
    clock += 23_000;
    expect(await codeOf(late)).toBe('UNAUTHENTICATED');
  });

  it('refuses nobody falsely while keys change under load', async () => {
    const codes: string[] = [];
    for (let turn = 1; turn <= 20; turn++) {
      const before = await issuer.token(turn === 1 ? 'one' : `turn ${turn - 1}`);
      await issuer.addKey(`turn ${turn}`);
      const after = await issuer.token(`turn ${turn}`);
      const { fetches } = issuer;
      codes.push(
        ...(await Promise.all(Array.from({ length: 40 }, (_, index) => codeOf(index % 2 ? before : after)))),
      );
      expect(issuer.fetches - fetches).toBe(1);
      // The key before the last is withdrawn: nobody holds a token of it any more.
      issuer.keys.delete(turn <= 2 ? 'one' : `turn ${turn - 2}`);
      clock += 30_000 + turn * 1_000;
    }
    expect(new Set(codes)).toEqual(new Set(['admitted']));
  });

  it('keeps the last good keys while nobody answers', async () => {
    const token = await issuer.token('one');
    expect(await codeOf(token)).toBe('admitted');
    issuer.down = true;
    for (let minute = 0; minute < 30; minute++) {
      clock += 60_000;
      expect(await codeOf(token)).toBe('admitted');
    }
    // Where nobody even hangs up, it is waited for once, and not by everybody again and again.
    issuer.silent = true;
    issuer.down = false;
    const startedAt = performance.now();
    for (let turn = 0; turn < 5; turn++) {
      clock += 10_000;
      expect(await codeOf(token)).toBe('admitted');
    }
    expect(performance.now() - startedAt).toBeLessThan(1_000);
    issuer.server.closeAllConnections();
  });

  it('refuses a withdrawn key after a long silence, even where the last look failed', async () => {
    const token = await issuer.token('one');
    await codeOf(token);
    issuer.down = true;
    clock += 31_000;
    await codeOf(token);
    await codeOf(token);
    issuer.down = false;
    issuer.keys.delete('one');
    await issuer.addKey('two');
    clock += 600_000;
    expect(await codeOf(token)).toBe('UNAUTHENTICATED');
    issuer.server.closeAllConnections();
  });

  it('cannot be made to fetch by a flood of unknown key ids', async () => {
    await codeOf(await issuer.token('one'));
    const { fetches } = issuer;
    for (let index = 0; index < 200; index++) {
      expect(await codeOf(await issuer.token('one', {}, { kid: `k${index}` }))).toBe('UNAUTHENTICATED');
    }
    expect(issuer.fetches - fetches).toBeLessThanOrEqual(1);
    clock += 29_000;
    await Promise.all(
      Array.from({ length: 50 }, async (_, index) =>
        codeOf(await issuer.token('one', {}, { kid: `l${index}` })),
      ),
    );
    expect(issuer.fetches - fetches).toBeLessThanOrEqual(1);
    clock += 2_000;
    await issuer.addKey('new');
    expect(await codeOf(await issuer.token('new'))).toBe('admitted');
    expect(issuer.fetches - fetches).toBeLessThanOrEqual(2);
  });

  it('follows no redirect, reads no key set without end, and waits for none that does not come', async () => {
    const trap = createServer((request, response) => {
      if (request.url === '/elsewhere') return void response.writeHead(302, { location: '/jwks.json' }).end();
      if (request.url === '/jwks.json') return void response.end('{"keys":[]}');
      if (request.url === '/never') return;
      const pour = (): void => {
        let flows = true;
        while (flows && !response.destroyed) {
          flows = response.write(' '.repeat(65_536));
          sent += 65_536;
        }
      };
      response.on('drain', pour);
      pour();
    });
    let sent = 0;
    await new Promise<void>((resolve) => trap.listen(0, '127.0.0.1', resolve));
    const at = `http://127.0.0.1:${(trap.address() as AddressInfo).port}`;
    const token = await issuer.token('one');
    const startedAt = performance.now();
    await Promise.all(
      ['/elsewhere', '/endless', '/never'].map((path) => {
        const keys = createKeySet({ urls: [at + path] });
        const lost = createIdentity({ keys, issuer: 'weir-demo', audience: 'weir' });
        return expect(lost.identify(`Bearer ${token}`)).rejects.toMatchObject({
          code: 'UPSTREAM_UNAVAILABLE',
        });
      }),
    );
    expect(performance.now() - startedAt).toBeLessThan(4_000);
    // What the system's buffers take of it, and not what can be poured in two seconds.
    expect(sent).toBeLessThan(16 * 1024 * 1024);
    trap.closeAllConnections();
    trap.close();
  });

  it('says that nobody can be signed in while no key was ever read', async () => {
    issuer.down = true;
    const keys = createKeySet({ urls: [await issuer.listen().catch(() => 'http://127.0.0.1:9/')] });
    const unlucky = createIdentity({ keys, issuer: 'weir-demo', audience: 'weir' });
    await expect(unlucky.identify(`Bearer ${await issuer.token('one')}`)).rejects.toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
    });
  });
});
