import { ask } from '../workflows/test-database.ts';

/** A line as it stands in the table. */
export interface Line {
  readonly id: string;
  readonly actor: string | null;
  readonly client_id: string | null;
  readonly action: string;
  readonly subjects: readonly string[];
  readonly outcome: string;
  readonly request_id: string;
}

/** Every line of the log, oldest first. */
export async function linesIn(url: string): Promise<readonly Line[]> {
  return (await ask(url, 'select * from weir_audit.log order by id')) as Line[];
}

/** What was refused, a minute and a code a row. */
export interface RefusalRow {
  readonly code: string;
  readonly count: string;
  readonly samples: readonly Readonly<Record<string, unknown>>[];
}

export async function refusalsIn(url: string): Promise<readonly RefusalRow[]> {
  return (await ask(
    url,
    'select code, count, samples from weir_audit.refusals order by minute',
  )) as RefusalRow[];
}
