import { isIP, type LookupFunction } from 'node:net';
import { performance } from 'node:perf_hooks';
import { Pool } from 'undici';
import type { BackendNumbers } from '../backends.ts';

/** How HTTPS backends prove who they are, and how we do. PEM text each. */
export interface TlsSettings {
  /** The authority that signed the backend's certificate, in place of the system's. */
  readonly ca?: string;
  /** Our own certificate and its key, for a backend that asks for one. */
  readonly cert?: string;
  readonly key?: string;
  /** The name in the backend's certificate where it is not the host of the address. */
  readonly servername?: string;
}

export interface ConnectionOptions {
  readonly tls?: TlsSettings;
  /** In place of the system's resolver. */
  readonly lookup?: LookupFunction;
}

/** The connections to one address: pooled, kept alive, and made anew from time to time where it is a name. */
export interface Connections {
  /** Where a call goes now, on the clock of `performance.now()`. */
  at(now: number): Pool;
  /** Lets calls in flight end, for `patienceMs` at most, and refuses new ones. */
  close(patienceMs: number): Promise<void>;
}

/**
 * Opens no connection yet; the first call does.
 *
 * A name is looked up whenever a connection is made. So that a changed answer is noticed although connections are
 * kept alive, a pool serves no longer than `renewAfterMs`: then the next one takes over, and the old one closes
 * when its calls have ended. An address in numbers cannot change and keeps its pool.
 */
export function createConnections(
  origin: string,
  numbers: BackendNumbers,
  { tls, lookup }: ConnectionOptions,
): Connections {
  const { connectTimeoutMs, keepAliveMs, renewAfterMs } = numbers.connection;
  const { hostname } = new URL(origin);
  const renewMs = isIP(hostname.replace(/^\[|\]$/g, '')) ? Number.POSITIVE_INFINITY : renewAfterMs;
  const retired = new Set<Pool>();

  const open = (): Pool =>
    new Pool(origin, {
      connections: numbers.concurrency,
      pipelining: 1,
      // Over HTTP/2 all calls of an instance would share one connection, and fail together with it.
      allowH2: false,
      keepAliveTimeout: keepAliveMs,
      keepAliveMaxTimeout: renewAfterMs,
      // The attempt's own bound holds for head and body together.
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: { timeout: connectTimeoutMs, ...tls, ...(lookup && { lookup }) },
    });

  let pool = open();
  let renewAt = performance.now() + renewMs;
  let closed = false;

  const renew = (now: number): void => {
    const old = pool;
    retired.add(old);
    const forget = () => retired.delete(old);
    old.close().then(forget, forget);
    pool = open();
    renewAt = now + renewMs;
  };

  return {
    at(now) {
      if (now >= renewAt && !closed) renew(now);
      return pool;
    },
    async close(patienceMs) {
      closed = true;
      let timer: NodeJS.Timeout | undefined;
      const patience = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, patienceMs);
      });
      const all = [pool, ...retired];
      // Closing twice is well-defined in undici; both wait for the same end.
      await Promise.race([Promise.all(all.map((one) => one.close())), patience]);
      clearTimeout(timer);
      await Promise.all(all.map((one) => one.destroy()));
    },
  };
}
