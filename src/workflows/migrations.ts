import type pg from 'pg';

/**
 * The steps that lead from an empty database to the tables of this folder, in order. A step that has been released
 * is never changed: the next one mends it.
 */
const steps: readonly string[] = [
  `create table weir.workflows (
     id text primary key,
     name text not null,
     status text not null,
     revision integer not null,
     steps jsonb not null,
     progress_done integer,
     progress_total integer,
     waiting_for text,
     waiting_on text,
     subject_type text,
     subject_id text,
     problems jsonb not null,
     result jsonb,
     started_by text not null,
     started_at timestamptz not null,
     finished_at timestamptz,
     -- What it was started with; secrets in it are sealed.
     input jsonb not null,
     -- Tells a repeat from another input under the same key.
     input_hash text not null,
     -- The process that runs it: writes of any other are refused.
     owner text not null,
     -- The answer of a person, where it waits for one.
     decision jsonb
   );
   create index workflows_by_time on weir.workflows (started_at desc, id desc);
   create index workflows_by_user on weir.workflows (started_by, started_at desc, id desc);
   create index workflows_open on weir.workflows (started_at) where finished_at is null;
   create index workflows_by_status on weir.workflows (status, started_at desc, id desc);`,
  `create table weir.uploads (
     id text primary key,
     owner text not null,
     body text not null,
     created_at timestamptz not null default now()
   );
   create table weir.import_chunks (
     workflow_id text not null references weir.workflows on delete cascade,
     number integer not null,
     rows jsonb not null,
     stored boolean not null default false,
     error text,
     primary key (workflow_id, number)
   );`,
  `create table weir.webhooks (
     id text primary key,
     owner text not null,
     -- True for administrators: they hear of everybody's workflows.
     everyone boolean not null,
     url text not null,
     events text[] not null,
     -- Sealed.
     secret text not null,
     created_at timestamptz not null default now()
   );
   create index webhooks_by_owner on weir.webhooks (owner);
   create table weir.webhook_deliveries (
     id text primary key default 'msg_' || replace(gen_random_uuid()::text, '-', ''),
     webhook_id text not null references weir.webhooks on delete cascade,
     event text not null,
     workflow_id text not null,
     revision integer not null,
     body jsonb not null,
     created_at timestamptz not null default now(),
     attempts integer not null default 0,
     -- When to try next; null when there is nothing left to try.
     next_at timestamptz default now(),
     delivered_at timestamptz,
     error text,
     unique (webhook_id, workflow_id, revision)
   );
   create index webhook_deliveries_due on weir.webhook_deliveries (next_at) where next_at is not null;
   create index webhook_deliveries_by_webhook on weir.webhook_deliveries (webhook_id, created_at desc);
   create function weir.tell_webhooks() returns trigger language plpgsql as $$
   begin
     insert into weir.webhook_deliveries (webhook_id, event, workflow_id, revision, body)
     select id, event, new.id, new.revision, jsonb_build_object(
         'type', event, 'timestamp', to_char(now() at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
         'data', jsonb_build_object('id', 'Workflow:' || new.id, 'name', new.name, 'status', new.status,
           'revision', new.revision, 'subject', new.subject_type || ':' || new.subject_id,
           'startedBy', 'User:' || new.started_by, 'problems', (
             select coalesce(jsonb_agg(problem -> 'code'), '[]') from jsonb_array_elements(new.problems) as problem)))
     from weir.webhooks, lower('workflow.' || new.status) as event
     where (owner = new.started_by or everyone) and events && array[event, 'workflow.*']
     on conflict do nothing;
     return null;
   end $$;
   -- In the transaction of the change itself: what is told has happened, and what has happened is told.
   create trigger tell_webhooks after update of status on weir.workflows for each row
     when (old.status is distinct from new.status) execute function weir.tell_webhooks();`,
  `-- Who is billed, and which trace it belongs to; null for what was started before these were kept.
   alter table weir.workflows add column origin jsonb;`,
  `create function weir.tell_audit_log() returns trigger language plpgsql as $$
   declare
     -- A UUID of version 7, as the gateway makes them: its ids grow with time.
     id uuid := encode(set_byte(overlay(uuid_send(gen_random_uuid())
       placing substring(int8send(floor(extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6),
       6, (get_byte(uuid_send(gen_random_uuid()), 0) & 15) | 112), 'hex')::uuid;
   begin
     insert into weir_audit.log (id, at, actor, client_id, action, subjects, outcome, request_id)
     values (id, clock_timestamp(), new.started_by, new.origin ->> 'clientId', 'workflow.' || new.name,
       array_remove(array['Workflow:' || new.id, new.subject_type || ':' || new.subject_id], null),
       array_to_string(new.status || array(select problem ->> 'code'
         from jsonb_array_elements(new.problems) as problem limit 5), ','),
       'workflow-' || new.id);
     return null;
   end $$;
   -- In the transaction of the change itself: a workflow that has ended has left its line.
   create trigger tell_audit_log after update of finished_at on weir.workflows for each row
     when (old.finished_at is null and new.finished_at is not null) execute function weir.tell_audit_log();`,
  `create index workflows_open_by_subject on weir.workflows (subject_id) where finished_at is null;`,
];

/** Brings the tables up to date. The caller holds the migration lock. */
export async function migrateWorkflows(client: pg.Client): Promise<void> {
  await client.query('create schema if not exists weir');
  await client.query('create table if not exists weir.workflow_migrations (step integer primary key)');
  const { rows } = await client.query<{ step: number }>('select step from weir.workflow_migrations');
  const done = new Set(rows.map(({ step }) => step));
  for (const [index, sql] of steps.entries()) {
    if (done.has(index)) continue;
    await client.query('begin');
    await client.query(sql);
    await client.query('insert into weir.workflow_migrations (step) values ($1)', [index]);
    await client.query('commit');
  }
}
