import type { AnswerHeaders } from './exchange.ts';

/** How long a backend asks us to wait, in milliseconds, or null. Both forms of RFC 9110: seconds, or a date. */
export function retryAfterMs(headers: AnswerHeaders, nowEpochMs: number): number | null {
  const value = headers['retry-after'];
  if (typeof value !== 'string') return null;
  if (/^\s*\d{1,9}\s*$/.test(value)) return Number(value) * 1000;
  const at = Date.parse(value);
  return Number.isNaN(at) ? null : Math.max(0, at - nowEpochMs);
}
