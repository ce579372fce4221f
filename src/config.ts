import { hostname } from 'node:os';
import { type BackendTable, backends } from './backends.ts';
import { Expected, nearest } from './config/parsers.ts';
import { unsafeInProduction } from './config/production.ts';
import {
  addressSetting,
  type Setting,
  settings,
  tlsSettings,
  webhookSecretSetting,
} from './config/settings.ts';

type Settings = typeof settings;
type Value<S> = S extends Setting<infer T> ? T : never;
type Named = { readonly [N in keyof Settings]: Value<Settings[N]> };

/** Everything the environment decides, decoded. Names are those of the settings. */
export interface Config extends Omit<Named, 'ADMIN_PORT' | 'JWKS_URL' | 'REPLICA_ID' | 'EXPLORER'> {
  /** Null: on the same port as everything else. */
  readonly ADMIN_PORT: number | null;
  /** Whether `ADMIN_PORT` was set by hand. */
  readonly adminPortChosen: boolean;
  /** Null: the users backend's own, at every instance of it. */
  readonly JWKS_URL: string | null;
  readonly REPLICA_ID: string;
  readonly EXPLORER: boolean;
  readonly BACKEND_CLIENT_SECRET: string;
  /** Base addresses a backend. */
  readonly instances: Readonly<Record<string, readonly string[]>>;
  /** Backends whose address was set by hand: the demo starts none of these. */
  readonly addressed: ReadonlySet<string>;
  /** What HTTPS takes at each backend, as PEM. Backends without a setting are not in it. */
  readonly tls: Readonly<Record<string, BackendTls>>;
  readonly webhookSecrets: Readonly<Record<string, string>>;
  readonly production: boolean;
}

/** Certificates for an HTTPS backend, as PEM. */
export interface BackendTls {
  /** The authority that signed its certificate. */
  readonly ca?: string;
  /** Our own certificate and its key. */
  readonly cert?: string;
  readonly key?: string;
}

/** All that is wrong with the settings, a line each: name, value, what was expected. */
export class ConfigError extends Error {
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    const count = faults.length === 1 ? 'One setting is' : `${faults.length} settings are`;
    super(
      `${count} wrong:\n${faults.map((fault) => `  ${fault}`).join('\n')}\nEvery setting is described in docs/configuration.md.`,
    );
    this.name = 'ConfigError';
    this.faults = faults;
  }
}

/** Opens the demo's users backend and no other. */
const DEMO_CLIENT_SECRET = 'weir-demo-secret';

const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost']);

/**
 * Reads every setting at once.
 *
 * Throws a `ConfigError` that names all faults, so that nobody has to start three times to find three of them.
 */
export function readConfig(
  environment: Readonly<Record<string, string | undefined>>,
  table: BackendTable = backends,
): Config {
  const faults: string[] = [];

  const read = <T>(name: string, setting: Setting<T>): T => {
    const value = environment[name];
    if (value === undefined || value === '') return setting.fallback;
    try {
      return setting.parse(value);
    } catch (error) {
      if (!(error instanceof Expected)) throw error;
      faults.push(
        `${name}=${setting.secret ? '(hidden)' : JSON.stringify(value)}: expected ${error.message}`,
      );
      return setting.fallback;
    }
  };

  const named = Object.fromEntries(
    Object.entries<Setting<unknown>>(settings).map(([name, setting]) => [name, read(name, setting)]),
    // Each entry was parsed by the setting of the same name; a mapped type cannot see that through `Object.entries`.
  ) as Named;

  const known = new Set(Object.keys(settings));
  const instances: Record<string, readonly string[]> = {};
  const addressed = new Set<string>();
  const webhookSecrets: Record<string, string> = {};
  const tls: Record<string, BackendTls> = {};
  for (const [backend, row] of Object.entries(table)) {
    const [name, setting] = addressSetting(
      backend,
      `http://127.0.0.1:${named.DEMO_PORT_BASE + row.demoPort}`,
    );
    instances[backend] = read(name, setting);
    if (environment[name]) addressed.add(backend);
    const [secretName, secretSetting] = webhookSecretSetting(backend);
    const secret = read(secretName, secretSetting);
    if (secret !== null) webhookSecrets[backend] = secret;
    known.add(name).add(secretName);
    const files: { ca?: string; cert?: string; key?: string } = {};
    for (const [kind, fileName, fileSetting] of tlsSettings(backend)) {
      known.add(fileName);
      const pem = read(fileName, fileSetting);
      if (pem !== null) files[kind] = pem;
    }
    if (Object.keys(files).length > 0) tls[backend] = files;
    const [certName, keyName] = [`${backend.toUpperCase()}_CERT`, `${backend.toUpperCase()}_KEY`];
    if (Boolean(environment[certName]) !== Boolean(environment[keyName])) {
      faults.push(`${certName} and ${keyName}: expected both or neither`);
    }
  }

  faults.push(...misspelt(environment, known));
  const production = named.NODE_ENV === 'production';
  if (!production && !LOOPBACK.has(named.HOST)) {
    faults.push(
      `HOST="${named.HOST}": expected loopback (127.0.0.1, ::1, localhost) while NODE_ENV is not production, because GraphiQL and the demo are open to whoever reaches them`,
    );
  }
  if (production) {
    faults.push(...unsafeInProduction({ ...named, instances, addressed, webhookSecrets }, environment));
  }
  if (faults.length > 0) throw new ConfigError(faults);

  return {
    ...named,
    adminPortChosen: named.ADMIN_PORT !== null,
    ADMIN_PORT: named.ADMIN_PORT ?? (production ? 4001 : null),
    REPLICA_ID: named.REPLICA_ID ?? `${hostname()}:${named.PORT}`,
    EXPLORER: named.EXPLORER ?? !production,
    BACKEND_CLIENT_SECRET: named.BACKEND_CLIENT_SECRET ?? DEMO_CLIENT_SECRET,
    instances,
    addressed,
    tls,
    webhookSecrets,
    production,
  };
}

/** Variables that nobody reads but that look like ours: a misspelt limit must not mean no limit. */
function misspelt(
  environment: Readonly<Record<string, string | undefined>>,
  known: ReadonlySet<string>,
): string[] {
  const names = [...known].filter((name) => name.length >= 7);
  return Object.keys(environment)
    .filter((name) => !known.has(name))
    .flatMap((name) => {
      const near = name.length < 6 ? null : nearest(name, names);
      return near === null ? [] : [`${name}: no such setting; the nearest is ${near}`];
    });
}
