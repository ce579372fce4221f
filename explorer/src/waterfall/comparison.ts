import { endMs, isMade, type Waterfall, type WaterfallCall } from './waterfall.ts';

/** How a run differs from the one before it. Differences are this run's figure less the other's. */
export interface Comparison {
  readonly totalMs: number;
  readonly made: number;
  readonly bytes: number;
  /** Endpoints whose number of calls changed, or that are now spared. */
  readonly changes: readonly EndpointChange[];
  /** The matching call's place in time in the run before, by this run's call id. */
  readonly before: ReadonlyMap<string, { readonly startMs: number; readonly endMs: number }>;
}

export interface EndpointChange {
  readonly backend: string;
  readonly route: string;
  readonly made: number;
  readonly madeBefore: number;
}

/** Compares two runs. Calls match by backend, route and wave, in the order in which they started. */
export function compareRuns(run: Waterfall, previous: Waterfall): Comparison {
  const made = run.calls.filter(isMade);
  const madeBefore = previous.calls.filter(isMade);
  const sumOfBytes = (calls: readonly WaterfallCall[]) => calls.reduce((sum, call) => sum + call.bytes, 0);
  return {
    totalMs: run.totalMs - previous.totalMs,
    made: made.length - madeBefore.length,
    bytes: sumOfBytes(run.calls) - sumOfBytes(previous.calls),
    changes: endpointChanges(made, madeBefore),
    before: matches(run.calls, previous.calls),
  };
}

function endpointChanges(
  made: readonly WaterfallCall[],
  before: readonly WaterfallCall[],
): readonly EndpointChange[] {
  const endpoints = new Map([...before, ...made].map((call) => [endpointOf(call), call]));
  return [...endpoints].flatMap(([endpoint, { backend, route }]) => {
    const now = made.filter((call) => endpointOf(call) === endpoint).length;
    const then = before.filter((call) => endpointOf(call) === endpoint).length;
    return now === then ? [] : [{ backend, route, made: now, madeBefore: then }];
  });
}

function matches(
  calls: readonly WaterfallCall[],
  before: readonly WaterfallCall[],
): ReadonlyMap<string, { startMs: number; endMs: number }> {
  const waiting = new Map<string, WaterfallCall[]>();
  for (const call of inOrder(before)) {
    const place = `${endpointOf(call)} ${call.wave} ${call.attempt}`;
    waiting.set(place, [...(waiting.get(place) ?? []), call]);
  }
  return new Map(
    inOrder(calls).flatMap((call) => {
      const other = waiting.get(`${endpointOf(call)} ${call.wave} ${call.attempt}`)?.shift();
      return other ? [[call.id, { startMs: other.startMs, endMs: endMs(other) }]] : [];
    }),
  );
}

function inOrder(calls: readonly WaterfallCall[]): readonly WaterfallCall[] {
  return [...calls].sort((a, b) => a.startMs - b.startMs);
}

function endpointOf(call: WaterfallCall): string {
  return `${call.backend} ${call.route}`;
}
