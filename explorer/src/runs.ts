import { createObserved } from './observed.ts';
import type { SentRequest } from './waterfall/curl.ts';
import { type DecodedWaterfall, decodeWaterfall, type Waterfall } from './waterfall/waterfall.ts';

/** One execution of an operation, as far as it has come. */
export interface Run {
  /** Counts up within the page. */
  readonly id: number;
  readonly request: SentRequest;
  readonly state: 'running' | 'done' | 'stopped' | 'unreachable';
  /** Whether the request asked for the waterfall. */
  readonly traced: boolean;
  readonly status: number | null;
  /** From sending until the last answer, as this browser saw it; null while none came. */
  readonly clientMs: number | null;
  readonly waterfall: DecodedWaterfall;
}

/** The last run of a tab, and the waterfall before it to compare with. */
export interface TabRuns {
  readonly last: Run;
  readonly previous: Waterfall | null;
}

/** Tells of one run as it goes on. */
export interface RunReporter {
  /** An answer arrived: the only one, or one of a stream. */
  answered(status: number, result: unknown): void;
  ended(state: 'done' | 'stopped' | 'unreachable'): void;
}

export interface Runs {
  /** The runs of a tab, or null where none was made since the page was loaded. */
  of(tabId: string): TabRuns | null;
  subscribe(listener: () => void): () => void;
  /** Says which tab the next run belongs to. */
  setActiveTab(tabId: string): void;
  begin(request: SentRequest, traced: boolean): RunReporter;
}

/** Keeps the last run of each tab, for the Waterfall panel. */
export function createRuns(now: () => number = () => performance.now()): Runs {
  const byTab = createObserved<ReadonlyMap<string, TabRuns>>(new Map());
  let activeTab = '';
  let count = 0;

  return {
    of: (tabId) => byTab.get().get(tabId) ?? null,
    subscribe: byTab.subscribe,
    setActiveTab(tabId) {
      activeTab = tabId;
    },
    begin(request, traced) {
      const tabId = activeTab;
      const startedAt = now();
      const before = byTab.get().get(tabId);
      const previous =
        before?.last.waterfall.kind === 'waterfall'
          ? before.last.waterfall.waterfall
          : (before?.previous ?? null);
      let run: Run = {
        id: ++count,
        request,
        state: 'running',
        traced,
        status: null,
        clientMs: null,
        waterfall: { kind: 'absent' },
      };
      const show = (changes: Partial<Run>) => {
        run = { ...run, ...changes };
        // A run that was overtaken by the next one of its tab has nothing more to say.
        const shown = byTab.get().get(tabId)?.last.id ?? 0;
        if (shown <= run.id) byTab.set(new Map(byTab.get()).set(tabId, { last: run, previous }));
      };
      show({});
      return {
        answered(status, result) {
          const waterfall = decodeWaterfall(waterfallOf(result));
          show({
            status,
            clientMs: now() - startedAt,
            // A stream's later parts may come without one; the last that was told stands.
            ...(waterfall.kind !== 'absent' && { waterfall }),
          });
        },
        ended: (state) => show({ state }),
      };
    },
  };
}

function waterfallOf(result: unknown): unknown {
  if (typeof result !== 'object' || result === null || !('extensions' in result)) return undefined;
  const { extensions } = result;
  if (typeof extensions !== 'object' || extensions === null || !('waterfall' in extensions)) return undefined;
  return extensions.waterfall;
}
