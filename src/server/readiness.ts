import { connect } from 'node:net';
import type { OverloadState } from '../guard/overload.ts';
import type { InstanceHealth } from '../http/upstream-options.ts';
import type { HttpAnswer } from './http-answer.ts';
import { toJsonAnswer } from './json-answer.ts';

/** How long an instance may take to accept a connection, in milliseconds. */
const CONNECT_MS = 500;
/** An answer is believed this long: whoever polls does not multiply connections. */
const BELIEVED_MS = 1_000;

/** One address of a backend: whether it takes connections, and how calls to it went. */
export interface InstanceState {
  readonly address: string;
  readonly reachable: boolean;
  /** What stands in the way, or null. */
  readonly reason: string | null;
  /** Null where nobody could tell. */
  readonly calls: Omit<InstanceHealth, 'backend' | 'origin'> | null;
}

/** Whether something can be had from a backend: an instance of it takes connections and is not left alone for now. */
export interface BackendState {
  readonly reachable: boolean;
  readonly instances: readonly InstanceState[];
}

/** Something beside the backends that some operations need: the database, Redis. */
export interface PartState {
  readonly reachable: boolean;
  /** For operators alone. */
  readonly detail?: Readonly<Record<string, unknown>>;
}

export interface Readiness {
  /** False only where no read at all could be served, and while the gateway is on its way out. */
  readonly ready: boolean;
  readonly draining: boolean;
  readonly backends: Readonly<Record<string, BackendState>>;
  readonly parts: Readonly<Record<string, PartState>>;
  readonly operations: OverloadState;
}

export interface ReadinessOptions {
  /** Base addresses a backend. */
  readonly instances: Readonly<Record<string, readonly string[]>>;
  /** How calls went, in the order of the addresses. */
  readonly health: () => readonly InstanceHealth[];
  readonly parts: () => Readonly<Record<string, PartState>>;
  readonly operations: () => OverloadState;
  readonly isDraining: () => boolean;
}

/** Looks whether each backend's instances accept connections, and says how calls to them went. */
export function createReadiness(options: ReadinessOptions): () => Promise<Readiness> {
  const { instances, health, parts, operations, isDraining } = options;
  const names = Object.keys(instances);
  let last: {
    readonly at: number;
    readonly reached: Promise<ReadonlyMap<string, readonly Reached[]>>;
  } | null = null;

  const look = async (): Promise<ReadonlyMap<string, readonly Reached[]>> =>
    new Map(
      await Promise.all(
        Object.entries(instances).map(
          async ([name, addresses]) => [name, await Promise.all(addresses.map(reach))] as const,
        ),
      ),
    );

  return async () => {
    const now = performance.now();
    if (last === null || now - last.at > BELIEVED_MS) last = { at: now, reached: look() };
    const reached = await last.reached;
    const known = Map.groupBy(health(), ({ backend }) => backend);
    const backends = Object.fromEntries(
      names.map((name) => [name, toBackendState(reached.get(name) ?? [], known.get(name) ?? [])]),
    );
    const draining = isDraining();
    const some = names.length === 0 || Object.values(backends).some(({ reachable }) => reachable);
    return { ready: some && !draining, draining, backends, parts: parts(), operations: operations() };
  };
}

/** The answer of `/readyz`. Addresses, reasons and numbers are for operators alone. */
export function toReadyAnswer(readiness: Readiness, detail: boolean): HttpAnswer {
  const { ready, draining, backends, parts, operations } = readiness;
  const summary = ({ reachable }: { readonly reachable: boolean }) => ({ reachable });
  const status = ready ? 'ready' : draining ? 'draining' : 'not ready';
  return toJsonAnswer(ready ? 200 : 503, {
    status,
    backends: detail ? backends : mapValues(backends, summary),
    ...(detail ? parts : mapValues(parts, summary)),
    ...(detail ? { operations } : {}),
  });
}

type Reached = Omit<InstanceState, 'calls'>;

function toBackendState(reached: readonly Reached[], known: readonly InstanceHealth[]): BackendState {
  const instances = reached.map((instance, index): InstanceState => {
    const calls = known[index];
    if (!calls) return { ...instance, calls: null };
    const { backend: _backend, origin: _origin, ...rest } = calls;
    return { ...instance, calls: rest };
  });
  return {
    reachable: instances.some(({ reachable, calls }) => reachable && calls?.state !== 'open'),
    instances,
  };
}

function mapValues<T, R>(record: Readonly<Record<string, T>>, map: (value: T) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
}

function reach(address: string): Promise<Reached> {
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
