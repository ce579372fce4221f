/** One measured figure, and what has to hold of it. */
export interface Figure {
  readonly what: string;
  readonly measured: string;
  /** In words; empty where it is only told. */
  readonly bound: string;
  readonly holds: boolean;
}

/** A figure that must be at most, or at least, a number. */
export function figure(
  what: string,
  value: number,
  {
    atMost,
    atLeast,
    unit = '',
    digits = 0,
  }: {
    readonly atMost?: number;
    readonly atLeast?: number;
    readonly unit?: string;
    readonly digits?: number;
  } = {},
): Figure {
  const show = (number: number): string => `${number.toFixed(digits)}${unit && ` ${unit}`}`;
  const bound =
    atMost !== undefined
      ? `at most ${show(atMost)}`
      : atLeast !== undefined
        ? `at least ${show(atLeast)}`
        : '';
  const holds =
    value <= (atMost ?? Number.POSITIVE_INFINITY) && value >= (atLeast ?? Number.NEGATIVE_INFINITY);
  return { what, measured: show(value), bound, holds };
}

/** Something that is only told. */
export const note = (what: string, measured: string): Figure => ({ what, measured, bound: '', holds: true });

/** The figures of one kind of weather, a line each. */
export function toTable(title: string, figures: readonly Figure[]): string {
  const rows = figures.map(({ what, measured, bound, holds }) => [
    bound === '' ? '' : holds ? 'holds' : 'FAILS',
    what,
    measured,
    bound,
  ]);
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  const lines = rows.map((row) =>
    `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd(),
  );
  return `${title}\n${lines.join('\n')}\n`;
}
