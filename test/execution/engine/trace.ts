import type { Audit } from '../../../src/execution/departures.ts';
import { hashed } from './random.ts';
import type { CallLog } from './run.ts';
import { type Args, endpoints } from './world.ts';

/** What an audit says when nothing is under way any more. */
export const nothingLeft: Audit = { outstanding: 0, pending: 0, held: 0, inFlight: 0, timers: 0 };

/** `endpoint keys at start-end`, in the order in which the calls were made. */
export function traceOf(calls: readonly CallLog[]): string[] {
  return calls.map(({ endpoint, keys, at, endedAt }) => `${endpoint} ${keys.join('+')} at ${at}-${endedAt}`);
}

/** The calls to one endpoint. */
export function callsTo(calls: readonly CallLog[], endpoint: string): CallLog[] {
  return calls.filter((call) => call.endpoint === endpoint);
}

/** How long calls take in one run. */
export type Law = (endpoint: string, keys: readonly string[], args: Args) => number;

const drawOf = (seed: number, endpoint: string, keys: readonly string[], args: Args): number =>
  // One draw for all calls of a bulk endpoint: how many keys it carries does not change how long it takes.
  hashed(seed, endpoints.get(endpoint)?.bulk ? endpoint : `${endpoint} ${keys} ${JSON.stringify(args)}`);

/** Every endpoint takes 1 to 200 ms. */
export function uniformLaw(seed: number): Law {
  return (endpoint, keys, args) => 1 + Math.floor(200 * drawOf(seed, endpoint, keys, args));
}

/** Every endpoint has its usual time; a run takes a little more or less of it, and sometimes much more. */
export function skewedLaw(seed: number): Law {
  return (endpoint, keys, args) => {
    const usualMs = 20 + Math.floor(130 * hashed(7, endpoint));
    const draw = Math.max(1e-9, drawOf(seed, endpoint, keys, args));
    const other = hashed(seed + 1, `${endpoint} ${keys}`);
    const normal = Math.sqrt(-2 * Math.log(draw)) * Math.cos(2 * Math.PI * other);
    const perEndpoint = endpoints.get(endpoint)?.bulk ? normalOf(seed, endpoint) : normal;
    return Math.max(1, Math.round(usualMs * Math.exp(0.5 * perEndpoint)));
  };
}

function normalOf(seed: number, endpoint: string): number {
  const draw = Math.max(1e-9, hashed(seed, endpoint));
  return Math.sqrt(-2 * Math.log(draw)) * Math.cos(2 * Math.PI * hashed(seed + 1, endpoint));
}

/** Latencies by endpoint, or by endpoint and first key. */
export const times =
  (ms: Readonly<Record<string, number>>, usual = 10) =>
  (endpoint: string, keys: readonly string[]): number =>
    ms[`${endpoint} ${keys[0]}`] ?? ms[endpoint] ?? usual;
