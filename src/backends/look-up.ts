import type { BackendRow, BackendTable, Endpoint } from './rows.ts';

/** What holds where a row says nothing else. */
export const usual = {
  timeoutMs: 3000,
  concurrency: 64,
  queue: 512,
  attempts: 3,
  breaker: { failures: 8, halfOpenAfterMs: 2000, slowMs: 2500, ejectAfter: 3 },
  retry: { baseMs: 50, maxMs: 1000, budget: 0.1, free: 3, saved: 50 },
  connection: { connectTimeoutMs: 1000, keepAliveMs: 4000, renewAfterMs: 30_000 },
  maxBytes: 8 * 1024 * 1024,
} as const satisfies Omit<BackendRow, 'demoPort' | 'endpoints'>;

/** A row with every number that it left out filled in with the usual one. */
export type BackendNumbers = Required<Omit<BackendRow, 'breaker'>> & {
  readonly breaker: Required<BackendRow['breaker']>;
};

/** The numbers of one backend, none missing. Throws on a name the table has not. */
export function numbersOf(table: BackendTable, backend: string): BackendNumbers {
  const row = table[backend];
  if (!row) throw new Error(`no backend ${backend} in the table of backends`);
  return { ...usual, ...row, breaker: { ...usual.breaker, ...row.breaker } };
}

/** One endpoint of a table by name, with its own names filled in. Throws on a name the table has not. */
export function endpointOf(table: BackendTable, backend: string, name: string): Endpoint {
  const row = table[backend]?.endpoints[name];
  if (!row) throw new Error(`no endpoint ${backend}.${name} in the table of backends`);
  const by = row.by ? `?${row.by.join('&')}` : '';
  return { ...row, backend, name, id: `${backend}.${name}`, route: `${row.method} ${row.path}${by}` };
}
