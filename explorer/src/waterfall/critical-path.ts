import { endMs, type Waterfall, type WaterfallCall } from './waterfall.ts';

/** Clocks are read in several places: two moments this close count as one. In milliseconds. */
const sameMomentMs = 1;

/**
 * The ids of the calls that the answer waited for, one after the other.
 *
 * What the gateway marks is taken as it stands. Where it marks nothing, the path is walked back from the call
 * that ended last: before each call stands the last one of an earlier wave that had ended when it was sent.
 */
export function criticalCalls({ calls }: Waterfall): ReadonlySet<string> {
  if (calls.some((call) => call.critical !== null)) {
    return new Set(calls.filter((call) => call.critical === true).map((call) => call.id));
  }
  const path = new Set<string>();
  let call = lastOf(calls);
  while (call) {
    path.add(call.id);
    const { wave, startMs, attempt, route } = call;
    call = lastOf(
      calls.filter(
        (earlier) =>
          !path.has(earlier.id) &&
          endMs(earlier) <= startMs + sameMomentMs &&
          (earlier.wave < wave || (earlier.route === route && earlier.attempt < attempt)),
      ),
    );
  }
  return path;
}

/** The critical calls in the order in which they ran. */
export function criticalChain(waterfall: Waterfall): readonly WaterfallCall[] {
  const critical = criticalCalls(waterfall);
  return waterfall.calls
    .filter((call) => critical.has(call.id))
    .sort((a, b) => a.startMs - b.startMs || endMs(a) - endMs(b));
}

function lastOf(calls: readonly WaterfallCall[]): WaterfallCall | undefined {
  return calls.reduce<WaterfallCall | undefined>(
    (last, call) => (last && endMs(last) >= endMs(call) ? last : call),
    undefined,
  );
}
