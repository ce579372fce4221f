import { readConfig } from '../../src/config.ts';
import { createGateway } from '../../src/gateway.ts';
import { AUDIENCE, ISSUER } from '../backend/issuer.ts';
import { announce, backendUrl } from '../ready.ts';
import { createBenchWorld } from './world.ts';

/** The gateway as an operator runs it in production: identity, limits, deadlines, errors and a log line a request. */
const backend = backendUrl();
const shared = process.env.BENCH_SHARED === '1';
const world = createBenchWorld(shared);
const config = readConfig(
  {
    NODE_ENV: 'production',
    ADMIN_PORT: '0',
    JWKS_URL: `${backend}/.well-known/jwks.json`,
    JWT_ISSUER: ISSUER,
    JWT_AUDIENCE: AUDIENCE,
    RATE_LIMIT: '0',
    CACHE_MAX_BYTES: shared ? String(64 * 1024 ** 2) : '0',
    ...Object.fromEntries(Object.keys(world.table).map((name) => [`${name.toUpperCase()}_URL`, backend])),
  },
  world.table,
);
const gateway = createGateway({ config, world });
announce({ url: `${await gateway.listen(0, '127.0.0.1')}/graphql` });
