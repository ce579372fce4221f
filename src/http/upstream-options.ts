import type { LookupFunction } from 'node:net';
import type { BackendTable } from '../backends.ts';
import type { CallRecord } from '../call.ts';
import type { BreakerChange, BreakerState } from './breaker.ts';
import type { ClientCredentials } from './client-credentials.ts';
import type { TlsSettings } from './connections.ts';
import type { Drift } from './decode.ts';
import type { Layer } from './exchange.ts';
import type { MachineToken } from './machine-token.ts';
import type { Ended } from './observe.ts';
import type { Upstream } from './upstream.ts';

/** Where notes for the operator go. A pino logger fits. */
export interface UpstreamLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** What metrics count. Each is called in the middle of a call, so it must be quick and must not throw. */
export interface UpstreamEvents {
  attempt?(record: CallRecord, ended: Ended): void;
  drift?(drift: Drift): void;
  breaker?(instance: string, change: BreakerChange): void;
}

/** How one instance is, for readiness and metrics. */
export interface InstanceHealth {
  readonly backend: string;
  /** `orders#1` */
  readonly instance: string;
  /** The address: for operators, never for clients. */
  readonly origin: string;
  readonly state: BreakerState;
  /** Left out early, since other instances can take the load. */
  readonly ejected: boolean;
  readonly failuresInRow: number;
  /** What the last failure was, such as `ECONNREFUSED`, or null where there was none. */
  readonly lastReason: string | null;
  readonly inFlight: number;
  readonly waiting: number;
}

export interface UpstreamOptions {
  readonly table: BackendTable;
  /** Base addresses a backend. A backend without one cannot be called. */
  readonly instances: Readonly<Record<string, readonly string[]>>;
  /**
   * The gateway's own identity, for which `users.createToken` gives a token. Without it, and without
   * `machineToken`, endpoints that want the gateway's own credentials cannot be called.
   */
  readonly client?: ClientCredentials;
  /** Where the gateway's own token comes from, in place of `client`. */
  readonly machineToken?: MachineToken;
  /** The shared cache and joining, outermost first. */
  readonly layers?: readonly Layer[];
  readonly log: UpstreamLog;
  readonly events?: UpstreamEvents;
  /** Check the shape of every answer in full, or of this share of them (0 to 1). */
  readonly checkShapes: 'always' | number;
  /** For HTTPS backends. */
  readonly tls?: Readonly<Record<string, TlsSettings>>;
  /** In place of the system's resolver. */
  readonly lookup?: LookupFunction;
  /** 0 up to 1; in place of `Math.random`. */
  readonly random?: () => number;
}

export interface UpstreamClient extends Upstream {
  health(): readonly InstanceHealth[];
}
