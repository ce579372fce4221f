import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfigError, readConfig } from '../../src/config.ts';
import { createGateway } from '../../src/gateway.ts';
import { startWeir } from '../start-weir.ts';

const listening = async (): Promise<{ readonly port: number; close(): void }> => {
  const server = createServer((_request, response) => response.end('{}'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    close: () => server.close(),
  };
};

/** A gateway of ours with only one backend that anybody answers for. */
async function openGateway(environment: Readonly<Record<string, string>>) {
  const backend = await listening();
  const nowhere = 'http://127.0.0.1:9';
  const names = [
    'USERS',
    'INVENTORY',
    'ORDERS',
    'PAYMENTS',
    'FLIGHTS',
    'PRICING',
    'BOOKINGS',
    'NOTIFICATIONS',
  ];
  const config = readConfig({
    NODE_ENV: 'test',
    ...Object.fromEntries(names.map((name) => [`${name}_URL`, nowhere])),
    PRODUCTS_URL: `http://127.0.0.1:${backend.port}`,
    ...environment,
  });
  const gateway = createGateway({ config });
  const url = await gateway.listen(0, '127.0.0.1');
  return {
    gateway,
    url,
    async [Symbol.asyncDispose]() {
      await gateway.close();
      backend.close();
    },
  };
}

const read = async (url: string) => {
  const response = await fetch(url);
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever it asked for.
  return { status: response.status, body: (await response.json()) as any };
};

describe('where a gateway is asked how it is', () => {
  it('in development one port tells all of it', async () => {
    await using weir = await openGateway({});
    expect(weir.gateway.adminAddress).toBe(weir.url);
    const { status, body } = await read(`${weir.url}/readyz`);
    expect(status).toBe(200);
    expect(body.backends.products).toEqual({
      reachable: true,
      instances: [
        {
          address: expect.stringContaining('127.0.0.1'),
          reachable: true,
          reason: null,
          calls: expect.objectContaining({
            instance: 'products#1',
            state: 'closed',
            inFlight: 0,
            waiting: 0,
          }),
        },
      ],
    });
    expect(body.backends.users.instances[0]).toMatchObject({ reachable: false, reason: 'ECONNREFUSED' });
    expect(body.operations).toMatchObject({ inFlight: 0, refused: 0 });
  });

  it('in production everybody hears what works, and operators hear the rest at a port of their own', async () => {
    await using weir = await openGateway({ NODE_ENV: 'production', ADMIN_PORT: '0' });
    const everybody = await read(`${weir.url}/readyz`);
    expect(everybody.status).toBe(200);
    expect(everybody.body).toMatchObject({ status: 'ready', backends: { products: { reachable: true } } });
    expect(JSON.stringify(everybody.body)).not.toMatch(/127\.0\.0\.1|ECONN|instances|operations/);
    expect((await fetch(`${weir.url}/metrics`)).status).toBe(404);

    const admin = weir.gateway.adminAddress ?? '';
    expect(new URL(admin).hostname).toBe('127.0.0.1');
    expect(admin).not.toBe(weir.url);
    const operators = await read(`${admin}/readyz`);
    expect(operators.body.backends.users.instances[0]).toMatchObject({ reason: 'ECONNREFUSED' });
    expect((await read(`${admin}/healthz`)).body).toEqual({ status: 'alive' });
    expect((await fetch(`${admin}/graphql`, { method: 'POST', body: '{}' })).status).toBe(404);
  });

  it('a port that nobody chose gives way to another gateway; one that was chosen does not', async () => {
    const taken = await listening();
    try {
      const config = readConfig({ NODE_ENV: 'production', ADMIN_PORT: String(taken.port) });
      const chosen = createGateway({ config: { ...config, NODE_ENV: 'test' } });
      await expect(chosen.listen(0, '127.0.0.1')).rejects.toThrow('EADDRINUSE');
      await chosen.close();
      await using gateway = createGateway({
        config: { ...config, NODE_ENV: 'test', adminPortChosen: false },
      });
      await gateway.listen(0, '127.0.0.1');
      expect((await fetch(`${gateway.adminAddress}/healthz`)).status).toBe(200);
    } finally {
      taken.close();
    }
  });

  it('an instance that fails shows its breaker', async () => {
    await using weir = await startWeir();
    await weir.fault('inventory', { mode: 'reset' });
    for (let count = 0; count < 5; count += 1) {
      await weir.ask('query ($id: ID!) { product(id: $id) { stock { available } } }', {
        variables: { id: `Product:${count + 1}` },
      });
    }
    const { body } = await read(`${weir.url}/readyz`);
    expect(body.backends.inventory.instances[0].calls).toMatchObject({
      state: expect.stringMatching(/open/),
      lastReason: expect.stringMatching(/./),
    });
    expect(body.backends.products.instances[0].calls.state).toBe('closed');
    await weir.fault('inventory', null);
  });
});

describe('a header that came twice', () => {
  const twice = (url: string, path: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const { port } = new URL(url);
      const body = '{"query":"{ __typename }"}';
      const headers = ['authorization: Bearer x', 'authorization: Bearer y', 'x-request-id: twice-1'];
      const head = [`POST ${path} HTTP/1.1`, 'host: a', ...headers, `content-length: ${body.length}`];
      const socket = connect(Number(port), '127.0.0.1', () => socket.write([...head, '', body].join('\r\n')));
      let answer = '';
      socket.on('error', reject);
      socket.on('data', (chunk) => {
        answer += chunk;
        if (answer.endsWith('}')) socket.end();
      });
      socket.on('close', () => resolve(answer));
    });

  it('is refused at /graphql as everything else is', async () => {
    await using weir = await openGateway({});
    const [head = '', body = ''] = (await twice(weir.url, '/graphql')).split('\r\n\r\n');
    expect(head).toMatch(/^HTTP\/1\.1 400 /);
    expect(JSON.parse(body).errors).toEqual([
      expect.objectContaining({
        extensions: expect.objectContaining({
          code: 'BAD_USER_INPUT',
          retryable: false,
          requestId: 'twice-1',
        }),
      }),
    ]);
  });

  it('is refused everywhere else too', async () => {
    await using weir = await openGateway({});
    expect(await twice(weir.url, '/webhooks/orders')).toMatch(/^HTTP\/1\.1 400 /);
  });
});

describe('certificates for HTTPS backends', () => {
  const folder = (): { readonly path: string; [Symbol.dispose](): void } => {
    const path = mkdtempSync(join(tmpdir(), 'weir-pem-'));
    return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true }) };
  };
  const pem = (label: string): string => `-----BEGIN ${label}-----\nAAAA\n-----END ${label}-----\n`;

  it('are read from their files at the start', () => {
    using dir = folder();
    const file = (name: string, text: string): string => {
      writeFileSync(join(dir.path, name), text);
      return join(dir.path, name);
    };
    const { tls } = readConfig({
      ORDERS_CA: file('ca.pem', pem('CERTIFICATE')),
      ORDERS_CERT: file('cert.pem', pem('CERTIFICATE')),
      ORDERS_KEY: file('key.pem', pem('EC PRIVATE KEY')),
    });
    expect(tls).toEqual({
      orders: { ca: pem('CERTIFICATE'), cert: pem('CERTIFICATE'), key: pem('EC PRIVATE KEY') },
    });
  });

  it('are missed all at once, and a certificate without its key as well', () => {
    using dir = folder();
    const path = join(dir.path, 'no.pem');
    writeFileSync(path, 'nothing');
    const read = (): unknown => readConfig({ USERS_CA: '/nowhere.pem', ORDERS_CERT: path });
    expect(read).toThrow(ConfigError);
    expect(read).toThrow('USERS_CA="/nowhere.pem": expected a file that can be read (ENOENT)');
    expect(read).toThrow('expected a PEM file with a certificate');
    expect(read).toThrow('ORDERS_CERT and ORDERS_KEY: expected both or neither');
  });

  const noOpenssl = spawnSync('openssl', ['version']).status !== 0;
  it.skipIf(noOpenssl)('let a gateway call a backend that its own authority vouches for', async () => {
    using dir = folder();
    const key = join(dir.path, 'key.pem');
    const cert = join(dir.path, 'cert.pem');
    spawnSync('openssl', [
      ...[
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:prime256v1',
        '-nodes',
        '-days',
        '2',
      ],
      ...['-keyout', key, '-out', cert, '-subj', '/CN=products', '-addext', 'subjectAltName=IP:127.0.0.1'],
    ]);
    const { createServer: createTls } = await import('node:https');
    const { readFileSync } = await import('node:fs');
    const product = {
      ...{ id: '1', name: 'Cup', description: 'A cup', category: 'kitchen', imageUrl: null },
      ...{ price: { amount: 100, currency: 'EUR' }, createdAt: '2026-01-01T00:00:00Z' },
    };
    const server = createTls({ key: readFileSync(key), cert: readFileSync(cert) }, (_request, response) =>
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ items: [product] })),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    try {
      const ask = async (environment: Readonly<Record<string, string>>): Promise<unknown> => {
        await using weir = await openGateway({ PRODUCTS_URL: `https://127.0.0.1:${port}`, ...environment });
        const response = await fetch(`${weir.url}/graphql`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: '{"query":"{ product(id: \\"Product:1\\") { name } }"}',
        });
        return ((await response.json()) as { data: unknown }).data;
      };
      expect(await ask({ PRODUCTS_CA: cert })).toEqual({ product: { name: 'Cup' } });
      expect(await ask({})).toEqual({ product: null });
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
});
