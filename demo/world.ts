import { join } from 'node:path';
import type { JWTVerifyGetKey } from 'jose';
import { demoBackends } from './backends.ts';
import type { Backend, Latency } from './kit/create-backend.ts';
import { remoteKeys } from './kit/identity.ts';

export interface DemoWorldOptions {
  /** The port of the first backend; the others follow in their fixed order. 0: each takes a free one. */
  readonly portBase: number;
  /** The stores go into its folder `demo`. */
  readonly dataDir: string;
  /** `realistic`, or one number of milliseconds for every call (0 in tests). */
  readonly latency: Latency;
  /** The names of the backends to start; left out: all nine. A port belongs to a name, whoever else is there. */
  readonly only?: readonly string[];
  /**
   * Where the keys that sign tokens are. Left out: the users backend of this world, or, where `only` leaves
   * that out, the one that would be on `portBase`.
   */
  readonly jwksUrl?: string;
  /** Hears of each backend as it becomes ready. */
  readonly onReady?: (backend: { readonly name: string; readonly url: string }) => void;
}

export interface DemoWorld {
  /** The base address of each backend that was started, by name. */
  readonly urls: Readonly<Record<string, string>>;
  /** Ends all of them at once, with the calls that are under way. The stores stay. Again: nothing more. */
  close(): Promise<void>;
}

/** A demo port that somebody else listens on. */
export class PortTaken extends Error {
  readonly backend: string;
  readonly port: number;

  constructor(backend: string, port: number, cause: unknown) {
    super(`port ${port} for the demo backend "${backend}" is taken`, { cause });
    this.name = 'PortTaken';
    this.backend = backend;
    this.port = port;
  }
}

/**
 * Starts the REST backends of the demo in this process, on loopback.
 *
 * The first start on a `dataDir` makes and seeds the stores. Throws `PortTaken`, an error for a name that is
 * none, or what the stores throw (a folder that cannot be written); nothing is left running then.
 */
export async function createDemoWorld(options: DemoWorldOptions): Promise<DemoWorld> {
  const { portBase, latency, onReady } = options;
  const names = [...demoBackends.keys()];
  const unknown = (options.only ?? []).filter((name) => !demoBackends.has(name));
  if (unknown.length > 0) {
    throw new Error(`no demo backend is called ${unknown.join(', ')}; there are ${names.join(', ')}`);
  }
  const dataDir = join(options.dataDir, 'demo');
  const started: Backend[] = [];
  let closed: Promise<unknown> | null = null;
  const close = async () => {
    closed ??= Promise.all(started.map((backend) => backend.close()));
    await closed;
  };
  const keys = createTokenKeys(options, started);

  try {
    for (const [index, [name, create]] of [...demoBackends].entries()) {
      if (options.only && !options.only.includes(name)) continue;
      const port = portBase === 0 ? 0 : portBase + index;
      const backend = await create({ port, dataDir, latency, tokenKeys: keys }).catch((error: unknown) => {
        throw isAddressInUse(error) ? new PortTaken(name, port, error) : error;
      });
      started.push(backend);
      onReady?.({ name, url: backend.url });
    }
  } catch (error) {
    await close();
    throw error;
  }
  return { urls: Object.fromEntries(started.map(({ name, url }) => [name, url])), close };
}

/** Keys looked for where they are by the time that the first token comes, and shared by all backends. */
function createTokenKeys(
  { jwksUrl, portBase }: DemoWorldOptions,
  started: readonly Backend[],
): JWTVerifyGetKey {
  let keys: JWTVerifyGetKey | null = null;
  const addressOf = () => {
    if (jwksUrl !== undefined) return jwksUrl;
    const users = started.find(({ name }) => name === 'users')?.url;
    if (users === undefined && portBase === 0) {
      throw new Error('tokens cannot be checked: this world has no users backend, and no jwksUrl was given');
    }
    return `${users ?? `http://127.0.0.1:${portBase}`}/.well-known/jwks.json`;
  };
  return (header, token) => {
    keys ??= remoteKeys(new URL(addressOf()));
    return keys(header, token);
  };
}

function isAddressInUse(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
}
