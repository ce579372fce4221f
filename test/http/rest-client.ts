import { z } from 'zod';
import {
  type BackendRow,
  type BackendTable,
  type Endpoint,
  type EndpointRow,
  endpointOf,
} from '../../src/backends.ts';
import type { Call, CallRecord } from '../../src/call.ts';
import { WeirError } from '../../src/errors.ts';
import { createUpstream } from '../../src/http/create-upstream.ts';
import type { UpstreamClient, UpstreamOptions } from '../../src/http/upstream-options.ts';

/** One line of the operator's log. */
export interface LogLine {
  readonly level: 'info' | 'warn' | 'error';
  readonly fields: Readonly<Record<string, unknown>>;
  readonly message: string;
}

export interface RestClient extends AsyncDisposable {
  readonly upstream: UpstreamClient;
  readonly log: readonly LogLine[];
  /** Every attempt of every call. */
  readonly records: readonly CallRecord[];
  /** An endpoint of the backend `things`. */
  readonly endpoint: (name: keyof typeof thingEndpoints) => Endpoint;
}

export const thingEndpoints = {
  thingById: { method: 'GET', path: '/things/{id}', credentials: 'none', usualMs: 10 },
  thingsByIds: {
    method: 'GET',
    path: '/things',
    by: ['ids'],
    bulk: { param: 'ids', max: 100 },
    credentials: 'none',
    usualMs: 10,
  },
  slowThing: { method: 'GET', path: '/slow/{id}', credentials: 'none', usualMs: 400 },
  ownThings: { method: 'GET', path: '/own', credentials: 'viewer', usualMs: 10 },
  allThings: { method: 'GET', path: '/all', credentials: 'gateway', usualMs: 10 },
  createThing: { method: 'POST', path: '/things', credentials: 'none', usualMs: 10 },
  approveThing: { method: 'POST', path: '/things/{id}/approve', credentials: 'gateway', usualMs: 10 },
} as const satisfies Record<string, EndpointRow>;

/** Numbers small enough for a test to see their effect. */
export const quick: Omit<BackendRow, 'endpoints'> = {
  demoPort: 0,
  timeoutMs: 400,
  concurrency: 8,
  queue: 8,
  attempts: 3,
  breaker: { failures: 5, halfOpenAfterMs: 200, slowMs: 300, ejectAfter: 3 },
  retry: { baseMs: 5, maxMs: 20, budget: 0.1, free: 3, saved: 10 },
  connection: { connectTimeoutMs: 300, keepAliveMs: 2000, renewAfterMs: 30_000 },
  maxBytes: 64 * 1024,
};

export const thing = z.object({ id: z.string() });

export interface RestClientOptions extends Partial<Omit<UpstreamOptions, 'table' | 'instances' | 'log'>> {
  readonly numbers?: Partial<Omit<BackendRow, 'endpoints'>>;
}

/** The REST client in front of one backend called `things`, at these addresses. */
export function connect(addresses: readonly string[], options: RestClientOptions = {}): RestClient {
  const { numbers, ...rest } = options;
  const table: BackendTable = { things: { ...quick, ...numbers, endpoints: thingEndpoints } };
  const log: LogLine[] = [];
  const records: CallRecord[] = [];
  const note = (level: LogLine['level']) => (fields: object, message: string) => {
    log.push({ level, fields: { ...fields }, message });
  };
  const upstream = createUpstream({
    checkShapes: 'always',
    ...rest,
    table,
    instances: { things: addresses },
    log: { info: note('info'), warn: note('warn'), error: note('error') },
    events: { ...rest.events, attempt: (record) => records.push(record) },
  });
  return {
    upstream,
    log,
    records,
    endpoint: (name) => endpointOf(table, 'things', name),
    [Symbol.asyncDispose]: () => upstream.close(),
  };
}

/** One operation, anonymous and with two seconds left, unless said otherwise. */
export function callOf(parts: Partial<Call> & { readonly leftMs?: number } = {}): Call {
  const { leftMs = 2000, ...rest } = parts;
  return {
    requestId: 'request-1',
    signal: new AbortController().signal,
    deadlineAt: performance.now() + leftMs,
    viewer: null,
    onBehalfOf: null,
    traceparent: null,
    observe: null,
    demand: null,
    ...rest,
  };
}

/** The error that a call ends with. Fails where it ends well, or with an error that is not ours. */
export async function errorOf(pending: Promise<unknown>): Promise<WeirError> {
  const outcome = await pending.then(
    (value) => ({ value }),
    (error: unknown) => error,
  );
  if (outcome instanceof WeirError) return outcome;
  throw new Error(`expected a WeirError, got ${JSON.stringify(outcome)} ${String(outcome)}`);
}

/** What a promise comes to without waiting for anything outside this process. Fails where it has to. */
export function atOnce<T>(pending: Promise<T>): Promise<T> {
  const later = new Promise<never>((_resolve, reject) => {
    setImmediate(() => reject(new Error('it had to wait')));
  });
  return Promise.race([pending, later]);
}

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits until something holds; fails after `withinMs`. */
export async function until(holds: () => boolean, withinMs = 3000): Promise<void> {
  const end = performance.now() + withinMs;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`still not so after ${withinMs} ms`);
    await sleep(2);
  }
}
