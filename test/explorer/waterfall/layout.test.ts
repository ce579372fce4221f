import { describe, expect, it } from 'vitest';
import { createBackendColours, paletteSize } from '../../../explorer/src/waterfall/backend-colours.ts';
import { criticalLinks, layoutChart, ticksUpTo } from '../../../explorer/src/waterfall/layout.ts';
import type { WaterfallCall } from '../../../explorer/src/waterfall/waterfall.ts';
import { aCall, aWaterfall, largeWaterfall, orderPageWaterfall } from '../waterfalls.ts';

const layout = (calls: readonly WaterfallCall[], totalMs = 100) =>
  layoutChart(aWaterfall(calls, { totalMs }), createBackendColours());

describe('layoutChart', () => {
  it('groups calls by wave and keeps them in the order in which they started', () => {
    const chart = layoutChart(orderPageWaterfall(), createBackendColours());
    expect(chart.waves.map((wave) => wave.rows.map((row) => row.call.backend))).toEqual([
      ['users', 'orders', 'bookings'],
      ['flights', 'products', 'inventory', 'payments'],
    ]);
    expect(chart.waves[1]).toMatchObject({ wave: 2, startMs: 65.2 });
  });

  it('places bars to scale on a span that ends a little after the last of them', () => {
    const chart = layout([
      aCall({ startMs: 0, durationMs: 50 }),
      aCall({ id: '2', startMs: 50, durationMs: 50 }),
    ]);
    const [first, second] = chart.waves.flatMap((wave) => wave.rows);
    expect(chart.spanMs).toBeCloseTo(102);
    expect(first?.left).toBe(0);
    expect(second?.left).toBeCloseTo(first?.width ?? Number.NaN);
    expect((second?.left ?? 0) + (second?.width ?? 0)).toBeCloseTo(chart.endLeft);
  });

  it('holds a call that outlives the answer', () => {
    const chart = layout([aCall({ startMs: 0, durationMs: 400 })], 100);
    expect(chart.spanMs).toBeCloseTo(408);
    expect(chart.endLeft).toBeCloseTo((100 / 408) * 100);
  });

  it('keeps a call of no time wide enough to see', () => {
    const [row] = layout([aCall({ startMs: 10, durationMs: 0, source: 'cache' })]).waves[0]?.rows ?? [];
    expect(row?.width).toBeGreaterThan(0.3);
  });

  it('lays out nothing without a fault', () => {
    expect(layoutChart(aWaterfall([], { totalMs: 0 }), createBackendColours())).toMatchObject({ waves: [] });
  });

  it('marks errors, answers of 5xx and repeated attempts', () => {
    const rows = layout([
      aCall({ id: 'a', error: 'UPSTREAM_TIMEOUT', status: null }),
      aCall({ id: 'b', status: 502 }),
      aCall({ id: 'c', status: 404 }),
      aCall({ id: 'd', attempt: 2 }),
    ]).waves.flatMap((wave) => wave.rows);
    expect(rows.map((row) => [row.call.id, row.failed, row.retried])).toEqual([
      ['a', true, false],
      ['b', true, false],
      ['c', false, false],
      ['d', false, true],
    ]);
  });

  it('lays out 300 calls at once', () => {
    const chart = layoutChart(largeWaterfall(300), createBackendColours());
    expect(chart.waves.flatMap((wave) => wave.rows)).toHaveLength(300);
  });
});

describe('the parts of a bar', () => {
  const kindsOf = (changes: Partial<WaterfallCall>) => {
    const chart = layout([aCall({ startMs: 20, durationMs: 60, ...changes })]);
    const [row] = chart.waves[0]?.rows ?? [];
    return (row?.segments ?? []).map(({ kind, left, width }) => [
      kind,
      Math.round((left / 100) * chart.spanMs),
      Math.round((width / 100) * chart.spanMs),
    ]);
  };

  it('is one part where none are told', () => {
    expect(kindsOf({})).toEqual([['whole', 20, 60]]);
  });

  it('has the wait for a slot before the call where the rest fills its duration', () => {
    expect(kindsOf({ queueMs: 10, waitMs: 50, downloadMs: 10 })).toEqual([
      ['queue', 10, 10],
      ['wait', 20, 50],
      ['download', 70, 10],
    ]);
  });

  it('has it inside where the duration needs it', () => {
    expect(kindsOf({ queueMs: 10, waitMs: 40, downloadMs: 10 })).toEqual([
      ['queue', 20, 10],
      ['wait', 30, 40],
      ['download', 70, 10],
    ]);
  });

  it('does not let parts that add up to more than the whole run over', () => {
    expect(kindsOf({ waitMs: 500, downloadMs: 500 })).toEqual([['download', 20, 60]]);
  });
});

describe('ticksUpTo', () => {
  it.each([
    [231, 6, [0, 50, 100, 150, 200]],
    [1.2, 6, [0, 0.2, 0.4, 0.6, 0.8, 1, 1.2]],
    [5000, 6, [0, 1000, 2000, 3000, 4000, 5000]],
    [0.31, 3, [0, 0.2]],
  ])('marks %s ms with about %s round moments', (spanMs, wanted, expected) => {
    expect(ticksUpTo(spanMs, wanted)).toEqual(expected);
  });
});

describe('criticalLinks', () => {
  it('joins the end of each critical call to the start of the next', () => {
    const chart = layoutChart(orderPageWaterfall(), createBackendColours());
    const rows = chart.waves.flatMap((wave) => wave.rows);
    const [link, ...others] = criticalLinks(chart);
    expect(others).toEqual([]);
    expect([rows[link?.fromRow ?? 0]?.call.backend, rows[link?.toRow ?? 0]?.call.backend]).toEqual([
      'orders',
      'products',
    ]);
    expect(link?.width).toBeGreaterThan(0);
  });
});

describe('createBackendColours', () => {
  it('keeps a backend’s colour, and has one each for as many as the palette holds', () => {
    const colourOf = createBackendColours();
    const names = Array.from({ length: paletteSize }, (_, index) => `backend-${index}`);
    expect(new Set(names.map(colourOf)).size).toBe(paletteSize);
    expect(colourOf('backend-3')).toBe(3);
    expect(colourOf('one-too-many')).toBe(0);
  });
});
