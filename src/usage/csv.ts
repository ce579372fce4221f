import type { UsageRow } from './usage-rows.ts';
import type { Dimension } from './usage-store.ts';

/** Which columns there are beside the figures. */
export interface CsvColumns {
  /** Whether there is a row a span of time. */
  readonly withTime: boolean;
  readonly by: readonly Dimension[];
}

/** Usage as CSV (RFC 4180): a header, then a line a row. Figures are whole numbers, times in milliseconds. */
export function toCsv(rows: readonly UsageRow[], { withTime, by }: CsvColumns): string {
  const names = by.map((dimension) => dimension.toLowerCase() as Lowercase<Dimension>);
  const header = [
    ...(withTime ? ['at'] : []),
    ...names,
    'requests',
    'errors',
    'upstream_calls',
    'bytes',
    'total_ms',
    'p95_ms',
  ];
  const lines = rows.map((row) => [
    ...(withTime ? [row.at?.toISOString() ?? ''] : []),
    ...names.map((name) => row[name] ?? ''),
    row.requests,
    row.errors,
    row.upstreamCalls,
    row.bytes,
    row.totalMs,
    row.p95Ms ?? '',
  ]);
  return [header, ...lines].map((cells) => `${cells.map(toCell).join(',')}\r\n`).join('');
}

/** Text that a reader of CSV would take for something else is quoted. */
function toCell(value: string | number): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
