import { expect } from 'vitest';
import type { Weir } from '../start-weir.ts';
import { routeOfLogged } from '../waterfall/logged-calls.ts';

export interface UsageRow {
  readonly client: string | null;
  readonly operation: string | null;
  readonly backend: string | null;
  readonly route: string | null;
  readonly requests: number;
  readonly errors: number;
  readonly upstreamCalls: number;
  readonly bytes: number;
  readonly exactBytes: string;
  readonly totalMs: number;
  readonly p95Ms: number | null;
}

export const usageQuery = `query Usage($from: DateTime!, $to: DateTime!, $by: [UsageDimension!]!) {
  usage(from: $from, to: $to, by: $by) {
    client operation backend route requests errors upstreamCalls bytes exactBytes totalMs p95Ms
  }
}`;

/** A span of time that holds all of a test. */
export const allTime = { from: '2000-01-01T00:00:00Z', to: '2100-01-01T00:00:00Z' };

/** What an administrator is told of everything so far. */
export async function usageOf(
  weir: Pick<Weir, 'ask'>,
  token: string,
  by: readonly string[],
): Promise<readonly UsageRow[]> {
  const { data, errors } = await weir.ask(usageQuery, { token, variables: { ...allTime, by } });
  expect(errors).toEqual([]);
  return data.usage;
}

/** How many calls of each endpoint are told, by `<backend> <route>`. Endpoints without any are left out. */
export function callsTold(rows: readonly UsageRow[]): ReadonlyMap<string, number> {
  return sorted(
    rows
      .filter(({ upstreamCalls }) => upstreamCalls > 0)
      .map(({ backend, route, upstreamCalls }) => [`${backend} ${route}`, upstreamCalls]),
  );
}

/** How many calls of each endpoint the backends have logged. */
export async function callsLogged(
  weir: Pick<Weir, 'calls' | 'backends'>,
): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  for (const backend of Object.keys(weir.backends)) {
    for (const call of await weir.calls(backend)) {
      const name = `${backend} ${routeOfLogged(backend, call)}`;
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
  }
  return sorted([...counts]);
}

const sorted = (entries: readonly (readonly [string, number])[]): ReadonlyMap<string, number> =>
  new Map(entries.toSorted(([one], [other]) => (one < other ? -1 : 1)));
