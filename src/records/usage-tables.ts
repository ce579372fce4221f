/** What was used, by the minute and, of long ago, by the hour. */
export const usageTables = `
  create table weir.usage_minutes (
    at timestamptz not null,
    -- Empty without a token.
    client text not null,
    operation text not null,
    -- Backend and route are empty where operations are counted, and not the calls that they made.
    backend text not null,
    route text not null,
    requests bigint not null,
    -- With fractions: a call that three callers share is a third for each.
    errors double precision not null,
    calls double precision not null,
    bytes double precision not null,
    total_ms double precision not null,
    -- How many took how long; src/usage/latency.ts says where a bucket ends.
    latency double precision[] not null,
    primary key (at, client, operation, backend, route)
  );
  create table weir.usage_hours (like weir.usage_minutes including all);
  create view weir.usage as select * from weir.usage_minutes union all select * from weir.usage_hours;
  -- The last batch of each process: one that comes again, since its answer was lost, is not counted again.
  create table weir.usage_writers (
    id uuid primary key,
    batch bigint not null,
    at timestamptz not null default now()
  );
  create function weir.add_latency(one double precision[], other double precision[])
    returns double precision[] language sql immutable parallel safe as $$
      select coalesce(array_agg(coalesce(a, 0) + coalesce(b, 0) order by bucket), '{}')
      from unnest(one, other) with ordinality as counts(a, b, bucket)
    $$;
  create aggregate weir.sum_latency(double precision[])
    (sfunc = weir.add_latency, stype = double precision[], initcond = '{}');`;
