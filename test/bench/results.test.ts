import { describe, expect, it } from 'vitest';
import { median, paired, quantile } from '../../bench/measure/statistics.ts';
import { toChart } from '../../bench/report/chart.ts';
import { type Results, toLatencyResult, toMemory, toWorkloadResult } from '../../bench/report/results.ts';
import { toTable } from '../../bench/report/table.ts';
import { workloads } from '../../bench/workloads.ts';

const [, , page] = workloads;
if (!page) throw new Error('there is no third workload');

const calls = new Map([
  ['limit', 3],
  ['control', 3],
  ['weir', 3],
]);
const measured = (control: readonly number[]) =>
  toWorkloadResult(page, {
    cpu: new Map([
      ['limit', [100, 200, 400]],
      ['control', control],
      ['weir', [130, 240, 600]],
    ]),
    calls,
  });

const results: Results = {
  at: '2026-11-21T00:00:00.000Z',
  machine: 'a machine',
  rounds: 3,
  generations: 1,
  pinned: true,
  contestants: {
    limit: { title: 'L', apart: false },
    control: { title: 'L again', apart: false },
    weir: { title: 'Weir', apart: false },
    'weir-shared': { title: 'Weir & cache', apart: true },
  },
  workloads: { W2: measured([101, 199, 402]) },
  latency: toLatencyResult(
    20,
    1,
    new Map([
      ['limit', [41, 42]],
      ['weir', [42, 43]],
    ]),
  ),
  memory: toMemory(
    new Map([
      ['limit', [100 * 1024 ** 2]],
      ['weir', [110 * 1024 ** 2]],
    ]),
  ),
};

describe('what the samples say', () => {
  it('takes the middle of the ratios, not the ratio of the middles', () => {
    expect(measured([100, 200, 400]).standings.weir?.ratio.median).toBe(1.3);
    expect(median([240]) / median([200])).toBe(1.2);
  });

  it('compares each round with L in the same round', () => {
    expect(paired([2, 9], [1, 3])).toEqual([2, 3]);
    expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5);
    expect(quantile([1, 2, 3, 4, 5], 0.25)).toBe(2);
  });

  it.each([
    [[93, 186, 372], false],
    [[92, 184, 368], true],
    [[107, 214, 428], false],
    [[108, 216, 432], true],
  ])('is void where the control is too far from L: %j', (control, isVoid) => {
    expect(measured(control).void !== null).toBe(isVoid);
  });

  it('is void without a control', () => {
    const { void: why } = toWorkloadResult(page, {
      cpu: new Map([
        ['limit', [1]],
        ['weir', [1]],
      ]),
      calls,
    });
    expect(why).not.toBeNull();
  });
});

describe('how it is told', () => {
  it('puts the targets beside what was measured', () => {
    const table = toTable(results);
    expect(table).toMatch(/Weir +1\.30 \(1\.25-1\.40\)/);
    expect(table).toMatch(/target +1\.25/);
    expect(table).toMatch(/Weir +42\.5 ms +\+1\.0 +target \+1\.0/);
    expect(table).toMatch(/Weir +110 MB +1\.10 +target 1\.15/);
    expect(table).not.toContain('VOID');
    expect(toTable({ ...results, workloads: { W2: measured([150, 300, 600]) } })).toContain('W2 IS VOID');
  });

  it('draws those who do the same work, for light and dark', () => {
    const chart = toChart(results);
    expect(chart).toContain('prefers-color-scheme: dark');
    expect(chart).toContain('>Weir<');
    expect(chart).toContain('>1.30<');
    expect(chart).not.toContain('cache');
  });
});
