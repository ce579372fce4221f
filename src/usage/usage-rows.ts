import { percentileOf } from './latency.ts';
import type { Sum } from './usage-store.ts';

/** What was used, in whole numbers: a row a combination of what was asked for. */
export interface UsageRow {
  /** When its span of time began, or null where all is one. */
  readonly at: Date | null;
  /** Null where it was not asked for, or where there was none. */
  readonly client: string | null;
  readonly operation: string | null;
  readonly backend: string | null;
  readonly route: string | null;
  readonly requests: number;
  readonly errors: number;
  readonly upstreamCalls: number;
  readonly bytes: number;
  readonly totalMs: number;
  readonly p95Ms: number | null;
}

/** Rows of sums. Shares of calls become whole calls in such a way that the rows still add up to what there was. */
export function toUsageRows(sums: readonly Sum[]): UsageRow[] {
  const errors = toWhole(sums.map((sum) => sum.errors));
  const calls = toWhole(sums.map((sum) => sum.calls));
  const bytes = toWhole(sums.map((sum) => sum.bytes));
  return sums.map(({ at, client, operation, backend, route, requests, totalMs, latency }, index) => ({
    at,
    client: client || null,
    operation: operation || null,
    backend: backend || null,
    route: route || null,
    requests,
    errors: errors[index] ?? 0,
    upstreamCalls: calls[index] ?? 0,
    bytes: bytes[index] ?? 0,
    totalMs: toHundredth(totalMs),
    p95Ms: mapNull(percentileOf(latency, 0.95), toHundredth),
  }));
}

/** Whole numbers with the (rounded) sum of these: what is missing goes to those that lost most by rounding down. */
export function toWhole(values: readonly number[]): number[] {
  // Thirds of a call do not add up to a whole one without a little noise.
  const exact = values.map((value) => Math.round(value * 1e6) / 1e6);
  const whole = exact.map(Math.floor);
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
  const missing = Math.round(sum(exact)) - sum(whole);
  const byLoss = exact
    .map((value, index) => ({ index, loss: value - Math.floor(value) }))
    .toSorted((one, other) => other.loss - one.loss || one.index - other.index);
  for (const { index } of byLoss.slice(0, missing)) whole[index] = (whole[index] ?? 0) + 1;
  return whole;
}

const toHundredth = (value: number): number => Math.round(value * 100) / 100;

const mapNull = <T, U>(value: T | null, map: (value: T) => U): U | null =>
  value === null ? null : map(value);
