import { lostCalls } from './attempts.ts';
import { counted, inMs } from './units.ts';
import { endMs, isMade, type Waterfall, type WaterfallCall } from './waterfall.ts';

export type AdviceKind = 'not-batched' | 'late' | 'queued' | 'retried' | 'failed';

/** Something worth a look, in words, with the calls it speaks of. */
export interface Advice {
  readonly kind: AdviceKind;
  readonly title: string;
  readonly detail: string;
  readonly callIds: readonly string[];
}

/** A wait is worth a word from here on: this long, and this share of the whole operation. */
const noticeableMs = 4;
const noticeableShare = 0.05;

/**
 * What could be better about an operation's calls, the costliest kind first. Empty when there is nothing to say.
 */
export function adviseOn(waterfall: Waterfall): readonly Advice[] {
  const calls = waterfall.calls.filter(isMade);
  const noticeable = Math.max(noticeableMs, waterfall.totalMs * noticeableShare);
  return [
    ...failures(lostCalls(waterfall.calls)),
    ...retries(calls),
    ...unbatched(calls),
    ...lateStarts(calls, noticeable),
    ...queues(calls, noticeable),
  ];
}

function failures(calls: readonly WaterfallCall[]): readonly Advice[] {
  return groups(calls, (call) => `${call.backend} ${call.error ?? call.status}`).map((group) => {
    const [first] = group;
    return {
      kind: 'failed',
      title: `${first.backend} failed: ${first.error ?? `HTTP ${first.status}`}`,
      detail: `${counted(group.length, 'call')} of ${first.route} gave nothing to use. What else was asked for is in the answer all the same.`,
      callIds: ids(group),
    };
  });
}

function retries(calls: readonly WaterfallCall[]): readonly Advice[] {
  return groups(
    calls.filter((call) => call.attempt > 1),
    (call) => `${call.backend} ${call.route}`,
  ).map((group) => {
    const [first] = group;
    const again = Math.max(...group.map((call) => call.attempt));
    return {
      kind: 'retried',
      title: `${first.backend} was asked again`,
      detail: `${first.route} needed up to ${again} attempts. The attempts before cost the time to the left of the hatched bars.`,
      callIds: ids(group),
    };
  });
}

/** Several calls of one endpoint in one wave that carried a key each: the N+1 that a bulk read would be one call. */
function unbatched(calls: readonly WaterfallCall[]): readonly Advice[] {
  const single = calls.filter((call) => call.method === 'GET' && call.batchSize <= 1 && call.attempt === 1);
  return groups(single, (call) => `${call.wave} ${call.backend} ${call.route}`)
    .filter((group) => group.length > 1)
    .map((group) => {
      const [first] = group;
      return {
        kind: 'not-batched',
        title: `${counted(group.length, 'call')} of ${first.route}, one key each`,
        detail: `They ran side by side in wave ${first.wave}. If ${first.backend} can answer many keys at once, give the endpoint a bulk read and they become one call.`,
        callIds: ids(group),
      };
    });
}

/** Calls that left noticeably later than what they needed had arrived. */
function lateStarts(calls: readonly WaterfallCall[], noticeable: number): readonly Advice[] {
  const late = calls.flatMap((call) => {
    if (call.attempt > 1) return [];
    const needed = latestNeed(call, calls);
    const readyMs = needed ? endMs(needed) : 0;
    const idleMs = call.startMs - readyMs - (call.queueMs ?? 0);
    return idleMs >= noticeable ? [{ call, needed, idleMs }] : [];
  });
  return groups(late, ({ call }) => `${call.wave} ${call.backend} ${call.route}`).map((group) => {
    const [first] = group;
    const idleMs = Math.max(...group.map((entry) => entry.idleMs));
    const after = first.needed ? `after ${first.needed.backend} had answered` : 'after the operation began';
    return {
      kind: 'late',
      title: `${first.call.backend} could start ${inMs(idleMs)} earlier`,
      detail: `${first.call.route} left ${inMs(idleMs)} ${after}. Either the gateway was busy, or the batch waited for a sibling that came late.`,
      callIds: ids(group.map((entry) => entry.call)),
    };
  });
}

function queues(calls: readonly WaterfallCall[], noticeable: number): readonly Advice[] {
  const waiting = calls.filter((call) => (call.queueMs ?? 0) >= noticeable);
  return groups(waiting, (call) => call.backend).map((group) => {
    const [first] = group;
    const longestMs = Math.max(...group.map((call) => call.queueMs ?? 0));
    return {
      kind: 'queued',
      title: `${first.backend} had no slot free`,
      detail: `${counted(group.length, 'call')} waited up to ${inMs(longestMs)} in the gateway's queue. The backend's concurrency allows fewer calls at once than were wanted.`,
      callIds: ids(group),
    };
  });
}

/**
 * The call that a call had to wait for: of the calls of earlier waves whose fields enclose its own, the one that
 * ended last. Where no field encloses it, the last call of any earlier wave; none in the first wave.
 */
function latestNeed(call: WaterfallCall, calls: readonly WaterfallCall[]): WaterfallCall | undefined {
  const earlier = calls.filter((other) => other.wave < call.wave && endMs(other) <= call.startMs + 1);
  const enclosing = earlier.filter((other) =>
    call.paths.some((path) => other.paths.some((above) => path.startsWith(`${above}.`))),
  );
  const candidates = enclosing.length > 0 ? enclosing : earlier;
  return candidates.reduce<WaterfallCall | undefined>(
    (last, other) => (last && endMs(last) >= endMs(other) ? last : other),
    undefined,
  );
}

type NonEmpty<T> = readonly [T, ...T[]];

/** Sorts into groups by a key, in the order in which the keys turn up. */
function groups<T>(items: readonly T[], keyOf: (item: T) => string): readonly NonEmpty<T>[] {
  const byKey = new Map<string, [T, ...T[]]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = byKey.get(key);
    if (group) group.push(item);
    else byKey.set(key, [item]);
  }
  return [...byKey.values()];
}

function ids(calls: readonly WaterfallCall[]): readonly string[] {
  return calls.map((call) => call.id);
}
