/** Acts for the gateway where it records: it may insert and read, and nothing else. */
export const auditWriter = 'weir_audit_writer';

/**
 * The tables of the audit log, which nobody changes and only the keeper shortens.
 *
 * Two things stand before a change: privileges, and a trigger that refuses even those whom privileges do not bind.
 * Where the database lets us, the tables are handed over to the keeper, an operator's role that the gateway is no
 * member of; where it does not (a role without CREATEROLE), the gateway's role keeps them and gives its privileges up.
 */
export const auditTables = `
  create schema weir_audit;
  create table weir_audit.log (
    -- In the order of time.
    id uuid primary key,
    at timestamptz not null,
    -- A raw user id; null for the anonymous.
    actor text,
    -- The token's client_id.
    client_id text,
    -- The field of Mutation, or 'workflow.' and the name of a workflow that has ended.
    action text not null,
    -- Global ids.
    subjects text[] not null,
    outcome text not null,
    request_id text not null
  );
  create index log_by_time on weir_audit.log using brin (at);
  create table weir_audit.refusals (
    id uuid primary key,
    minute timestamptz not null,
    replica text not null,
    code text not null,
    count bigint not null,
    -- A few of them, drawn by chance.
    samples jsonb not null
  );
  create index refusals_by_time on weir_audit.refusals using brin (minute);

  create function weir_audit.keep() returns trigger language plpgsql as $$
  begin
    if tg_op = 'DELETE' and current_user = 'weir_audit_keeper' then return null; end if;
    raise exception 'weir_audit.% is append-only', tg_table_name
      using errcode = 'insufficient_privilege', hint = 'Only the role weir_audit_keeper may delete.';
  end $$;
  create trigger keep before update or delete or truncate on weir_audit.log
    for each statement execute function weir_audit.keep();
  create trigger keep before update or delete or truncate on weir_audit.refusals
    for each statement execute function weir_audit.keep();

  do $$
  begin
    -- Roles belong to the whole server: another of its databases, or an operator, may have made them.
    begin create role weir_audit_writer nologin;
    exception when duplicate_object or unique_violation or insufficient_privilege then null; end;
    begin create role weir_audit_keeper nologin;
    exception when duplicate_object or unique_violation or insufficient_privilege then null; end;
    begin grant weir_audit_writer to current_user;
    exception when undefined_object or insufficient_privilege then null; end;

    revoke update, delete, truncate, trigger, references on weir_audit.log, weir_audit.refusals from current_user;
    if exists (select from pg_roles where rolname = 'weir_audit_writer') then
      grant usage on schema weir_audit to weir_audit_writer;
      grant insert, select on weir_audit.log, weir_audit.refusals to weir_audit_writer;
    end if;
    if exists (select from pg_roles where rolname = 'weir_audit_keeper') then
      grant usage on schema weir_audit to weir_audit_keeper;
      grant delete, select on weir_audit.log, weir_audit.refusals to weir_audit_keeper;
    end if;

    begin
      grant weir_audit_keeper to current_user;
      execute format('grant create on database %I to weir_audit_keeper', current_database());
      alter schema weir_audit owner to weir_audit_keeper;
      alter table weir_audit.log owner to weir_audit_keeper;
      alter table weir_audit.refusals owner to weir_audit_keeper;
      alter function weir_audit.keep() owner to weir_audit_keeper;
      execute format('revoke create on database %I from weir_audit_keeper', current_database());
      revoke weir_audit_keeper from current_user;
    exception when undefined_object or insufficient_privilege then null; end;
  end $$;
`;
