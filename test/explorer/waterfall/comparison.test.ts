import { describe, expect, it } from 'vitest';
import { compareRuns } from '../../../explorer/src/waterfall/comparison.ts';
import { aCall, aWaterfall } from '../waterfalls.ts';

describe('compareRuns', () => {
  it('tells the difference in time, calls and bytes, and where the calls went', () => {
    const stock = { backend: 'inventory', route: 'GET /stock?productIds' };
    const before = aWaterfall([aCall(), aCall({ ...stock, id: '2', bytes: 400 })], { totalMs: 200 });
    const now = aWaterfall([aCall(), aCall({ ...stock, id: '2', bytes: 0, source: 'cache' })], {
      totalMs: 150,
    });
    expect(compareRuns(now, before)).toMatchObject({
      totalMs: -50,
      made: -1,
      bytes: -400,
      changes: [{ ...stock, made: 0, madeBefore: 1 }],
    });
  });

  it('matches calls by endpoint, wave and order', () => {
    const before = aWaterfall([
      aCall({ id: 'x', startMs: 5, durationMs: 10 }),
      aCall({ id: 'y', startMs: 1, durationMs: 10 }),
      aCall({ id: 'z', wave: 2, startMs: 20, durationMs: 10 }),
    ]);
    const now = aWaterfall([
      aCall({ id: 'a', startMs: 2 }),
      aCall({ id: 'b', startMs: 3 }),
      aCall({ id: 'c', startMs: 4 }),
      aCall({ id: 'd', wave: 2, startMs: 104 }),
    ]);
    expect([...compareRuns(now, before).before]).toEqual([
      ['a', { startMs: 1, endMs: 11 }],
      ['b', { startMs: 5, endMs: 15 }],
      ['d', { startMs: 20, endMs: 30 }],
    ]);
  });
});
