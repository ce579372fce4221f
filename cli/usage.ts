import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import pg from 'pg';
import * as z from 'zod';
import { type Config, readConfig } from '../src/config.ts';
import { chooseDataDir } from '../src/postgres/data-dir.ts';
import { openDatabase } from '../src/postgres/database.ts';
import { toCsv } from '../src/usage/csv.ts';
import { toUsageRows } from '../src/usage/usage-rows.ts';
import { createUsageStore, dimensions, spans, type UsageQuestion } from '../src/usage/usage-store.ts';

export const usage = `weir usage [--from 2026-11-01] [--to 2026-12-01] [--by client,operation] [--per month] [--csv]
  What was used, from the database that the settings name (DATABASE_URL, or the embedded one in DATA_DIR): a row a
  combination of --by (client, operation, backend, route; none is the total) and, with --per, a span of time (minute,
  hour, day or month, in UTC). Without --from the last 30 days, without --to until now.`;

const MONTH_MS = 30 * 24 * 3600 * 1000;
/** What fits into memory; a shorter time does in any case. */
const MAX_ROWS = 500_000;

/** PostgreSQL's code for a table that is not there. */
const UNDEFINED_TABLE = '42P01';

const questionShape = z.object({
  from: z.coerce.date(),
  to: z.coerce.date(),
  by: z.array(z.enum(dimensions)),
  per: z.enum(spans).nullable(),
});

/** Prints what was used. Returns the exit code: 1 where the database does not know. */
export async function usageReport(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      from: { type: 'string', default: new Date(Date.now() - MONTH_MS).toISOString() },
      to: { type: 'string', default: new Date().toISOString() },
      by: { type: 'string', default: 'client,operation' },
      per: { type: 'string' },
      csv: { type: 'boolean', default: false },
    },
  });
  const asked = questionShape.safeParse({
    ...values,
    by: values.by.split(',').flatMap((name) => (name === '' ? [] : [name.trim().toUpperCase()])),
    per: values.per ?? null,
  });
  if (!asked.success || asked.data.from >= asked.data.to) {
    console.error(
      `${asked.success ? '--from is not before --to.' : z.prettifyError(asked.error)}\n\n${usage}`,
    );
    return 2;
  }
  const { by, per } = asked.data;
  const sums = await sumsOf(readConfig(process.env), { ...asked.data, limit: MAX_ROWS + 1 });
  if (sums.length > MAX_ROWS) {
    console.error(`There are more than ${MAX_ROWS} rows: ask for a shorter time.`);
    return 1;
  }
  const rows = toUsageRows(sums);
  if (values.csv) process.stdout.write(toCsv(rows, { withTime: per !== null, by }));
  else
    console.table(
      rows.map((row) => Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null))),
    );
  return 0;
}

async function sumsOf(config: Config, question: UsageQuestion) {
  const place = config.DATA_DIR ?? fileURLToPath(new URL('../.weir', import.meta.url));
  const database = await openDatabase({
    url: config.DATABASE_URL,
    dataDir: config.DATABASE_URL === null ? chooseDataDir(place, false).dir : place,
    log: (message) => console.error(message),
  });
  const client = new pg.Client({ connectionString: database.url, application_name: 'weir usage report' });
  try {
    await client.connect();
    const query = async (sql: string, values: readonly unknown[] = []) =>
      (await client.query(sql, [...values])).rows;
    return await createUsageStore({ query, close: async () => undefined }).sums(question);
  } catch (error) {
    if (!(error instanceof pg.DatabaseError) || error.code !== UNDEFINED_TABLE) throw error;
    throw new Error('Nothing was counted yet: no gateway has run with this database.', { cause: error });
  } finally {
    await client.end().catch(() => undefined);
    await database.close();
  }
}
