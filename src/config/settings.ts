import {
  address,
  addressRange,
  baseAddress,
  boolean,
  integer,
  keys,
  listOf,
  oneOf,
  pemFile,
  text,
} from './parsers.ts';
import { optional, type Setting, secret, setting } from './setting.ts';

export type { Setting };

/** Every setting but those that are named after a backend. `docs/configuration.md` is made from this table. */
export const settings = {
  PORT: setting(integer(0, 65535), 4000, 'Where the gateway listens; 0 takes a free port.'),
  HOST: setting(
    text,
    '127.0.0.1',
    'On which address the gateway listens. Anything but loopback is refused while `NODE_ENV` is not `production`.',
  ),
  ADMIN_PORT: optional(
    integer(0, 65535),
    'Where `/metrics` and the detailed `/readyz` are.',
    'the same as `PORT` in development, 4001 on loopback in production',
  ),
  ADMIN_HOST: setting(
    text,
    '127.0.0.1',
    'On which address `ADMIN_PORT` listens where it is a port of its own. It tells addresses and numbers: keep it from strangers.',
  ),
  NODE_ENV: setting(
    oneOf('development', 'test', 'production'),
    'development',
    '`production`: JSON logs, masked errors, introspection and the waterfall only with the scope `explore`.',
  ),
  DATA_DIR: optional(
    text,
    'Where embedded PostgreSQL and the demo stores live.',
    "`.weir` in the project, or a printed folder under the system's temporary one where the database's user cannot enter the project",
  ),
  DATABASE_URL: {
    ...optional(
      address('postgres', 'postgresql'),
      'The database of durable workflows.',
      'embedded PostgreSQL',
    ),
    secret: true,
  },
  WORKFLOW_KEY: {
    ...optional(
      keys,
      'Encrypts the payment and offer tokens that workflows keep. Several, separated by commas: the first encrypts, all decrypt.',
      'a key that is made once and kept in `DATA_DIR`: for replicas that do not share it, set one',
    ),
    secret: true,
  },
  REDIS_URL: {
    ...optional(
      address('redis', 'rediss'),
      'What replicas share: the cache and its invalidations, rate limits, and word of changed workflows.',
      'none: each process keeps its own',
    ),
    secret: true,
  },
  REPLICA_ID: optional(text, 'A name that is unique and stable a replica.', "the host's name and port"),
  ROLE: setting(
    oneOf('all', 'gateway', 'worker'),
    'all',
    '`gateway` leaves queues to others, `worker` is there for queues and is to be sent no clients, `all` is for both.',
  ),
  JWKS_URL: optional(
    address('http', 'https'),
    "Where the keys are that may sign viewers' tokens.",
    "`USERS_URL`'s `/.well-known/jwks.json`",
  ),
  JWT_ISSUER: setting(text, 'weir-demo', "The `iss` that a viewer's token must have."),
  JWT_AUDIENCE: setting(text, 'weir', "The `aud` that a viewer's token must have."),
  BACKEND_CLIENT_ID: setting(text, 'weir-gateway', "The gateway's own identity towards backends."),
  BACKEND_CLIENT_SECRET: secret("The secret of the gateway's own identity.", "the demo's"),
  DEADLINE_MS: setting(
    integer(50, 120_000, 'milliseconds'),
    5000,
    'The budget of a whole operation. A client may ask for less with the header `x-weir-timeout-ms`.',
  ),
  MAX_BODY_BYTES: setting(integer(1024, 64 * 1024 * 1024, 'bytes'), 1024 * 1024, 'The largest request body.'),
  MAX_TOKENS: setting(integer(100, 100_000), 10_000, 'The most tokens of a document.'),
  MAX_DEPTH: setting(
    integer(1, 100),
    20,
    'How deep the fields of an operation may stand in one another. Introspection needs 15.',
  ),
  MAX_ALIASES: setting(integer(0, 10_000), 100, 'The most aliases of a document.'),
  MAX_ROOT_FIELDS: setting(integer(1, 10_000), 50, 'The most fields at the top of an operation.'),
  MAX_UPSTREAM_CALLS: setting(
    integer(1, 100_000),
    60,
    'The most REST calls that one operation may need, worked out before it runs.',
  ),
  CACHE_MAX_BYTES: setting(
    integer(0, 64 * 1024 * 1024 * 1024, 'bytes'),
    64 * 1024 * 1024,
    'What public answers that are kept may take in this process; 0 keeps none.',
  ),
  RATE_LIMIT: setting(
    integer(0, 10_000_000),
    6000,
    'REST calls a minute a viewer, and for the anonymous an address; 0 is no limit.',
  ),
  SIGN_IN_LIMIT: setting(
    integer(0, 1_000_000),
    10,
    'Attempts a minute to sign in to one account, or to register it; 0 is no limit. A right password is not counted.',
  ),
  SIGN_IN_ADDRESS_LIMIT: setting(
    integer(0, 1_000_000),
    30,
    'Attempts a minute to sign in or to register from one address; 0 is no limit. A right password is not counted.',
  ),
  CORS_ORIGINS: setting<readonly string[]>(
    listOf(address('http', 'https')),
    [],
    'Origins whose pages may call the gateway, separated by commas.',
    'none',
  ),
  TRUSTED_PROXIES: setting<readonly string[]>(
    listOf(addressRange),
    [],
    'Addresses or CIDR ranges of proxies whose `x-forwarded-for` is believed, separated by commas.',
    'none',
  ),
  SUBGRAPH_TOKEN: secret(
    'When set, `_service` and `_entities` are served to callers that send it as `x-weir-subgraph-token`.',
    'none: not a subgraph',
  ),
  PERSISTED_ONLY: setting(
    boolean,
    false,
    'Refuse every document that is not in the manifest of trusted documents.',
  ),
  PERSISTED_MANIFEST: optional(
    listOf(text),
    'Manifests of trusted documents, as JSON by their hashes, separated by commas: what any of them has is trusted.',
    '`persisted-documents.json` in the project, which `npm run codegen` writes',
  ),
  WEBHOOK_ALLOW: setting<readonly string[]>(
    listOf(text),
    [],
    'Private hosts that outgoing webhooks may reach, separated by commas.',
    'none',
  ),
  OTEL_EXPORTER_OTLP_ENDPOINT: optional(
    baseAddress,
    'Base address of an OpenTelemetry receiver (OTLP over HTTP), such as `http://127.0.0.1:4318`, which is sent traces.',
    'none: no traces',
  ),
  OTEL_SERVICE_NAME: setting(text, 'weir', 'What this service is called in traces.'),
  EXPLORER: optional(
    boolean,
    'Serve GraphiQL at `GET /graphql`.',
    'true in development, false in production',
  ),
  WEIR_DEMO: setting(
    boolean,
    false,
    'Show the race at `/`, over the demo backends. Set by `npm start`; without effect in production.',
  ),
  DEMO_LATENCY: setting(
    (value: string): 'realistic' | number => (value === 'realistic' ? value : integer(0, 60_000)(value)),
    'realistic',
    'How slow the demo backends are: `realistic`, or one number of milliseconds for all.',
  ),
  DEMO_PORT_BASE: setting(integer(1024, 65_000), 4101, 'The first of the nine ports of the demo backends.'),
} as const;

/** `ORDERS_URL` and its like: the instances of one backend. */
export function addressSetting(backend: string, demoAddress: string): [string, Setting<readonly string[]>] {
  return [
    `${backend.toUpperCase()}_URL`,
    setting<readonly string[]>(
      listOf(baseAddress),
      [demoAddress],
      `Base addresses of the ${backend} backend: several, separated by commas, are instances of it.`,
      `the demo backend, ${demoAddress}`,
    ),
  ];
}

/** `ORDERS_CA`, `ORDERS_CERT` and `ORDERS_KEY`, and their like: files for HTTPS. */
export function tlsSettings(
  backend: string,
): readonly (readonly ['ca' | 'cert' | 'key', string, Setting<string | null>])[] {
  const name = backend.toUpperCase();
  return [
    [
      'ca',
      `${name}_CA`,
      optional(
        pemFile('CERTIFICATE'),
        `A file with the authority that signs the certificate of the ${backend} backend, in PEM.`,
        "the system's authorities",
      ),
    ],
    [
      'cert',
      `${name}_CERT`,
      optional(
        pemFile('CERTIFICATE'),
        `A file with the gateway's own certificate for the ${backend} backend, in PEM. It goes with \`${name}_KEY\`.`,
        'none',
      ),
    ],
    [
      'key',
      `${name}_KEY`,
      optional(pemFile('PRIVATE KEY'), `A file with the key of \`${name}_CERT\`, in PEM.`, 'none'),
    ],
  ];
}

/** `WEBHOOK_SECRET_ORDERS` and its like. */
export function webhookSecretSetting(backend: string): [string, Setting<string | null>] {
  return [
    `WEBHOOK_SECRET_${backend.toUpperCase()}`,
    secret(`Signs incoming \`POST /webhooks/${backend}\`.`, 'none: refused'),
  ];
}
