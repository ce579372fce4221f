import { Readable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { type CsvError, type Info, parse } from 'csv-parse';
import { z } from 'zod';
import type { ImportRow } from './import-store.ts';

/** A row that is left out, and why. */
export interface BadRow {
  /** The line of the file, the first being 1. */
  readonly line: number;
  /** Empty where the whole row is at fault. */
  readonly column: string;
  readonly reason: string;
}

/** A catalogue, or why it is none. */
export type Catalogue =
  | { readonly fault: string }
  | { readonly fault: null; readonly rows: readonly ImportRow[]; readonly bad: readonly BadRow[] };

/** The most rows that one import takes. */
export const maxCatalogueRows = 20_000;

const columns = ['id', 'name', 'description', 'category', 'price', 'imageUrl'];
const needed = ['name', 'category', 'price'];
const currency = 'EUR';

const text = (most: number) => z.string().trim().max(most, `must have at most ${most} characters`);
const emptyIsAbsent = (value: unknown): unknown => (value === '' ? undefined : value);

const rowShape = z.object({
  id: z.preprocess(
    emptyIsAbsent,
    z
      .string()
      .regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1 to 64 letters, digits, - and _')
      .optional(),
  ),
  name: text(200).min(1, 'must not be empty'),
  description: text(2000).default(''),
  category: text(100).min(1, 'must not be empty'),
  price: z
    .string()
    .trim()
    .regex(/^\d{1,9}(\.\d{1,2})?$/, 'must be an amount such as 12.50')
    .transform(toMinorUnits),
  imageUrl: z.preprocess(
    emptyIsAbsent,
    z.url({ protocol: /^https?$/, error: 'must be an http(s) address' }).optional(),
  ),
});

const recordShape = z.object({ info: z.custom<Info>(), record: z.record(z.string(), z.string()) });

/**
 * Reads a catalogue as CSV: a header line, then a product a line.
 *
 * Rows that cannot be used are told with their line and reason; the others are kept. A second row with the id of
 * an earlier one is left out, since which of them should win is not for us to say.
 */
export async function readCatalogue(csv: string): Promise<Catalogue> {
  const rows: ImportRow[] = [];
  const bad: BadRow[] = [];
  const lineOf = new Map<string, number>();
  let header: readonly string[] = [];
  const parser = parse({
    bom: true,
    info: true,
    trim: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    max_record_size: 10_000,
    columns: (names: string[]) => {
      header = names;
      return names;
    },
    on_skip: (error?: CsvError) => {
      bad.push({ line: Number(error?.lines ?? 0), column: '', reason: reasonOf(error) });
    },
  });
  let count = 0;
  try {
    for await (const parsed of Readable.from(slices(csv)).pipe(parser)) {
      const { info, record } = recordShape.parse(parsed);
      count += 1;
      if (count > maxCatalogueRows) return { fault: `There are more than ${maxCatalogueRows} rows.` };
      // A long file must not keep everybody else waiting.
      if (count % 500 === 0) await turn();
      readRow(record, info.lines, rows, bad, lineOf);
    }
  } catch (error) {
    return { fault: `This is not CSV: ${error instanceof Error ? error.message : String(error)}` };
  }
  const unknown = header.filter((name) => !columns.includes(name));
  const missing = needed.filter((name) => !header.includes(name));
  if (missing.length > 0) return { fault: `The header lacks ${missing.join(', ')}.` };
  if (unknown.length > 0) return { fault: `The header has ${unknown.join(', ')}, which no product has.` };
  return { fault: null, rows, bad };
}

function readRow(
  record: Readonly<Record<string, string>>,
  line: number,
  rows: ImportRow[],
  bad: BadRow[],
  lineOf: Map<string, number>,
): void {
  const read = rowShape.safeParse(record);
  if (!read.success) {
    for (const { path, message } of read.error.issues) {
      bad.push({ line, column: path.join('.'), reason: message });
    }
    return;
  }
  const { price, ...product } = read.data;
  const earlier = product.id === undefined ? undefined : lineOf.get(product.id);
  if (earlier !== undefined) {
    bad.push({ line, column: 'id', reason: `is the id of line ${earlier} as well` });
    return;
  }
  if (product.id !== undefined) lineOf.set(product.id, line);
  rows.push({ line, product: { ...product, price: { amount: price, currency } } });
}

function* slices(csv: string): Generator<string> {
  for (let at = 0; at < csv.length; at += 65_536) yield csv.slice(at, at + 65_536);
}

function toMinorUnits(amount: string): number {
  const [whole = '', cents = ''] = amount.split('.');
  return Number(whole) * 100 + Number(cents.padEnd(2, '0'));
}

function reasonOf(error: CsvError | undefined): string {
  switch (error?.code) {
    case 'CSV_RECORD_INCONSISTENT_COLUMNS':
    case 'CSV_RECORD_INCONSISTENT_FIELDS_LENGTH':
      return 'does not have as many columns as the header';
    case 'CSV_MAX_RECORD_SIZE':
      return 'is longer than 10,000 characters';
    default:
      return 'has quotes where they cannot stand';
  }
}
