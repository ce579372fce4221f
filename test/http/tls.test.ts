import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callOf, connect, errorOf, thing } from './rest-client.ts';
import { json, serve } from './rest-server.ts';

const readOf = (client: ReturnType<typeof connect>) =>
  ({ endpoint: client.endpoint('thingById'), path: { id: '1' }, decode: thing }) as const;

const noOpenssl = spawnSync('openssl', ['version']).status !== 0;
if (noOpenssl)
  console.warn('SKIPPED: HTTPS backends are not tested, because there is no openssl on this machine');

interface KeyPair {
  readonly cert: string;
  readonly key: string;
}

/** An authority of this test, and what it signed. */
interface Certificates {
  readonly ca: string;
  readonly server: KeyPair;
  readonly client: KeyPair;
}

function makeCertificates(folder: string): Certificates {
  const openssl = (...args: string[]): void => {
    execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  };
  const newKey = (name: string): void =>
    openssl('ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', `${name}.key`);
  newKey('ca');
  openssl(
    'req',
    '-x509',
    '-new',
    '-key',
    'ca.key',
    '-subj',
    '/CN=test authority',
    '-days',
    '2',
    '-out',
    'ca.crt',
  );
  const signed = (name: string, extensions: string): KeyPair => {
    newKey(name);
    writeFileSync(join(folder, `${name}.ext`), extensions);
    openssl('req', '-new', '-key', `${name}.key`, '-subj', `/CN=${name}`, '-out', `${name}.csr`);
    openssl(
      ...['x509', '-req', '-in', `${name}.csr`, '-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial'],
      ...['-days', '2', '-extfile', `${name}.ext`, '-out', `${name}.crt`],
    );
    return { cert: read(`${name}.crt`), key: read(`${name}.key`) };
  };
  const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
  return {
    ca: read('ca.crt'),
    server: signed('server', 'subjectAltName=IP:127.0.0.1\n'),
    client: signed('client', 'extendedKeyUsage=clientAuth\n'),
  };
}

describe.skipIf(noOpenssl)('an HTTPS backend', () => {
  const folder = mkdtempSync(join(tmpdir(), 'weir-tls-'));
  let certificates: Certificates;
  beforeAll(() => {
    certificates = makeCertificates(folder);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('is trusted by its own authority', async () => {
    await using server = await serve((_request, response) => json(response, { id: '1' }), {
      tls: certificates.server,
    });
    await using client = connect([server.url], { tls: { things: { ca: certificates.ca } } });
    for (let count = 0; count < 5; count += 1) {
      expect(await client.upstream.send(callOf(), readOf(client))).toEqual({ id: '1' });
    }
    expect(server.connections).toBeLessThanOrEqual(2);
  });

  it('is not called when nobody vouches for it', async () => {
    await using server = await serve((_request, response) => json(response, { id: '1' }), {
      tls: certificates.server,
    });
    await using client = connect([server.url], { numbers: { attempts: 1 } });
    const error = await errorOf(client.upstream.send(callOf(), readOf(client)));
    expect(error.code).toBe('UPSTREAM_UNAVAILABLE');
    expect(server.received).toHaveLength(0);
    // The operator learns what is wrong; the client does not.
    expect(client.upstream.health()[0]?.lastReason).toMatch(/CERT|SIGNATURE/);
    expect(JSON.stringify(error.toJSON())).not.toMatch(/CERT|SIGNATURE/i);
  });

  it('that asks for a certificate gets ours, and refuses those without', async () => {
    await using server = await serve((_request, response) => json(response, { id: '1' }), {
      tls: { ...certificates.server, ca: certificates.ca, requestCert: true, rejectUnauthorized: true },
    });
    await using known = connect([server.url], {
      tls: { things: { ca: certificates.ca, ...certificates.client } },
    });
    expect(await known.upstream.send(callOf(), readOf(known))).toEqual({ id: '1' });
    await using stranger = connect([server.url], {
      tls: { things: { ca: certificates.ca } },
      numbers: { attempts: 1 },
    });
    expect((await errorOf(stranger.upstream.send(callOf(), readOf(stranger)))).code).toBe(
      'UPSTREAM_UNAVAILABLE',
    );
  });
});
