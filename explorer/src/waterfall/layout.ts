import type { ColourOf } from './backend-colours.ts';
import { criticalCalls } from './critical-path.ts';
import { endMs, isFailed, type Waterfall, type WaterfallCall } from './waterfall.ts';

/** A stretch of the chart, in per cent of its width. */
export interface Stretch {
  readonly left: number;
  readonly width: number;
}

/** Part of a bar: waited for a slot, waited for the first byte, read the rest; `whole` where it was not told. */
export interface Segment extends Stretch {
  readonly kind: 'queue' | 'wait' | 'download' | 'whole';
}

export interface ChartRow extends Stretch {
  readonly call: WaterfallCall;
  /** The backend's place in the palette. */
  readonly colour: number;
  readonly critical: boolean;
  readonly failed: boolean;
  readonly retried: boolean;
  readonly segments: readonly Segment[];
}

export interface ChartWave {
  readonly wave: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly rows: readonly ChartRow[];
}

export interface Tick {
  readonly ms: number;
  readonly left: number;
}

/** A line from the end of one critical call to the start of the next, between rows counted from the top. */
export interface CriticalLink extends Stretch {
  readonly fromRow: number;
  readonly toRow: number;
}

export interface Chart {
  /** What the full width stands for. */
  readonly spanMs: number;
  readonly waves: readonly ChartWave[];
  readonly ticks: readonly Tick[];
  /** Where the answer was complete. */
  readonly endLeft: number;
}

/** Room to the right of the last bar. A share of the span. */
const headroom = 0.02;
/** A bar is drawn at least this wide, in per cent, or it could not be seen. */
const minWidth = 0.35;

/**
 * Places the calls of a waterfall on a chart: grouped by wave, in the order in which they started, on one ruler.
 *
 * `ticks` asks for about so many marks on the ruler.
 */
export function layoutChart(waterfall: Waterfall, colourOf: ColourOf, ticks = 6): Chart {
  const lastMs = Math.max(waterfall.totalMs, ...waterfall.calls.map(endMs), 0.1);
  const spanMs = lastMs * (1 + headroom);
  const critical = criticalCalls(waterfall);
  const percent = (ms: number) => (ms / spanMs) * 100;

  const toRow = (call: WaterfallCall): ChartRow => {
    const segments = segmentsOf(call).map(({ kind, fromMs, toMs }) => ({
      kind,
      left: percent(fromMs),
      width: percent(toMs - fromMs),
    }));
    const left = segments[0]?.left ?? percent(call.startMs);
    const right = Math.max(percent(endMs(call)), left + minWidth);
    return {
      call,
      colour: colourOf(call.backend),
      critical: critical.has(call.id),
      failed: isFailed(call),
      retried: call.attempt > 1,
      left,
      width: right - left,
      segments,
    };
  };

  const waves = [...new Set(waterfall.calls.map((call) => call.wave))]
    .sort((a, b) => a - b)
    .map((wave): ChartWave => {
      const calls = waterfall.calls
        .filter((call) => call.wave === wave)
        .sort((a, b) => a.startMs - b.startMs || a.backend.localeCompare(b.backend) || endMs(a) - endMs(b));
      return {
        wave,
        startMs: Math.min(...calls.map((call) => call.startMs)),
        endMs: Math.max(...calls.map(endMs)),
        rows: calls.map(toRow),
      };
    });

  return {
    spanMs,
    waves,
    ticks: ticksUpTo(spanMs, ticks).map((ms) => ({ ms, left: percent(ms) })),
    endLeft: percent(waterfall.totalMs),
  };
}

/** Round moments from 0 up to `spanMs`, about `wanted` of them, apart by 1, 2 or 5 times a power of ten. */
export function ticksUpTo(spanMs: number, wanted: number): readonly number[] {
  const rough = spanMs / Math.max(1, wanted);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10);
  // 1.2 / 0.2 is a little less than 6.
  const count = Math.floor(spanMs / step + 1e-9);
  // Multiplied rather than added up, and rounded, so that 0.1 + 0.2 is not told to anyone.
  return Array.from({ length: count + 1 }, (_, index) => Number((index * step).toPrecision(12)));
}

/** The links of the critical path, for rows drawn in the order of the chart. */
export function criticalLinks({ waves }: Chart): readonly CriticalLink[] {
  const rows = waves.flatMap((wave) => wave.rows);
  const chain = rows
    .map((row, index) => ({ row, index }))
    .filter(({ row }) => row.critical)
    .sort((a, b) => a.row.left - b.row.left);
  return chain.slice(1).flatMap((next, index) => {
    const previous = chain[index];
    if (!previous) return [];
    const from = previous.row.left + previous.row.width;
    return [
      {
        fromRow: previous.index,
        toRow: next.index,
        left: Math.min(from, next.row.left),
        width: Math.abs(next.row.left - from),
      },
    ];
  });
}

interface Part {
  readonly kind: Segment['kind'];
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * Cuts a call into what it waited for. The wait for a slot stands before `startMs` where the other two parts
 * fill the duration by themselves, and inside of it where all three are needed to fill it.
 */
function segmentsOf(call: WaterfallCall): readonly Part[] {
  const { startMs, durationMs, queueMs, waitMs, downloadMs } = call;
  const whole: Part = { kind: 'whole', fromMs: startMs, toMs: endMs(call) };
  if (waitMs === null && downloadMs === null && queueMs === null) return [whole];
  const queue = queueMs ?? 0;
  const download = Math.min(downloadMs ?? 0, durationMs);
  const queueInside = queue > 0 && (waitMs ?? 0) + download + queue <= durationMs * 1.02 + 0.5;
  const sentAt = queueInside ? startMs + queue : startMs;
  const parts: readonly Part[] = [
    { kind: 'queue', fromMs: Math.max(0, sentAt - queue), toMs: sentAt },
    {
      kind: waitMs === null && downloadMs === null ? 'whole' : 'wait',
      fromMs: sentAt,
      toMs: endMs(call) - download,
    },
    { kind: 'download', fromMs: endMs(call) - download, toMs: endMs(call) },
  ];
  const visible = parts.filter((part) => part.toMs > part.fromMs);
  return visible.length > 0 ? visible : [whole];
}
