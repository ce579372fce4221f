import { isIP, isIPv4 } from 'node:net';

/** What is looked at before a gateway starts where strangers reach it. */
export interface ProductionSettings {
  readonly HOST: string;
  readonly PORT: number;
  readonly ADMIN_PORT: number | null;
  readonly JWKS_URL: string | null;
  readonly REDIS_URL: string | null;
  readonly DATABASE_URL: string | null;
  readonly BACKEND_CLIENT_SECRET: string | null;
  readonly SUBGRAPH_TOKEN: string | null;
  readonly CORS_ORIGINS: readonly string[];
  readonly TRUSTED_PROXIES: readonly string[];
  /** Base addresses a backend. */
  readonly instances: Readonly<Record<string, readonly string[]>>;
  /** Backends whose address was set by hand. */
  readonly addressed: ReadonlySet<string>;
  readonly webhookSecrets: Readonly<Record<string, string>>;
}

/** A secret that is shorter can be guessed by whoever may try often enough. */
const LEAST_SECRET = 16;

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/;
/** Names that only a private network knows: without a dot, or under a suffix that is never public. */
const PRIVATE_NAME = /^[^.]+$|\.(?:internal|local|lan|svc|cluster\.local|home\.arpa|localhost|test)$/;

/**
 * Everything that makes a gateway unsafe in production, a line each; none where nothing is set.
 *
 * What is only unwise (no rate limit, GraphiQL for everybody) is the operator's to decide.
 */
export function unsafeInProduction(
  settings: ProductionSettings,
  environment: Readonly<Record<string, string | undefined>>,
): string[] {
  return [
    ...plainAddresses(settings),
    ...demoIdentity(settings),
    ...weakSecrets(settings),
    ...settings.CORS_ORIGINS.filter((origin) => origin.startsWith('http:') && !isPrivate(origin)).map(
      (origin) =>
        `CORS_ORIGINS="${origin}": expected https in production, because whoever is between may put a script into the page`,
    ),
    ...settings.TRUSTED_PROXIES.filter((range) => range.endsWith('/0')).map(
      (range) =>
        `TRUSTED_PROXIES="${range}": expected the addresses of your proxies, because otherwise anybody may say any address and has no limit`,
    ),
    ...(settings.ADMIN_PORT !== null && settings.ADMIN_PORT !== 0 && settings.ADMIN_PORT === settings.PORT
      ? [
          `ADMIN_PORT="${settings.ADMIN_PORT}": expected another port than PORT in production, because it tells addresses and numbers`,
        ]
      : []),
    ...(environment.NODE_TLS_REJECT_UNAUTHORIZED === '0'
      ? [
          'NODE_TLS_REJECT_UNAUTHORIZED="0": expected not to be set in production, because anybody could then pass for a backend; name their authority with <BACKEND>_CA',
        ]
      : []),
  ];
}

/** What goes over a public network has to be encrypted: tokens, keys, answers. */
function plainAddresses({ JWKS_URL, REDIS_URL, DATABASE_URL, instances }: ProductionSettings): string[] {
  const faults: string[] = [];
  const backends = Object.entries(instances).flatMap(([name, addresses]) =>
    addresses.map((address) => [`${name.toUpperCase()}_URL`, address] as const),
  );
  for (const [name, address] of [
    ...(JWKS_URL === null ? [] : [['JWKS_URL', JWKS_URL] as const]),
    ...backends,
  ]) {
    if (!address.startsWith('http:') || isPrivate(address)) continue;
    faults.push(
      `${name}="${address}": expected https outside of a private network in production, because it carries ${name === 'JWKS_URL' ? 'the keys that sign people in' : 'tokens'}`,
    );
  }
  if (REDIS_URL?.startsWith('redis:') && !isPrivate(REDIS_URL)) {
    faults.push('REDIS_URL=(hidden): expected rediss outside of a private network in production');
  }
  const isEncrypted =
    DATABASE_URL !== null && /[?&]sslmode=(?:require|verify-ca|verify-full)(?:&|$)/.test(DATABASE_URL);
  if (DATABASE_URL !== null && !isEncrypted && !isPrivate(DATABASE_URL)) {
    faults.push(
      'DATABASE_URL=(hidden): expected sslmode=verify-full outside of a private network in production',
    );
  }
  return faults;
}

/** The demo's passwords and secrets stand in its documentation: they may open nothing but the demo. */
function demoIdentity({
  HOST,
  JWKS_URL,
  BACKEND_CLIENT_SECRET,
  instances,
  addressed,
}: ProductionSettings): string[] {
  const faults: string[] = [];
  const remote = Object.entries(instances).find(([, addresses]) =>
    addresses.some((address) => !isLoopback(address)),
  );
  if (remote !== undefined && BACKEND_CLIENT_SECRET === null) {
    faults.push(
      `BACKEND_CLIENT_SECRET: expected to be set in production with ${remote[0].toUpperCase()}_URL, because the demo's is known to everybody`,
    );
  }
  if (!LOOPBACK.test(HOST) && JWKS_URL === null && !addressed.has('users')) {
    faults.push(
      `HOST="${HOST}": expected JWKS_URL or USERS_URL beside it in production, because the demo's people have a password that is known to everybody`,
    );
  }
  return faults;
}

function weakSecrets({ SUBGRAPH_TOKEN, webhookSecrets }: ProductionSettings): string[] {
  const secrets = [
    ...(SUBGRAPH_TOKEN === null ? [] : [['SUBGRAPH_TOKEN', SUBGRAPH_TOKEN] as const]),
    ...Object.entries(webhookSecrets).map(
      ([backend, secret]) => [`WEBHOOK_SECRET_${backend.toUpperCase()}`, secret] as const,
    ),
  ];
  return secrets
    .filter(([, secret]) => secret.length < LEAST_SECRET)
    .map(([name]) => `${name}=(hidden): expected at least ${LEAST_SECRET} characters in production`);
}

const hostOf = (address: string): string => new URL(address).hostname.toLowerCase();

const isLoopback = (address: string): boolean => LOOPBACK.test(hostOf(address));

/** Whether an address is on this machine or in a network that strangers have no part in. */
function isPrivate(address: string): boolean {
  const host = hostOf(address).replace(/^\[|\]$/g, '');
  if (isIP(host) === 0) return LOOPBACK.test(host) || PRIVATE_NAME.test(host);
  if (isIPv4(host))
    return /^(?:127|10|169\.254|192\.168|172\.(?:1[6-9]|2\d|3[01])|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7]))\./.test(
      host,
    );
  return /^(?:::1$|f[cd]|fe80)/.test(host);
}
