import { z } from 'zod';
import type { QueryPool } from '../postgres/query-pool.ts';
import type { MinuteCount } from './tally.ts';

/** What usage can be told apart by. */
export const dimensions = ['CLIENT', 'OPERATION', 'BACKEND', 'ROUTE'] as const;
export type Dimension = (typeof dimensions)[number];

/** The spans of time that usage can be added up by. */
export const spans = ['minute', 'hour', 'day', 'month'] as const;
export type Span = (typeof spans)[number];

/** Of which time and by what usage is told. Minutes that begin at `from` or later and before `to`. */
export interface UsageQuestion {
  readonly from: Date;
  readonly to: Date;
  readonly by: readonly Dimension[];
  /** A row a span of time (in UTC), or null for all of it together. */
  readonly per: Span | null;
  /** No more rows than that. */
  readonly limit: number;
}

/** What was counted of one combination of dimensions. */
export interface Sum {
  /** When its span began, or null. */
  readonly at: Date | null;
  /** Null for what was not asked for. */
  readonly client: string | null;
  readonly operation: string | null;
  readonly backend: string | null;
  readonly route: string | null;
  readonly requests: number;
  readonly errors: number;
  readonly calls: number;
  readonly bytes: number;
  readonly totalMs: number;
  readonly latency: readonly number[];
}

/** The tables of usage. Rejects with a `DatabaseFault`. */
export interface UsageStore {
  /** Adds counts to what is there: once, however often a batch of this number comes from this writer. */
  add(writer: string, batch: number, counts: readonly MinuteCount[]): Promise<void>;
  sums(question: UsageQuestion): Promise<readonly Sum[]>;
  /** Adds minutes of long ago up to hours, and forgets hours of very long ago. */
  tidy(): Promise<void>;
}

/** For how long it is kept, and can be told, what happened in which minute, and in which hour. */
export const KEEP_MINUTES_DAYS = 7;
export const KEEP_HOURS_DAYS = 400;

const columns = 'at, client, operation, backend, route, requests, errors, calls, bytes, total_ms, latency';

const adding = `on conflict (at, client, operation, backend, route) do update set
   requests = kept.requests + excluded.requests, errors = kept.errors + excluded.errors,
   calls = kept.calls + excluded.calls, bytes = kept.bytes + excluded.bytes,
   total_ms = kept.total_ms + excluded.total_ms, latency = weir.add_latency(kept.latency, excluded.latency)`;

const sumRow = z.object({
  at: z.date().nullable(),
  client: z.string().nullable(),
  operation: z.string().nullable(),
  backend: z.string().nullable(),
  route: z.string().nullable(),
  requests: z.coerce.number(),
  errors: z.number(),
  calls: z.number(),
  bytes: z.number(),
  total_ms: z.number(),
  latency: z.array(z.number()),
});

/** The tables `weir.usage_minutes` and `weir.usage_hours`. */
export function createUsageStore(pool: QueryPool): UsageStore {
  return {
    async add(writer, batch, counts) {
      const all = <T>(pick: (count: MinuteCount) => T): T[] => counts.map(pick);
      await pool.query(
        `with fresh as (
           insert into weir.usage_writers as known (id, batch) values ($1, $2)
           on conflict (id) do update set batch = excluded.batch, at = now() where known.batch < excluded.batch
           returning id)
         insert into weir.usage_minutes as kept (${columns})
         select to_timestamp(minute * 60), client, operation, backend, route, requests, errors, calls, bytes,
           total_ms, latency::double precision[]
         from unnest($3::double precision[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bigint[],
           $9::double precision[], $10::double precision[], $11::double precision[], $12::double precision[],
           $13::text[]) as count(minute, client, operation, backend, route, requests, errors, calls, bytes,
           total_ms, latency)
         where exists (select from fresh)
         -- In one order for all replicas, so that none waits for another in a circle.
         order by 1, 2, 3, 4, 5 ${adding}`,
        [
          writer,
          batch,
          all(({ minute }) => minute),
          all(({ client }) => client),
          all(({ operation }) => operation),
          all(({ backend }) => backend),
          all(({ route }) => route),
          all(({ requests }) => requests),
          all(({ errors }) => errors),
          all(({ calls }) => calls),
          all(({ bytes }) => bytes),
          all(({ totalMs }) => totalMs),
          all(({ latency }) => `{${latency.join(',')}}`),
        ],
      );
    },

    async sums({ from, to, by, per, limit }) {
      const ofCalls = by.includes('BACKEND') || by.includes('ROUTE');
      const column = (dimension: Dimension): string =>
        by.includes(dimension) ? dimension.toLowerCase() : `null::text`;
      // Words of our own alone: `per` and `by` are of closed lists.
      const span = per === null ? 'null::timestamptz' : `date_trunc('${per}', at, 'UTC')`;
      const rows = await pool.query(
        `select ${span} as at, ${dimensions.map((name) => `${column(name)} as ${name.toLowerCase()}`).join(', ')},
           coalesce(sum(requests) filter (where (backend <> '') = $3), 0)::bigint as requests,
           coalesce(sum(errors) filter (where (backend <> '') = $3), 0) as errors,
           sum(calls) as calls, sum(bytes) as bytes,
           coalesce(sum(total_ms) filter (where (backend <> '') = $3), 0) as total_ms,
           coalesce(weir.sum_latency(latency) filter (where (backend <> '') = $3), '{}') as latency
         from weir.usage where at >= $1 and at < $2 and (not $3 or backend <> '')
         group by 1, 2, 3, 4, 5 order by 1, calls desc, requests desc, 2, 3, 4, 5 limit $4`,
        [from, to, ofCalls, limit],
      );
      return rows.map((row) => {
        const { total_ms: totalMs, ...sum } = sumRow.parse(row);
        return { ...sum, totalMs };
      });
    },

    async tidy() {
      // An hour at a time, so that no statement lasts.
      for (let hasMore = true; hasMore; ) {
        const rows = await pool.query(
          `with gone as (
             delete from weir.usage_minutes
             where at < date_trunc('hour', now() - make_interval(days => $1), 'UTC')
               and at < (select date_trunc('hour', min(at), 'UTC') + interval '1 hour' from weir.usage_minutes)
             returning *)
           insert into weir.usage_hours as kept (${columns})
           select date_trunc('hour', at, 'UTC'), client, operation, backend, route, sum(requests)::bigint,
             sum(errors), sum(calls), sum(bytes), sum(total_ms), weir.sum_latency(latency)
           from gone group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5 ${adding} returning 1`,
          [KEEP_MINUTES_DAYS],
        );
        hasMore = rows.length > 0;
      }
      await pool.query('delete from weir.usage_hours where at < now() - make_interval(days => $1)', [
        KEEP_HOURS_DAYS,
      ]);
      await pool.query(`delete from weir.usage_writers where at < now() - interval '1 day'`);
    },
  };
}
