import type pg from 'pg';
import { auditTables } from './audit-tables.ts';
import { usageTables } from './usage-tables.ts';

/** One step on the way from an empty database to the tables of records. */
export interface RecordStep {
  /** Its name for good: by it a database knows that the step was taken. */
  readonly name: string;
  readonly sql: string;
}

/**
 * The tables of everything that is recorded beside the workflows, in order. A step that has been released is never
 * changed: the next one mends it.
 */
const steps: readonly RecordStep[] = [
  { name: 'usage', sql: usageTables },
  { name: 'audit', sql: auditTables },
];

/** Brings the tables up to date. The caller holds the migration lock. */
export async function migrateRecords(client: pg.Client): Promise<void> {
  await client.query('create schema if not exists weir');
  await client.query('create table if not exists weir.record_migrations (step text primary key)');
  const { rows } = await client.query<{ step: string }>('select step from weir.record_migrations');
  const done = new Set(rows.map(({ step }) => step));
  for (const { name, sql } of steps) {
    if (done.has(name)) continue;
    await client.query('begin');
    try {
      await client.query(sql);
      await client.query('insert into weir.record_migrations (step) values ($1)', [name]);
      await client.query('commit');
    } catch (error) {
      await client.query('rollback');
      throw new Error(`The step ${name} of the records' tables failed.`, { cause: error });
    }
  }
}
