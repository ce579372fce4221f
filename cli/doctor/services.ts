import { Redis } from 'ioredis';
import pg from 'pg';
import * as z from 'zod';
import type { Config } from '../../src/config.ts';
import { type Finding, fail, look, ok, skip } from './finding.ts';

const PATIENCE_MS = 3_000;
const keysShape = z.object({ keys: z.array(z.object({ kid: z.string().optional(), kty: z.string() })) });

/** Looks at what stands beside the backends: the keys of viewers' tokens, the database, Redis. */
export function checkServices(config: Config): Promise<readonly Finding[]> {
  const urls = config.JWKS_URL
    ? [config.JWKS_URL]
    : (config.instances.users ?? []).map((address) => `${address}/.well-known/jwks.json`);
  return Promise.all([
    ...urls.map((url) =>
      look('jwks', 'JWKS_URL has to name the key set of whoever signs viewers’ tokens.', async () => {
        const response = await fetch(url, { signal: AbortSignal.timeout(PATIENCE_MS) });
        if (!response.ok) return fail(`${url} answers ${response.status}`, 'Is JWKS_URL right?');
        const { keys } = keysShape.parse(await response.json());
        return keys.length > 0
          ? ok(`${keys.length} ${keys.length === 1 ? 'key' : 'keys'} at ${url}`)
          : fail(`${url} has no keys`, 'Whoever signs tokens has to publish the public key there.');
      }),
    ),
    look('database', 'Does PostgreSQL run, and may this user enter? DATABASE_URL says where.', () =>
      config.DATABASE_URL === null
        ? skip('embedded: DATABASE_URL is not set')
        : askDatabase(config.DATABASE_URL),
    ),
    look('redis', 'Does Redis run? REDIS_URL says where.', () =>
      config.REDIS_URL === null ? skip('none: REDIS_URL is not set') : askRedis(config.REDIS_URL),
    ),
  ]);
}

async function askDatabase(connectionString: string) {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: PATIENCE_MS });
  try {
    await client.connect();
    const { rows } = await client.query('SHOW server_version');
    return ok(`PostgreSQL ${z.object({ server_version: z.string() }).parse(rows[0]).server_version}`);
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function askRedis(url: string) {
  const redis = new Redis(url, { lazyConnect: true, connectTimeout: PATIENCE_MS, retryStrategy: () => null });
  // Said by the look itself.
  redis.on('error', () => undefined);
  try {
    await redis.connect();
    await redis.ping();
    return ok('answers');
  } finally {
    redis.disconnect();
  }
}
