import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, type GenerateKeyPairResult, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWeir, type Weir } from '../start-weir.ts';
import { wayNames, ways } from './ways.ts';

let ours: GenerateKeyPairResult;
let theirs: GenerateKeyPairResult;
let issuer: Server;
let stranger: Server;
let strangerWasAsked = 0;
let foreign = '';
let weir: Weir;

const listen = async (server: Server): Promise<string> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`;
};

beforeAll(async () => {
  [ours, theirs] = await Promise.all([
    generateKeyPair('ES256', { extractable: true }),
    generateKeyPair('ES256', { extractable: true }),
  ]);
  const keys = [{ ...(await exportJWK(ours.publicKey)), kid: 'ours', alg: 'ES256' }];
  issuer = createServer((_, response) => void response.end(JSON.stringify({ keys })));
  const others = [{ ...(await exportJWK(theirs.publicKey)), kid: 'theirs', alg: 'ES256' }];
  stranger = createServer((_, response) => {
    strangerWasAsked += 1;
    response.end(JSON.stringify({ keys: others }));
  });
  foreign = await listen(stranger);
  weir = await startWeir({ JWKS_URL: await listen(issuer), JWT_ISSUER: 'us', JWT_AUDIENCE: 'weir' });
});
afterAll(async () => {
  await weir?.[Symbol.asyncDispose]();
  issuer?.close();
  stranger?.close();
});

const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const now = (): number => Math.floor(Date.now() / 1000);
const claims = (): Record<string, unknown> => ({ sub: '1', iss: 'us', aud: 'weir', exp: now() + 600 });

/** A token as somebody would make it. */
const sign = (
  more: Record<string, unknown> = {},
  header: Record<string, unknown> = {},
  { privateKey } = ours,
): Promise<string> =>
  new SignJWT({ ...claims(), ...more })
    .setProtectedHeader({ alg: 'ES256', kid: 'ours', ...header })
    .sign(privateKey);

const publicKeyAs = async (): Promise<readonly Uint8Array[]> => {
  const jwk = await exportJWK(ours.publicKey);
  const spki = await crypto.subtle.exportKey('spki', ours.publicKey as CryptoKey);
  return [Buffer.from(JSON.stringify(jwk)), Buffer.from(spki)];
};

/** Every kind of bad token, and what is wrong with it. */
const bad: Readonly<Record<string, () => Promise<string> | string>> = {
  'without a signature': () => `${encoded({ alg: 'none', typ: 'JWT' })}.${encoded(claims())}.`,
  'without a signature, in capitals': () => `${encoded({ alg: 'NONE' })}.${encoded(claims())}.`,
  'with the public key as a secret': async () =>
    new SignJWT(claims())
      .setProtectedHeader({ alg: 'HS256', kid: 'ours' })
      .sign((await publicKeyAs())[0] ?? new Uint8Array()),
  'with the public key as a secret, in another form': async () =>
    new SignJWT(claims())
      .setProtectedHeader({ alg: 'HS256', kid: 'ours' })
      .sign((await publicKeyAs())[1] ?? new Uint8Array()),
  'of a foreign jku': () => sign({}, { jku: foreign, kid: 'theirs' }, theirs),
  'of a foreign x5u': () => sign({}, { x5u: foreign, kid: 'theirs' }, theirs),
  'of a foreign jwk': async () => sign({}, { jwk: await exportJWK(theirs.publicKey) }, theirs),
  'of a foreign key under our kid': () => sign({}, {}, theirs),
  'of a kid that is a path': () => sign({}, { kid: '../../etc/passwd' }, theirs),
  'that has ended': () => sign({ exp: now() - 1 }),
  'without an end': () => sign({ exp: undefined }),
  'that begins tomorrow': () => sign({ nbf: now() + 86_400 }),
  'of another issuer': () => sign({ iss: 'them' }),
  'for somebody else': () => sign({ aud: 'another' }),
  'without a subject': () => sign({ sub: undefined }),
  'of a machine': () => sign({ scope: 'machine' }),
  'with other claims': async () => {
    const [head, , signature] = (await sign()).split('.');
    return `${head}.${encoded({ ...claims(), sub: '3', scope: 'admin explore' })}.${signature}`;
  },
  'that is none': () => 'none.at.all',
  'that is very long': () => `${'a'.repeat(4_000)}.${'b'.repeat(4_000)}.${'c'.repeat(4_000)}`,
};

describe.each(wayNames)('by %s', (way) => {
  it('a good token is believed', async () => {
    const outcome = await ways[way](weir.url, { query: '{ me { id } }', token: await sign() });
    expect(outcome.data).toEqual({ me: { id: 'User:1' } });
  });

  it('bad tokens are all refused alike, without a call to whoever they name', async () => {
    await weir.forgetCalls();
    const told = new Set<string>();
    for (const [name, make] of Object.entries(bad)) {
      const { code, text, status } = await ways[way](weir.url, {
        query: '{ me { id } }',
        token: await make(),
      });
      const expected = way === 'WebSocket' ? ['closed 4401', null] : ['UNAUTHENTICATED', 401];
      expect([name, code, status]).toEqual([name, ...expected]);
      told.add(text.replace(/"requestId":"[^"]*"/, ''));
    }
    expect(told.size).toBe(1);
    expect([strangerWasAsked, await weir.allCalls()]).toEqual([0, []]);
  });
});
