import { describe, expect, it } from 'vitest';
import { ConfigError, readConfig } from '../../src/config.ts';
import { startWeir } from '../start-weir.ts';

const faultsOf = (environment: Readonly<Record<string, string>>): readonly string[] => {
  try {
    readConfig({ NODE_ENV: 'production', ...environment });
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
};

describe('production', () => {
  it('starts with nothing else set', () => {
    expect(faultsOf({})).toEqual([]);
    const config = readConfig({ NODE_ENV: 'production' });
    expect(config).toMatchObject({
      EXPLORER: false,
      HOST: '127.0.0.1',
      ADMIN_HOST: '127.0.0.1',
      ADMIN_PORT: 4001,
    });
  });

  it('then keeps schema, waterfall, explorer, figures and details to itself', async () => {
    await using weir = await startWeir({ NODE_ENV: 'production', EXPLORER: '', ADMIN_PORT: '0' });
    const { errors } = await weir.ask('{ __schema { queryType { name } } }');
    expect(errors[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
    const ada = await weir.signIn();
    const traced = await weir.ask('{ me { email } }', {
      token: ada,
      headers: { 'x-weir-trace': '1', 'x-weir-explain': '1' },
    });
    expect([traced.data.me.email, traced.extensions, traced.headers.get('server-timing')]).toEqual([
      'ada@example.com',
      undefined,
      null,
    ]);
    const root = await weir.signIn('root@example.com');
    const explored = await weir.ask('{ me { email } }', { token: root, headers: { 'x-weir-trace': '1' } });
    expect(explored.extensions.waterfall.calls).toHaveLength(1);

    const page = await fetch(`${weir.url}/graphql`, { headers: { accept: 'text/html' } });
    expect(await page.text()).not.toContain('<html');
    expect((await fetch(`${weir.url}/metrics`)).status).toBe(404);
    expect(await (await fetch(`${weir.url}/readyz`)).text()).not.toMatch(/127\.0\.0\.1/);
    await weir.fault('products', { mode: 'wrong-shape' });
    const sick = await weir.ask('{ product(id: "Product:1") { name } }', { token: root });
    expect(JSON.stringify(sick.errors)).not.toMatch(/127\.0\.0\.1|\/products|stack|zod/i);
  });

  it.each([
    ['JWKS_URL', { JWKS_URL: 'http://idp.example.com/jwks.json' }, 'expected https'],
    [
      'ORDERS_URL',
      { ORDERS_URL: 'http://orders.example.com', BACKEND_CLIENT_SECRET: 'ours' },
      'expected https',
    ],
    [
      'ORDERS_URL',
      { ORDERS_URL: 'https://a.example.com,http://8.8.8.8', BACKEND_CLIENT_SECRET: 'ours' },
      'expected https',
    ],
    ['BACKEND_CLIENT_SECRET', { ORDERS_URL: 'https://orders.example.com' }, 'expected to be set'],
    ['BACKEND_CLIENT_SECRET', { USERS_URL: 'http://users:4101' }, 'expected to be set'],
    ['REDIS_URL', { REDIS_URL: 'redis://:secret@redis.example.com' }, 'expected rediss'],
    ['DATABASE_URL', { DATABASE_URL: 'postgres://u:secret@db.example.com/x' }, 'expected sslmode'],
    ['CORS_ORIGINS', { CORS_ORIGINS: '*' }, 'expected'],
    ['CORS_ORIGINS', { CORS_ORIGINS: 'http://shop.example.com' }, 'expected https'],
    ['TRUSTED_PROXIES', { TRUSTED_PROXIES: '0.0.0.0/0' }, 'expected the addresses'],
    ['TRUSTED_PROXIES', { TRUSTED_PROXIES: '10.0.0.1,::/0' }, 'expected the addresses'],
    ['TRUSTED_PROXIES', { TRUSTED_PROXIES: 'proxy' }, 'expected an IP address'],
    ['ADMIN_PORT', { PORT: '8080', ADMIN_PORT: '8080' }, 'expected another port'],
    ['SUBGRAPH_TOKEN', { SUBGRAPH_TOKEN: 'short' }, 'at least 16'],
    ['WEBHOOK_SECRET_ORDERS', { WEBHOOK_SECRET_ORDERS: 'short' }, 'at least 16'],
    ['HOST', { HOST: '0.0.0.0' }, 'expected JWKS_URL or USERS_URL'],
    ['NODE_TLS_REJECT_UNAUTHORIZED', { NODE_TLS_REJECT_UNAUTHORIZED: '0' }, 'expected not to be set'],
  ])('does not start with an unsafe %s', (name, environment, why) => {
    const faults = faultsOf(environment);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(new RegExp(`^${name}[=:].*${why}`));
    expect(faults[0]).not.toContain('secret@');
  });

  it('says all of it at once', () => {
    expect(
      faultsOf({ HOST: '0.0.0.0', TRUSTED_PROXIES: '::/0', SUBGRAPH_TOKEN: 'x', PORT: 'y' }),
    ).toHaveLength(4);
  });

  it.each([
    {
      USERS_URL: 'http://users:4101',
      HOST: '0.0.0.0',
      BACKEND_CLIENT_SECRET: 'ours',
      REDIS_URL: 'redis://redis:6379',
    },
    {
      ORDERS_URL: 'http://orders.shop.svc.cluster.local',
      BACKEND_CLIENT_SECRET: 'ours',
      DATABASE_URL: 'postgres://u:p@10.0.0.7/x',
    },
    { ORDERS_URL: 'http://[fd00::7]:80,http://172.20.0.3', BACKEND_CLIENT_SECRET: 'ours' },
    {
      JWKS_URL: 'https://idp.example.com/jwks.json',
      HOST: '0.0.0.0',
      CORS_ORIGINS: 'https://shop.example.com',
    },
    {
      DATABASE_URL: 'postgres://u:p@db.example.com/x?sslmode=verify-full',
      REDIS_URL: 'rediss://redis.example.com',
    },
    { EXPLORER: 'true', RATE_LIMIT: '0', TRUSTED_PROXIES: '10.0.0.0/8' },
  ])('starts with what is safe, or for the operator to decide: %j', (environment) => {
    expect(faultsOf(environment)).toEqual([]);
  });
});
