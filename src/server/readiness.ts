import { connect } from 'node:net';

/** How long an instance may take to accept a connection, in milliseconds. */
const CONNECT_MS = 500;
/** An answer is believed this long: whoever polls does not multiply connections. */
const BELIEVED_MS = 1_000;

/** Whether something can be had from a backend, and what stands in the way where not. */
export interface BackendState {
  readonly reachable: boolean;
  readonly instances: readonly {
    readonly address: string;
    readonly reachable: boolean;
    readonly reason: string | null;
  }[];
}

export interface Readiness {
  /** False only where no read at all could be served. */
  readonly ready: boolean;
  readonly backends: Readonly<Record<string, BackendState>>;
}

/** Looks whether each backend's instances accept connections. */
export function createReadiness(
  instances: Readonly<Record<string, readonly string[]>>,
  isDraining: () => boolean,
): () => Promise<Readiness> {
  let last: { readonly at: number; readonly states: Promise<Readonly<Record<string, BackendState>>> } | null =
    null;
  const look = async (): Promise<Readonly<Record<string, BackendState>>> =>
    Object.fromEntries(
      await Promise.all(
        Object.entries(instances).map(async ([name, addresses]) => {
          const states = await Promise.all(addresses.map(reach));
          return [name, { reachable: states.some(({ reachable }) => reachable), instances: states }] as const;
        }),
      ),
    );
  return async () => {
    const now = performance.now();
    if (last === null || now - last.at > BELIEVED_MS) last = { at: now, states: look() };
    const backends = await last.states;
    const anyReachable = Object.values(backends).some(({ reachable }) => reachable);
    return { ready: anyReachable && !isDraining(), backends };
  };
}

function reach(address: string): Promise<BackendState['instances'][number]> {
  const { hostname, port, protocol } = new URL(address);
  return new Promise((resolve) => {
    const socket = connect({
      host: hostname.replace(/^\[|\]$/g, ''),
      port: port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port),
      timeout: CONNECT_MS,
    });
    const end = (reason: string | null): void => {
      socket.destroy();
      resolve({ address, reachable: reason === null, reason });
    };
    socket.once('connect', () => end(null));
    socket.once('timeout', () => end('no answer in time'));
    socket.once('error', (error) => end('code' in error ? String(error.code) : error.message));
  });
}
