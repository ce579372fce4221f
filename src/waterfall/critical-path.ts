import type { CallRecord } from '../call.ts';

/**
 * The calls that the answer had to wait for, one after the other, last one first.
 *
 * From the call that ended last back to its cause: of the calls that had ended when it began and stand in an earlier
 * wave, or are an earlier attempt at the same, the one that ended last.
 */
export function criticalPath(
  records: readonly CallRecord[],
  waves: ReadonlyMap<CallRecord, number>,
): readonly CallRecord[] {
  const path: CallRecord[] = [];
  let at = lastEnded(records);
  while (at !== null) {
    path.push(at);
    const effect: CallRecord = at;
    at = lastEnded(
      records.filter((cause) => cause.endedAt <= effect.queuedAt && mayCause(cause, effect, waves)),
    );
  }
  return path;
}

function mayCause(cause: CallRecord, effect: CallRecord, waves: ReadonlyMap<CallRecord, number>): boolean {
  if (cause === effect) return false;
  const isRetry = cause.demand !== null && cause.demand === effect.demand && cause.attempt < effect.attempt;
  return isRetry || (waves.get(cause) ?? 1) < (waves.get(effect) ?? 1);
}

function lastEnded(records: readonly CallRecord[]): CallRecord | null {
  let last: CallRecord | null = null;
  for (const record of records) if (last === null || record.endedAt > last.endedAt) last = record;
  return last;
}
